/** What is known to be 0 in a stack is not computed, and every bit is the engine's, whatever the point. */

import { describe, expect, it } from "vitest";
import {
  compile,
  concat,
  exp,
  grad,
  hessian,
  jacobian,
  mul,
  neg,
  pad,
  relu,
  slice,
  sub,
  sum,
  tanh,
  tensor,
  type Tensor,
} from "../../src/index.ts";
import { differenceOf } from "./bits.ts";

const SIZE = 40;

const points = (shape: readonly number[]): Tensor[] => {
  const count = shape.reduce((product, size) => product * size, 1);
  const special = [0, -0, NaN, Infinity, -Infinity, 1e300, 5e-324];
  const plain = Array.from({ length: count }, (_, k) => Math.sin(3 * k + 1) * 1.5);
  return [
    tensor(plain, { shape }) as Tensor,
    tensor(
      plain.map((x, k) => (k % 4 === 1 ? special[Math.floor(k / 4) % special.length]! : x)),
      { shape },
    ) as Tensor,
    tensor(
      plain.map((_, k) => special[k % special.length]!),
      { shape },
    ) as Tensor,
    tensor(plain, { shape, dtype: "float32" }) as Tensor,
  ];
};

const ahead = (x: Tensor, by = 1): Tensor => slice(x, [by]);
const behind = (x: Tensor, by = 1): Tensor => slice(x, [0], [-by]);

const rosenbrock = (x: Tensor): Tensor<[]> => {
  const bend = ahead(x).sub(behind(x).mul(behind(x)));
  const rest = sub(1, behind(x));
  return bend.mul(bend).mul(100).add(rest.mul(rest)).sum() as Tensor<[]>;
};

interface Case {
  readonly name: string;
  readonly f: (x: Tensor) => Tensor;
  /** Whether something is left out. */
  readonly narrowBySparsity: boolean;
  readonly shape?: readonly number[];
}

const cases: readonly Case[] = [
  { name: "second derivatives of neighbors", f: hessian(rosenbrock), narrowBySparsity: true },
  {
    name: "and of neighbors further off",
    f: hessian((x: Tensor) => sum(tanh(ahead(x, 3)).mul(exp(behind(x, 3))))),
    narrowBySparsity: true,
  },
  {
    name: "and of each entry alone, where a slope has the sign of it",
    f: hessian((x: Tensor) => sum(mul(mul(x, x), exp(x)))),
    narrowBySparsity: true,
  },
  {
    name: "columns of the Jacobian of a stencil",
    f: jacobian(
      (x: Tensor) =>
        ahead(x, 2)
          .mul(behind(x, 2))
          .add(exp(behind(ahead(x)))),
      { mode: "forward" },
    ),
    narrowBySparsity: true,
  },
  {
    name: "its rows",
    f: jacobian(
      (x: Tensor) =>
        ahead(x, 2)
          .mul(behind(x, 2))
          .add(exp(behind(ahead(x)))),
      { mode: "reverse" },
    ),
    narrowBySparsity: true,
  },
  {
    name: "steps of a stencil",
    f: jacobian(
      (x: Tensor) => {
        let v = x;
        for (let k = 0; k < 2; k++)
          v = v.add(
            pad(
              ahead(v, 2)
                .sub(behind(v, 2))
                .mul(behind(ahead(v))),
              [1],
            ),
          );
        return v;
      },
      { mode: "forward" },
    ),
    narrowBySparsity: true,
  },
  {
    name: "a grid",
    f: jacobian((x: Tensor) => slice(x, [1, 0]).mul(slice(x, [0, 0], [-1, 8]))),
    narrowBySparsity: true,
    shape: [8, 8],
  },
  {
    name: "parts one behind the other",
    f: jacobian((x: Tensor) => concat([mul(x, x) as Tensor<[number]>, exp(x) as Tensor<[number]>]), {
      mode: "forward",
    }),
    narrowBySparsity: true,
  },
  { name: "a stack that is computed on", f: (x) => mul(hessian(rosenbrock)(x), 2), narrowBySparsity: true },
  {
    name: "derivatives beside the gradient",
    f: (x) => hessian(rosenbrock)(x).add(grad(rosenbrock)(x)),
    narrowBySparsity: true,
  },
  {
    name: "a sum over all",
    f: hessian((x: Tensor) => sum(mul(x, x)).mul(sum(x)) as Tensor<[]>),
    narrowBySparsity: false,
  },
  { name: "zeros below zero", f: jacobian((x: Tensor) => neg(exp(x)), { mode: "forward" }), narrowBySparsity: true },
  {
    name: "known zeros below zero",
    f: jacobian((x: Tensor) => neg(grad(rosenbrock)(x)), { mode: "forward" }),
    narrowBySparsity: true,
  },
  {
    name: "a grid in another shape",
    f: hessian((x: Tensor) => rosenbrock(x.reshape([64]))),
    narrowBySparsity: false,
    shape: [8, 8],
  },
  {
    name: "a grid read in one line",
    f: jacobian(
      (x: Tensor) => {
        const line = x.add(pad(slice(x, [1, 0]).mul(slice(x, [0, 0], [-1, 8])), [0, 0], [1, 0])).reshape([64]);
        return ahead(line).add(behind(line).mul(behind(line)));
      },
      { mode: "reverse" },
    ),
    narrowBySparsity: false,
    shape: [8, 8],
  },
  {
    name: "a line read as a grid",
    f: jacobian(
      (x: Tensor) => {
        const line = x.add(pad(ahead(x).mul(behind(x)), [0], [1])).reshape([8, 8]);
        return slice(line, [1, 0]).add(slice(line, [0, 0], [-1, 8]).mul(slice(line, [1, 0])));
      },
      { mode: "forward" },
    ),
    narrowBySparsity: false,
    shape: [64],
  },
  { name: "a choice", f: hessian((x: Tensor) => sum(relu(ahead(x)).mul(behind(x)))), narrowBySparsity: true },
];

/** Counts entries times ops, where all of it in all parts would be more than a number for each entry of the result. */
const workOf = (f: (x: Tensor) => Tensor, x: Tensor): number => {
  const compiled = compile(f, { threads: 1 });
  compiled(x);
  return compiled
    .explain()
    .kernels.filter(({ kind }) => kind !== "assemble")
    .reduce((total, { operations }) => total + operations, 0);
};

describe("a stack of which most is 0", () => {
  for (const { name, f, narrowBySparsity, shape = [SIZE] } of cases) {
    it(`${name}: has the bits of the engine`, () => {
      const compiled = compile(f, { threads: 1 });
      for (const x of points(shape)) {
        compiled(x);
        expect(differenceOf("result", compiled(x), f(x))).toBeNull();
      }
    });

    it(`${name}: is ${narrowBySparsity ? "computed where it may be something else" : "computed whole"}`, () => {
      const [x] = points(shape);
      const work = workOf(f, x!);
      const entries = f(x!).size;
      if (narrowBySparsity) expect(work / entries).toBeLessThan(4);
      else expect(work / entries).toBeGreaterThan(4);
    });
  }

  it("takes no more kernels where it is larger", () => {
    const kernels = [40, 80].map((size) => {
      const compiled = compile(hessian(rosenbrock), { threads: 1 });
      compiled(tensor(new Float64Array(size).fill(0.5)));
      return compiled.explain().kernels.length;
    });
    expect(kernels[0]).toBeLessThan(16);
    expect(kernels[1]).toBe(kernels[0]);
  });
});
