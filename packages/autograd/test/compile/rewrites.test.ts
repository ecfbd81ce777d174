/** Every algebraic rewrite beside every broadcast: the shape, the type and the bits of the op that it replaces. */

import { describe, expect, it } from "vitest";
import { add, compile, grad, jacobian, mul, neg, pow, sum, Tensor, tensor, type DType } from "../../src/index.ts";
import { Builder } from "../../src/compile/ir/builder.ts";
import { rewrites } from "../../src/compile/ir/simplify.ts";
import type { Value } from "../../src/compile/ir/value.ts";
import { allocate, isFloat } from "../../src/graph/dtype.ts";
import type { ElementwiseOp } from "../../src/graph/op.ts";
import { broadcastShapes, countOf } from "../../src/graph/shape.ts";
import { applyElementwise } from "../../src/ops/elementwise.ts";
import { annul } from "../../src/ops/marks.ts";
import { differenceOf } from "./bits.ts";

type Shape = readonly number[];

const row: Shape = [3];
const column: Shape = [2, 1];
const shapes: readonly Shape[] = [[], [1], row, column, [1, 3], [2, 3]];
/** One number in every entry: what identities ask for, and what they must not be mistaken for. */
const uniform = [0, -0, 1, -1, 2, 0.5, NaN, Infinity];
const special = [-0, 3, NaN, -Infinity, 0.25, 0, 7];

/** What an operand may be made of from an argument. */
const made = {
  negative: (x: Tensor): Tensor => neg(x) as Tensor,
  plain: (x: Tensor): Tensor => add(x, 0) as Tensor,
  annulled: (x: Tensor): Tensor => (isFloat(x.dtype) ? annul(x) : x) as Tensor,
};

/** An operand: the argument of a program, what is made of one, or a constant. */
type Form = "argument" | keyof typeof made | "finite" | "nonzero" | number;
interface Operand {
  readonly form: Form;
  readonly shape: Shape;
  readonly dtype: DType;
}

const numbersOf = ({ form, shape, dtype }: Operand): Tensor => {
  const at = (k: number): number =>
    typeof form === "number"
      ? form
      : form === "finite"
        ? (k % 3) - 1
        : form === "nonzero"
          ? k + 1
          : special[k % special.length]!;
  const numbers = Float64Array.from({ length: countOf(shape) }, (_, k) =>
    dtype === "int32" ? Math.trunc(Number.isFinite(at(k)) ? at(k) : 5) : at(k),
  );
  return tensor(dtype === "bool" ? numbers.map((x) => Number(x > 0)) : numbers, { shape, dtype }) as Tensor;
};

/** Operands of an op, one of them at least not known before the program runs. */
function* operandsOf(op: ElementwiseOp, dtype: DType): Generator<readonly Operand[]> {
  const others: readonly Form[] = [...uniform, "finite", "nonzero"];
  if (op.partials.length === 1) {
    for (const shape of shapes)
      for (const form of ["argument", "negative", "annulled"] as const) yield [{ form, shape, dtype }];
  } else if (op.partials.length === 2) {
    for (const a of shapes)
      for (const b of shapes)
        for (const form of others) {
          yield [
            { form: "argument", shape: a, dtype },
            { form, shape: b, dtype },
          ];
          yield [
            { form, shape: a, dtype },
            { form: "argument", shape: b, dtype },
          ];
          if (form === 0)
            yield [
              { form: "plain", shape: a, dtype },
              { form, shape: b, dtype },
            ];
        }
  } else {
    for (const c of shapes)
      for (const a of shapes)
        for (const form of [0, 1, "argument"] as const) {
          const condition: Operand = { form, shape: c, dtype: "bool" };
          yield [condition, { form: "argument", shape: a, dtype }, { form: "argument", shape: a, dtype }];
          yield [condition, { form: "argument", shape: a, dtype }, { form: "negative", shape: column, dtype }];
          yield [condition, { form: 2, shape: a, dtype }, { form: "argument", shape: row, dtype }];
        }
  }
}

const ops = [...new Set(rewrites.map(({ op }) => op))];
const typesOf = (op: ElementwiseOp): readonly DType[] =>
  op.takes === "float" ? ["float64", "float32"] : ["float64", "float32", "int32"];
const nameOf = ({ form, shape, dtype }: Operand): string =>
  `${dtype} [${shape.join()}] ${Object.is(form, -0) ? "-0" : form}`;

/** The value of an operand in a program that has an argument for each shape and type. */
function valueOf(builder: Builder, { form, shape, dtype }: Operand): Value {
  const argument = (): Value => builder.argument(shapes.indexOf(shape), shape, dtype);
  if (form === "argument") return argument();
  if (form === "negative") return builder.map(neg.op, argument());
  if (form === "plain") return builder.map(add.op, argument(), builder.scalar(0, dtype));
  if (form === "annulled") return isFloat(dtype) ? builder.map(annul.op, argument()) : argument();
  const { storage } = numbersOf({ form, shape, dtype });
  return builder.constant(shape, dtype, typeof storage === "number" ? allocate(dtype, 1).fill(storage) : storage!);
}

describe("a rewrite beside a broadcast", () => {
  const reached = new Set<string>();

  describe.each(ops.map((op) => [op.name, op] as const))("of %s", (_, op) => {
    it.each(typesOf(op))("keeps the shape and the type of %s", (dtype) => {
      for (const operands of operandsOf(op, dtype)) {
        const builder = new Builder();
        const inputs = operands.map((one) => valueOf(builder, one));
        const numbers = inputs.map(({ definition }) => (definition.kind === "scalar" ? definition.number : null));
        for (const one of rewrites)
          if (one.op === op && one.give(builder, inputs, numbers) !== null) reached.add(one.name);
        const result = builder.map(op, ...inputs);
        const expected = operands.reduce((sum: Shape, { shape }) => broadcastShapes(op.name, sum, shape), []);
        expect([result.shape.join(), result.dtype], operands.map(nameOf).join(" × ")).toEqual([expected.join(), dtype]);
      }
    });

    it.each(typesOf(op))("has the bits of the engine in %s", (dtype) => {
      const all = [...operandsOf(op, dtype)];
      const given = [
        ...shapes.map((shape) => numbersOf({ form: "argument", shape, dtype })),
        ...shapes.map((shape) => numbersOf({ form: "argument", shape, dtype: "bool" })),
      ];
      const f = (...leaves: Tensor[]): Tensor[] =>
        all.map((operands) =>
          applyElementwise(
            op,
            operands.map((one) => {
              const leaf = leaves[shapes.indexOf(one.shape) + (one.dtype === "bool" ? shapes.length : 0)]!;
              return one.form === "argument"
                ? leaf
                : typeof one.form === "string" && one.form in made
                  ? made[one.form as keyof typeof made](leaf)
                  : numbersOf(one);
            }),
          ),
        );
      const found = compile(f, { threads: 1 })(...given) as Tensor[];
      const differences = f(...given).map((one, k) => differenceOf(all[k]!.map(nameOf).join(" × "), found[k]!, one));
      expect(differences.filter((one) => one !== null)).toEqual([]);
    });
  });

  it("is tried, each of them", () => {
    expect([...reached].sort()).toEqual(rewrites.map(({ name }) => name).sort());
  });
});

describe("a power of a small tensor to a larger constant", () => {
  const exponents = [
    [2, 2, 2],
    [1, 1, 1],
    [0, 0, 0],
    [3, 3, 3],
  ].map((list) => tensor(list));

  it("is summed over all entries", () => {
    const f = compile((w: Tensor) => sum(pow(w, tensor([2, 2, 2]))));
    expect(f(tensor([3])).item()).toBe(27);
  });

  it.each(["", "1", "2,1"])("has its derivatives, from shape [%s] on", (sizes) => {
    const shape = sizes === "" ? [] : sizes.split(",").map(Number);
    const x = tensor(
      Float64Array.from({ length: countOf(shape) }, (_, k) => 3 - k),
      { shape },
    ) as Tensor;
    for (const exponent of exponents) {
      const f = (w: Tensor): Tensor<[]> => sum(mul(pow(w, exponent), tensor([1, 2, 4]))) as Tensor<[]>;
      for (const one of [
        grad(f),
        jacobian((w: Tensor) => pow(w, exponent) as Tensor),
        jacobian(grad(f) as (w: Tensor) => Tensor),
      ] as ((w: Tensor) => Tensor)[]) {
        expect(differenceOf(String(exponent.toArray()), compile(one, { threads: 1 })(x), one(x))).toBeNull();
      }
    }
  });
});
