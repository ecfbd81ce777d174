/** What programs leave out of products with cotangents: the bits of the engine all the same, in the short form. */

import { describe, expect, it } from "vitest";
import {
  add,
  at,
  clip,
  compile,
  div,
  exp,
  grad,
  jvp,
  mul,
  relu,
  slice,
  sub,
  sum,
  tensor,
  vjp,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import { flatten } from "../../src/compile/signature.ts";
import { wasm } from "../../src/backends/wasm/backend.ts";
import { LEAST_WORK } from "../../src/compile/schedule/partitioning.ts";
import { specialize } from "../../src/compile/specialize.ts";
import type { Builder } from "../../src/compile/ir/builder.ts";
import { gateRules, type GateRule } from "../../src/compile/passes/gates.ts";
import { sights } from "../../src/compile/ir/sights.ts";
import { signRules } from "../../src/compile/passes/signs.ts";
import { unmarkedOps } from "../../src/compile/ir/unmarked.ts";
import type { Definition, Value } from "../../src/compile/ir/value.ts";
import { embedBox } from "../../src/ops/assembly.ts";
import { absorb, absorbBoth, annul, pass, portion } from "../../src/ops/marks.ts";
import { isTried } from "../size.ts";
import { differenceOf } from "./bits.ts";

type Shape = readonly number[];
type Function = (x: Tensor, w: Tensor) => Tensor;

/** What an expression is made of, each of its own: what one sees of a value must not hide what another one does not. */
interface Operands {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly c: Tensor;
  readonly d: Tensor;
  /** Of the second shape. */
  readonly z: Tensor;
}

type Make = (o: Operands) => Tensor;
type Named = readonly (readonly [name: string, make: Make])[];

const plain = (x: Tensor): Tensor => add(x, 0) as Tensor;
const sumOf = (a: Tensor, b: Tensor): Tensor => add(a, b) as Tensor;

/** Cotangents, by what may have been dropped from them. */
const cotangents: Named = [
  ["anything", ({ x }) => x],
  ["nothing dropped", ({ x }) => plain(x)],
  ["a gate", ({ x, c }) => pass(c, plain(x))],
  ["a gate before marks", ({ x, c }) => pass(c, x)],
  ["a seed", ({ x }) => annul(x) as Tensor],
  ["a seed behind a gate", ({ x, c }) => pass(c, annul(x) as Tensor)],
  ["two gates", ({ x, c, d }) => pass(d, pass(c, plain(x)))],
  ["a sum of two gates", ({ x, y, c, d }) => sumOf(pass(c, plain(x)), pass(d, plain(y)))],
  ["a sum behind one gate", ({ x, y, c }) => sumOf(pass(c, plain(x)), pass(c, plain(y)))],
];

const factors: Named = [
  ["z", ({ z }) => z],
  ["0.5", ({ z }) => tensor(0.5, { dtype: z.dtype })],
  ["2", ({ z }) => tensor(2, { dtype: z.dtype })],
];

/** The same of z, with the conditions exchanged. */
const ofSecond =
  (make: Make): Make =>
  ({ z, c, d }) =>
    make({ x: z, y: z, z, c: d, d: c });

/** What sweeps do with cotangents. */
const expressions: Named = cotangents.flatMap(([name, g]): Named => [
  ...factors.flatMap(([factor, p]): Named => [
    [`absorb(${name}, ${factor})`, (o) => absorb(g(o), p(o)) as Tensor],
    [`absorbBoth(${factor}, ${name})`, (o) => absorbBoth(p(o), g(o)) as Tensor],
  ]),
  [`portion(${name}, 3)`, (o) => portion(g(o), 3) as Tensor],
  [`${name} · 2`, (o) => mul(g(o), 2) as Tensor],
  [`2 · ${name}`, (o) => mul(2, g(o)) as Tensor],
  [`${name} behind a gate`, (o) => pass(o.d, g(o))],
  ...cotangents.flatMap(([other, h]): Named => [
    [`absorbBoth(${name}, ${other})`, (o) => absorbBoth(g(o), ofSecond(h)(o)) as Tensor],
    [`${name} + ${other}`, (o) => sumOf(g(o), ofSecond(h)(o))],
  ]),
]);

/** What becomes of it: seen as it is, up to the signs of its zeros, or by what is behind it. */
const ends: Readonly<Record<string, (g: Tensor, o: Operands) => Tensor>> = {
  "a result": (g) => g,
  "a result without marks": (g) => plain(g),
  "multiplied again": (g, { z }) => plain(absorb(g, z) as Tensor),
  "added to what holds no marks": (g, { z }) => sumOf(absorb(g, 0.5) as Tensor, plain(z)),
  "a divisor": (g, { z }) => plain(div(z, g) as Tensor),
  summed: (g) => plain(sum(g) as Tensor),
  "placed in a larger one": (g) => {
    const box = { shape: g.shape, starts: g.shape.map(() => 1), steps: g.shape.map(() => 1) };
    return plain(
      embedBox(
        g,
        box,
        g.shape.map((size) => size + 2),
      ),
    );
  },
};

const pairs: readonly (readonly [Shape, Shape])[] = [
  [[8, 1], [8]],
  [
    [8, 8],
    [8, 8],
  ],
  [[8], [8, 1]],
  [[], [8]],
  [[8], []],
];

const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

/** Zeros, what is not finite, and what vanishes where it is multiplied by its like. */
function special(dtype: DType): readonly number[] {
  const tiny = dtype === "float64" ? 1e-200 : 1e-30;
  return [-0, 0, 3, -0.25, NaN, Infinity, -tiny, tiny];
}

/** The operands of so many expressions: numbers that differ along the first axis, or the last. */
function stacked(count: number, shape: Shape, dtype: DType, alongLast: boolean): Tensor {
  const numbers = special(dtype);
  const period = alongLast || shape.length < 2 ? 1 : shape.at(-1)!;
  const size = sizeOf(shape);
  const entry = (k: number): number => (size === 1 ? k : Math.floor((k % size) / period)) % numbers.length;
  const all = Array.from({ length: count * size }, (_, k) => numbers[entry(k)]!);
  return tensor(all, { shape: [count, ...shape], dtype }) as Tensor;
}

function conditions(count: number, shape: Shape, period: number): Tensor {
  const all = Array.from({ length: count * sizeOf(shape) }, (_, k) => Number(k % period === 0));
  return tensor(all, { shape: [count, ...shape], dtype: "bool" }) as Tensor;
}

/** Where programs and the engine differ. */
function differences(pair: readonly [Shape, Shape], dtype: DType, end: string, chosen = expressions): string[] {
  const [first, second] = pair;
  const count = chosen.length;
  const given = [
    stacked(count, first, dtype, false),
    stacked(count, first, dtype, true),
    conditions(count, first, 3),
    conditions(count, first, 2),
    stacked(count, second, dtype, true),
  ];
  const f = (...all: readonly Tensor[]): Tensor[] =>
    chosen.map(([, make], k) => {
      const [x, y, c, d, z] = all.map((one) => at(one, k)) as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const o = { x, y, c, d, z };
      return ends[end]!(make(o), o);
    });
  const found = compile(f, { threads: 1 })(...given) as Tensor[];
  return f(...given).flatMap((right, k) => differenceOf(`${chosen[k]![0]}, ${end}`, found[k]!, right) ?? []);
}

describe("products with cotangents have the bits of the engine", () => {
  const reached = new Set<string>();
  const rules = [...gateRules, ...signRules] as { name: string; give: (...given: never[]) => unknown }[];

  /** Notes which rules give something. */
  function noting<R>(run: () => R): R {
    const rights = rules.map(({ give }) => give);
    for (const rule of rules) {
      const right = rule.give;
      rule.give = (...given) => {
        const value = right(...given);
        if (value !== null) reached.add(rule.name);
        return value;
      };
    }
    try {
      return run();
    } finally {
      rules.forEach((rule, k) => (rule.give = rights[k]!));
    }
  }

  describe.each(Object.keys(ends))("%s", (end) => {
    it.each(["float64", "float32"] as const)("in %s", (dtype) => {
      // The first pair of shapes reaches every rule in the first two ends.
      const isWhole = dtype === "float64" && Object.keys(ends).indexOf(end) < 2;
      for (const [k, pair] of pairs.entries()) {
        const shapes = pair.map((shape) => `[${shape.join()}]`).join(" × ");
        const key = `${end} ${dtype} ${shapes}`;
        const chosen = expressions.filter(([name]) => (k === 0 && isWhole) || isTried(8, `${name} ${key}`));
        const found = noting(() => differences(pair, dtype, end, chosen));
        expect(found, shapes).toEqual([]);
      }
    });
  });

  it("by each rule", () => {
    expect([...reached].sort()).toEqual(rules.map(({ name }) => name).sort());
  });
});

describe("a wrong reason for leaving something out is found", () => {
  const change =
    <K, V>(map: ReadonlyMap<K, V>, key: K, wrong: V) =>
    (): (() => void) => {
      const open = map as Map<K, V>;
      const right = open.get(key);
      open.set(key, wrong);
      return () => {
        if (right === undefined) open.delete(key);
        else open.set(key, right);
      };
    };
  const exchange = (name: string, give: GateRule["give"]) => (): (() => void) => {
    const rule = [...gateRules, ...signRules].find((one) => one.name === name) as { give: GateRule["give"] };
    const right = rule.give;
    rule.give = give;
    return () => (rule.give = right);
  };
  /** The operands of a gate; `null` where a value is none. */
  const gateOf = ({ definition }: Value): readonly Value[] | null => {
    return definition.kind === "map" && definition.op === pass.op ? definition.inputs : null;
  };
  const behind = (builder: Builder, c: Value, g: Value): Value => {
    return builder.map(pass.op, c, g, builder.scalar(-0, g.dtype));
  };
  const faults: readonly (readonly [name: string, plant: () => () => void])[] = [
    ["no gate drops anything", change(unmarkedOps, pass.op, ([, g]) => g!.unmarked)],
    ["no product vanishes", change(unmarkedOps, mul.op, ([a, b]) => a!.unmarked && b!.unmarked)],
    ["a product needs no mark of its cotangent", change(sights, absorb.op, () => false)],
    ["a product needs no mark of two cotangents", change(sights, absorbBoth.op, () => false)],
    ["a quotient has no sign of its divisor", change(sights, div.op, () => false)],
    [
      "every factor is finite",
      exchange("absorb(g, p) = g p for a finite p", (builder, [g, p]) => {
        return builder.map(mul.op, g!, p!);
      }),
    ],
    [
      "a sum has its first gate",
      exchange("pass(c, g) + pass(c, h) = pass(c, g + h)", (builder, [g, h]) => {
        const [a, b] = [gateOf(g!), gateOf(h!)];
        return a === null || b === null ? null : behind(builder, a[0]!, builder.map(add.op, a[1]!, b[1]!));
      }),
    ],
    [
      "gates in a row are the first",
      exchange("pass(c, pass(d, g)) = pass(c ∧ d, g)", (builder, [c, g]) => {
        const inner = gateOf(g!);
        return inner === null ? null : behind(builder, c!, inner[1]!);
      }),
    ],
  ];

  it.each(faults)("%s", (_, plant) => {
    const remove = plant();
    try {
      expect(Object.keys(ends).some((end) => differences(pairs[0]!, "float64", end).length > 0)).toBe(true);
    } finally {
      remove();
    }
  });
});

describe("the short form is taken", () => {
  const line = (step: number): Tensor => tensor(Array.from({ length: 64 }, (_, k) => Math.sin(step * k))) as Tensor;

  function nameOf(definition: Definition): string {
    if (definition.kind === "map") return definition.op.name;
    if (definition.kind !== "assemble") return definition.kind;
    return `assemble in ${Object.is(definition.fill, -0) ? "-0" : definition.fill}`;
  }

  /** How often each operation stands in the program of a function. */
  function operationsOf(f: Function): Readonly<Record<string, number>> {
    const flat = flatten("f", "the arguments", [line(1), line(2)], true);
    const { program } = specialize(
      "f",
      f as (...args: readonly unknown[]) => unknown,
      flat,
      { fused: false, native: null, threads: 1, leastWork: LEAST_WORK },
      wasm,
    );
    const counts: Record<string, number> = {};
    for (const { definition } of program.schedule.kernels.flatMap(({ members }) => members)) {
      const name = nameOf(definition);
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  const gradientOf =
    (loss: Function): Function =>
    (x, w) => {
      return grad((a: Tensor) => sum(loss(a, w)) as Tensor<[]>)(x) as Tensor;
    };
  const difference = (x: Tensor): Tensor => sub(slice(x, [1]), slice(x, [0], [-1])) as Tensor;
  const bounded = (x: Tensor, low: number, high: number): Tensor => clip(x, low, high) as Tensor;
  const bothSigns = (x: Tensor): Tensor => sumOf(relu(x) as Tensor, relu(mul(x, -1)) as Tensor);
  const square = (x: Tensor): Tensor => mul(x, x) as Tensor;
  const forms: readonly (readonly [name: string, f: Function, expected: Readonly<Record<string, number>>])[] = [
    // x² + (x² + x²): a square is no -0.
    ["where nothing is dropped", gradientOf((x) => mul(square(x), x) as Tensor), { mul: 1, add: 2 }],
    ["behind a gate", gradientOf((x) => relu(square(x)) as Tensor), { mul: 1, greater: 1, add: 2, where: 1 }],
    // One gate for both, behind all products.
    [
      "behind gates in a row",
      gradientOf((x) => bounded(exp(bounded(square(x), 0.1, 0.9)) as Tensor, 1.2, 2)),
      {
        mul: 2,
        clip: 1,
        exp: 1,
        greaterEqual: 2,
        lessEqual: 2,
        logicalAnd: 3,
        add: 2,
        where: 1,
      },
    ],
    [
      "from a seed",
      (x, w) => vjp((a: Tensor) => mul(exp(a), a) as Tensor, x).pullback(w)[0] as Tensor,
      {
        exp: 1,
        mul: 3,
        notEqual: 1,
        where: 1,
        add: 2,
      },
    ],
    [
      "along a direction",
      (x, w) => jvp((a: Tensor) => exp(mul(a, 0.5)) as Tensor, [x], [w]).tangent,
      {
        mul: 3,
        exp: 1,
        notEqual: 1,
        where: 1,
        add: 1,
      },
    ],
    [
      "beside a constant",
      gradientOf((x, w) => mul(exp(x), w) as Tensor),
      {
        exp: 1,
        mul: 1,
        notEqual: 1,
        where: 1,
        add: 1,
      },
    ],
    ["of differences", gradientOf((x) => square(difference(x))), { sub: 1, add: 3, mul: 1, "assemble in 0": 2 }],
    // What one gate drops the other one may not: the product asks for the mark.
    [
      "where two gates meet",
      gradientOf((x, w) => bothSigns(mul(x, w) as Tensor)),
      {
        mul: 2,
        greater: 2,
        pass: 2,
        notEqual: 1,
        multiplied: 1,
        where: 1,
        add: 2,
      },
    ],
  ];

  it.each(forms)("%s", (_, f, expected) => {
    expect(operationsOf(f)).toEqual(expected);
  });
});
