/** Long straight code: cut into blocks of which equal ones stand once, with the bits of the function itself. */

import { describe, expect, it } from "vitest";
import {
  add,
  at,
  cast,
  compile,
  cond,
  cos,
  div,
  exp,
  greater,
  log,
  matmul,
  mul,
  scan,
  sin,
  sqrt,
  stack,
  sub,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  variable,
  where,
  type Compiled,
  type Tensor,
} from "../../src/index.ts";
import { random } from "../ops/sampling.ts";
import { expectBits } from "./bits.ts";

type Scalar = Tensor<[]>;
type Work = (xs: readonly Scalar[]) => Scalar;

const numbers = (count: number, dtype: "float64" | "float32" = "float64"): Scalar[] =>
  Array.from({ length: count }, (_, k) => cast(tensor(0.3 + ((7 * k) % count) / count), dtype) as Scalar);

const withGradient =
  (f: Work) =>
  (xs: readonly Scalar[]): Tensor[] => {
    const { value, gradient } = valueAndGrad((all: readonly Scalar[]) => f(all))(xs);
    return [value, ...(gradient as readonly Tensor[])];
  };

/** Springs and repulsion between points of the plane. */
const energy =
  (points: number): Work =>
  (p) => {
    let total: Scalar = mul(p[0]!, 0);
    for (let i = 0; i < points; i++)
      for (let j = i + 1; j < points; j++) {
        const [dx, dy] = [sub(p[2 * i]!, p[2 * j]!), sub(p[2 * i + 1]!, p[2 * j + 1]!)];
        const square = add(mul(dx, dx), mul(dy, dy)) as Scalar;
        const term = j === i + 1 ? sub(sqrt(add(square, 0.01)), 1) : div(1, add(square, 0.1));
        total = add(total, term) as Scalar;
      }
    return total;
  };

const chain =
  (length: number, step: (y: Scalar, k: number) => Tensor): Work =>
  ([x]) => {
    let y = x!;
    for (let k = 0; k < length; k++) y = step(y, k) as Scalar;
    return y;
  };

/** Operations of which no two are alike in a row. */
const drawn =
  (length: number): Work =>
  (xs) => {
    const next = random(3);
    const values = [...xs];
    const any = (): Scalar => values[Math.max(0, values.length - 1 - Math.floor(30 * next()))]!;
    const ops: ((a: Scalar, b: Scalar) => Tensor)[] = [
      (a, b) => mul(add(a, b), 0.5),
      (a, b) => mul(a, b),
      (a, b) => sub(a, b),
      (a, b) => div(a, add(mul(b, b), 1)),
      (a) => sin(a),
      (a) => sqrt(add(mul(a, a), 1)),
      (a) => tanh(a),
      (a, b) => where(greater(a, b), a, cos(b)),
      (a) => log(add(exp(a), 1)),
    ];
    for (let k = 0; k < length; k++) values.push(ops[Math.floor(next() * ops.length)]!(any(), any()) as Scalar);
    return values.slice(-9).reduce((a, b) => add(a, b) as Scalar);
  };

const works: Readonly<Record<string, Work>> = {
  "pairs of points": energy(16),
  "a chain of sines": chain(300, (y) => sin(y)),
  "a chain of two by turns": chain(1500, (y, k) => (k % 2 === 0 ? mul(y, 0.999) : add(y, 0.001))),
  "a chain with numbers of its own": chain(1400, (y, k) => add(mul(y, 1 - k / 1e4), k / 1e5)),
  "one of a kind": drawn(1500),
  "a choice in each turn": chain(500, (y) => where(greater(y, 0.5), mul(y, 0.75), add(y, 0.125))),
  "what each turn leaves is read much later": (xs) => {
    const x = (k: number): Scalar => xs[k % xs.length]!;
    const left = Array.from({ length: 900 }, (_, k) => mul(sub(x(k), 0.25), x(k + 1)) as Scalar);
    return left.reduceRight((a, b) => sub(mul(a, 0.5), b) as Scalar);
  },
};

describe("long straight code", () => {
  for (const [name, f] of Object.entries(works))
    for (const dtype of ["float64", "float32"] as const) {
      it(`has the bits of the function itself in ${dtype}: ${name}`, () => {
        const g = withGradient(f);
        const program = compile(g, { threads: 1 });
        const others = numbers(32, dtype).map((x) => sub(x, 0.2) as Scalar);
        for (const xs of [numbers(32, dtype), others]) expectBits(name, program(xs), g(xs));
        expect(program.explain().kernels.length).toBeGreaterThan(1);
      });
    }

  const codeOf = (f: Work): number => {
    const program = compile(withGradient(f), { threads: 1 });
    program(numbers(64));
    return program.explain().codeBytes;
  };

  it("that repeats itself takes little more code where it is longer", () => {
    expect(codeOf(chain(4000, (y) => sin(y)))).toBeLessThan(1.2 * codeOf(chain(2000, (y) => sin(y))));
    // Each turn has numbers of its own, which lie in the table.
    const own = (length: number): Work => chain(length, (y, k) => add(mul(y, 1 - k / 1e4), k / 1e5));
    expect(codeOf(own(4000))).toBeLessThan(1.2 * codeOf(own(2000)));
    // Four times as many pairs.
    expect(codeOf(energy(32))).toBeLessThan(2 * codeOf(energy(16)));
  });

  it("calls formulas that it has written often enough", () => {
    const growth = (length: number): number => codeOf(drawn(2 * length)) - codeOf(drawn(length));
    const sinesEach = (codeOf(chain(20, (y, k) => sin(mul(y, k)))) - codeOf(chain(10, (y, k) => sin(mul(y, k))))) / 10;
    expect(growth(1500) / 1500).toBeLessThan(sinesEach / 4);
  });
});

describe("straight code among other things", () => {
  type AnyFunction = (...xs: never[]) => unknown;
  const check = (name: string, program: Compiled<never, unknown>, f: AnyFunction, ...given: unknown[]): void => {
    const run = program as unknown as (...xs: unknown[]) => Tensor;
    expectBits(name, [run(...given)], [(f as unknown as (...xs: unknown[]) => Tensor)(...given)]);
    expectBits(`${name}, again`, [run(...given)], [(f as unknown as (...xs: unknown[]) => Tensor)(...given)]);
  };

  it("before, between and behind products and sums, of entries of a tensor", () => {
    const f = (x: Tensor): Tensor => {
      let y = sum(x) as Scalar;
      for (let k = 0; k < 700; k++) y = add(mul(y, at(x, k % 4)), 0.25) as Scalar;
      const x0 = at(x, 0) as Scalar;
      const m = matmul(
        stack([stack([y, x0]), stack([x0, y])]) as Tensor<[2, 2]>,
        tensor([
          [1, 2],
          [3, 4],
        ]),
      );
      let z = sum(m) as Scalar;
      for (let k = 0; k < 700; k++) z = sub(mul(z, 0.5), sin(y)) as Scalar;
      return add(z, sum(mul(x, z)));
    };
    check("tensor", compile(f, { threads: 1 }) as never, f as never, tensor([0.1, 0.2, 0.3, 0.4]));
  });

  it("in the body of a loop, in both branches of a condition", () => {
    const long = chain(900, (y, k) => add(mul(y, 0.99), k % 3));
    const f = (x: Scalar): Tensor => {
      const step = (c: Tensor): readonly [Tensor, null] => [long([c as Scalar]), null];
      const { carry } = scan(step, x as Tensor, null, { length: 3 });
      const other = chain(900, (y) => sin(y));
      return cond(
        greater(carry, 1),
        () => long([mul(carry, 0.5) as Scalar]),
        () => other([carry as Scalar]),
      ) as Tensor;
    };
    check("loop", compile(f, { threads: 1 }) as never, f as never, tensor(0.5));
  });

  it("of whole numbers, where one is refused, leaves variables as they are", () => {
    const total = variable(tensor(0));
    const f = compile(
      (x: Scalar) => {
        let y = x;
        for (let k = 0; k < 1300; k++) y = add(mul(y, 0.5), 1) as Scalar;
        const whole = cast(mul(y, 1e9), "int32");
        total.assign(add(total.read(), y) as Scalar);
        return whole;
      },
      { threads: 1 },
    );
    expect(() => f(tensor(1))).not.toThrow();
    const before = total.read().item();
    expect(() => f(tensor(Infinity))).toThrow(/int32/);
    expect(total.read().item()).toBe(before);
  });
});
