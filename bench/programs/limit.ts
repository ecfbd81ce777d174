/**
 * The least time that the machine's vectors of 128 bits allow a program: its products of matrices as multiplications
 * and additions that never leave registers, and each of its elementary functions in a loop that does nothing else.
 */

import { readForms } from "../../packages/autograd/src/kernels/lanes/forms.ts";
import { costOf } from "../../packages/autograd/src/kernels/loops.ts";
import type { ElementwiseOp } from "../../packages/autograd/src/graph/op.ts";
import { i32, load, op, plus } from "../../packages/autograd/src/backends/wasm/assembler/expressions.ts";
import { PartsEmitter } from "../../packages/autograd/src/backends/wasm/lanes/parts.ts";
import { lower } from "../../packages/autograd/src/compile/lower.ts";
import { flatten } from "../../packages/autograd/src/compile/signature.ts";
import { Stages } from "../../packages/autograd/src/compile/stages.ts";
import type { BuiltControl } from "../../packages/autograd/src/compile/ir/control.ts";
import { reachable, type Value } from "../../packages/autograd/src/compile/ir/value.ts";
import { instance, memoryOf } from "../machine.ts";
import { contestant, type Contestant } from "../peers/measure.ts";
import type { Program } from "./program.ts";

/** The name of its column. */
export const LIMIT = "limit";

/** The work of a program that no machine can leave out. */
interface LeastWork {
  /** Of all products of matrices. */
  multiplyAdds: number;
  /** Entries of functions, each argument once. */
  readonly functions: Map<ElementwiseOp, number>;
}

/** A function that takes many instructions; one that may call the host has no time of its own. */
function isFunction(one: ElementwiseOp): boolean {
  if (one.lanes.value === undefined || one.partials.length !== 1) return false;
  const cost = costOf({ type: "f64", operands: ["number"], read: (l, x) => readForms(one.lanes, l, x) });
  return cost.operations >= 16 && !cost.callsHost;
}

/** The value of another loop that a body is handed row by row; `null` for any other state. */
function keptAs(index: number, within: BuiltControl | null): Value | null {
  const x = within?.inputs[within.places[index]!];
  if (x?.definition.kind !== "control" || x.definition.output?.kind !== "kept") return null;
  return x.definition.output.value;
}

/** The argument of a function up to sign and scale: σ(x), σ(-x) and tanh(x/2) take one exponential together. */
function argumentOf(x: Value, within: BuiltControl | null): Value {
  const { definition } = x;
  if (definition.kind === "copy") return argumentOf(definition.inputs[0], within);
  if (definition.kind === "state") {
    const kept = keptAs(definition.index, within);
    return kept === null ? x : argumentOf(kept, null);
  }
  if (definition.kind !== "map") return x;
  const others = definition.inputs.filter((one) => one.definition.kind !== "scalar");
  const isScaled = ["neg", "mul", "div"].includes(definition.op.name) && others.length === 1;
  return isScaled ? argumentOf(others[0]!, within) : x;
}

/** Adds up the work of values that are computed so many times, by the arguments that are known. */
function add(
  work: LeastWork,
  known: Set<Value>,
  values: readonly Value[],
  times: number,
  within: BuiltControl | null,
): void {
  const outputs = new Map<BuiltControl, Value[]>();
  for (const { definition, count } of values) {
    if (definition.kind === "matmul") work.multiplyAdds += times * count * definition.sizes.k;
    if (definition.kind === "map" && isFunction(definition.op)) {
      const x = argumentOf(definition.inputs[0]!, within);
      if (known.has(x)) continue;
      known.add(x);
      work.functions.set(definition.op, (work.functions.get(definition.op) ?? 0) + times * count);
    }
    if (definition.kind !== "control") continue;
    const kept = definition.output?.kind === "kept" ? [definition.output.value] : [];
    outputs.set(definition.built, [...(outputs.get(definition.built) ?? []), ...kept]);
  }
  for (const [built, kept] of outputs) {
    const { control, bodies } = built;
    const [{ values: own, results }] = bodies as [BuiltControl["bodies"][number]];
    const needed = reachable(own, [...results, ...kept]);
    if (control.kind === "scan") add(work, known, needed, times * control.length, built);
  }
}

/** The work of a program, read from what it is compiled to. */
export function leastWorkOf({ parameters, data, run }: Program): LeastWork {
  const args = flatten("bench", "argument ", [parameters, data], true);
  const work: LeastWork = { multiplyAdds: 0, functions: new Map() };
  const { values } = lower(new Stages(), "bench", run as (...given: readonly unknown[]) => unknown, args);
  add(work, new Set(), values, 1, null);
  return work;
}

/** Vectors that hide the time that each product and sum takes, and never leave their registers. */
const CHAINS = 12;
/** Multiplications and additions of one turn, in vectors of two numbers. */
const OF_TURN = 2 * CHAINS;

/** x ← x y + z so many turns. */
function multiplier(): (turns: number) => void {
  return instance(memoryOf(65536), (builder) =>
    builder.function(
      "run",
      ["i32"],
      null,
      (body) => {
        const sums = Array.from({ length: CHAINS }, () => body.local("v128"));
        const [y, z] = [body.let(load("v128.load", i32(0))), body.let(load("v128.load", i32(16)))];
        const left = body.parameter(0);
        body.while(left, () => {
          for (const sum of sums) body.set(sum, op("f64x2.add", op("f64x2.mul", sum, y), z));
          body.set(left, plus(left, -1));
        });
        for (const sum of sums) body.store("v128.store", i32(0), sum, 32);
      },
      true,
    ),
  );
}

/** Entries of a step, the quickest of 2, 4 and 8, and so many of them that all stay in the first cache. */
const [STEP, BUFFER] = [8, 1024];

/** A function of so many entries, in steps, of numbers of the first cache. */
function functionLoop({ lanes }: ElementwiseOp): (entries: number) => void {
  const memory = memoryOf(65536);
  new Float64Array(memory.buffer).forEach((_, k, all) => (all[k] = Math.sin(k)));
  return instance(memory, (builder) => {
    // The host helps out with huge angles, of which there are none.
    const host = builder.function("host", ["f64"], "f64", (body) => body.result(body.parameter(0)));
    builder.function(
      "run",
      ["i32"],
      null,
      (body) => {
        const emitter = new PartsEmitter(body, STEP, false, () => host);
        const [at, left] = [body.local("i32"), body.parameter(0)];
        body.while(op("i32.gt_s", left, i32(0)), () => {
          body.straight(() => {
            emitter.computed.clear();
            const x = emitter.load("float64", { cursor: at, offset: 0 }, 1, STEP);
            emitter.store("float64", { cursor: at, offset: 8 * BUFFER }, emitter.formula(lanes, [x]), STEP);
          });
          body.set(at, op("i32.and", plus(at, 8 * STEP), i32(8 * BUFFER - 1)));
          body.set(left, plus(left, -STEP));
        });
      },
      true,
    );
  });
}

/** A contestant that does this work and nothing else; `null` for a program without products of matrices. */
export function limitOf(program: Program): Contestant | null {
  const { multiplyAdds, functions } = leastWorkOf(program);
  if (multiplyAdds === 0) return null;
  const multiply = multiplier();
  const turns = Math.ceil(multiplyAdds / OF_TURN);
  const loops = [...functions].map(([one, entries]) => ({ run: functionLoop(one), entries }));
  const once = (): void => {
    multiply(turns);
    for (const { run, entries } of loops) run(entries);
  };
  return contestant(LIMIT, 1, { once, values: () => ({}) });
}
