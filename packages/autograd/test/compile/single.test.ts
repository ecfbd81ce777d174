/** Loops of one entry: emitted without walks as they are with them, byte by byte. */

import { describe, expect, it } from "vitest";
import type { EmitContext } from "../../src/backends/wasm/emit/context.ts";
import { emitLoop } from "../../src/backends/wasm/emit/loop.ts";
import { Formulas } from "../../src/backends/wasm/emit/formulas.ts";
import { Traps } from "../../src/backends/wasm/emit/traps.ts";
import { emitSingle, isSingle } from "../../src/backends/wasm/emit/single.ts";
import { fuse } from "../../src/compile/schedule/fuse.ts";
import type { LoopKernel } from "../../src/compile/schedule/kernel.ts";
import { Builder } from "../../src/compile/ir/builder.ts";
import type { Value } from "../../src/compile/ir/value.ts";
import type { ElementwiseOp } from "../../src/graph/op.ts";
import { arities } from "../../src/kernels/special.ts";
import { Body } from "../../src/backends/wasm/assembler/body.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { abs, add, div, maximum, mul, neg, pow, sub } from "../../src/ops/arithmetic.ts";
import { greater, where } from "../../src/ops/comparison.ts";
import { erf, exp, sin, sqrt, tanh } from "../../src/ops/transcendental.ts";
import { absorb } from "../../src/ops/marks.ts";
import { seed, sized } from "../size.ts";
import { random } from "../ops/sampling.ts";

const unary: readonly ElementwiseOp[] = [abs.op, neg.op, exp.op, sin.op, sqrt.op, tanh.op, erf.op];
const binary: readonly ElementwiseOp[] = [add.op, sub.op, mul.op, div.op, maximum.op, pow.op, absorb.op];

/** The values of a random program of single numbers, of both types, some of them entries of a list. */
function drawn(draw: () => number): { readonly values: readonly Value[]; readonly stored: ReadonlySet<Value> } {
  const builder = new Builder();
  const list = builder.argument(0, [7], "float64");
  const [x, y] = [builder.argument(1, [], "float64"), builder.argument(2, [], "float32")];
  const entry = (k: number): Value => builder.view(list, [], { offset: k, strides: [] });
  const wide = [x, entry(0), entry(3), builder.scalar(1.5, "float64")];
  const narrow = [y, builder.scalar(-2, "float32")];
  const conditions = [builder.scalar(1, "bool")];
  const one = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!;
  for (let k = 0; k < 40; k++) {
    const of = draw() < 0.7 ? wide : narrow;
    const kind = draw();
    if (kind < 0.3) of.push(builder.map(one(unary), one(of)));
    else if (kind < 0.7) of.push(builder.map(one(binary), one(of), one(of)));
    else if (kind < 0.8) of.push(builder.cast(one(wide), of[0]!.dtype), builder.cast(one(narrow), of[0]!.dtype));
    else if (kind < 0.9) conditions.push(builder.map(greater.op, one(of), one(of)));
    else of.push(builder.map(where.op, one(conditions), one(of), one(of)));
  }
  const { values } = builder;
  return { values, stored: new Set(values.filter(() => draw() < 0.3)) };
}

/** The module of one kernel, by one of two ways. */
function moduleOf(kernel: LoopKernel, stored: ReadonlySet<Value>, emit: typeof emitSingle): string {
  const builder = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  const callees = new Map(
    Object.entries(arities).map(([name, arity]) => [
      name,
      builder.import(name, new Array<"f64">(arity).fill("f64"), "f64"),
    ]),
  );
  const external: EmitContext["external"] = (name) => callees.get(name)!;
  const context: EmitContext = {
    addresses: ({ id }) => 64 * id,
    isStored: (value) => stored.has(value),
    scratch: 32768,
    traps: new Traps([], 0),
    fused: false,
    external,
    formulas: new Formulas(builder, external),
    part: null,
  };
  expect(isSingle(kernel, context)).toBe(true);
  builder.function("run", [], null, (body: Body) => emit(body, kernel, context), true);
  return String(builder.finish());
}

describe("a loop of one entry", () => {
  it("is the same code as a loop that goes by walks", () => {
    const draw = random(seed);
    let members = 0;
    for (let n = 0; n < sized(60, 2000); n++) {
      const { values, stored } = drawn(draw);
      for (const { kernel } of fuse(values)) {
        if (kernel.kind !== "loop") throw new Error(`no loop: ${kernel.kind}`);
        expect(moduleOf(kernel, stored, emitSingle)).toBe(moduleOf(kernel, stored, emitLoop));
        members += kernel.members.length;
      }
    }
    expect(members).toBeGreaterThan(sized(1000, 30_000));
  });
});
