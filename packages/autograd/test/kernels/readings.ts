/** One formula over lanes in its four readings, each as a function of whole arrays. */

import { setFlagsFromString } from "node:v8";
import type { Lanes, LaneType } from "../../src/kernels/lanes/lanes.ts";
import { numberLanes } from "../../src/kernels/lanes/number-lanes.ts";
import { laneCount } from "../../src/kernels/lanes/machine-types.ts";
import { wasmLanes } from "../../src/backends/wasm/lanes/wasm-lanes.ts";
import { makeFunction } from "../../src/kernels/loops.ts";
import { externals } from "../../src/kernels/special.ts";
import type { Callee } from "../../src/backends/wasm/assembler/body.ts";
import { i32, load, op, plus, times } from "../../src/backends/wasm/assembler/expressions.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";

setFlagsFromString("--experimental-wasm-relaxed-simd");
const wasm = wasmHost()!;

/** A formula; one that gives a condition is read as 1 and 0. */
export type Subject = <V, M>(l: Lanes<V, M>, ...x: V[]) => V;

/** Entry by entry over operands of one length. */
export type Reading = (subject: Subject, type: LaneType, operands: readonly (readonly number[])[]) => number[];

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array } as const;
const PAGE = 65536;

/** The module is run on its own memory: the operands one after another, then the result. */
const compiled =
  (vector: boolean, fused: boolean): Reading =>
  (subject, type, operands) => {
    const count = operands[0]!.length;
    const bytes = arrays[type].BYTES_PER_ELEMENT;
    const lanes = vector ? laneCount[type] : 1;
    const padded = Math.ceil(count / lanes) * lanes;
    const pages = Math.ceil((padded * bytes * (operands.length + 1)) / PAGE);
    const builder = new ModuleBuilder({ initial: pages, maximum: pages, shared: false });
    const called = new Map<string, Callee>();
    for (const name of ["sin", "cos", "tan"]) called.set(name, builder.import(name, ["f64"], "f64"));
    called.set("pow", builder.import("pow", ["f64", "f64"], "f64"));
    const access = vector ? "v128" : type;
    builder.function(
      "run",
      [],
      null,
      (body) => {
        const i = body.local("i32");
        body.while(op("i32.lt_s", i, i32(padded)), () => {
          const l = wasmLanes({ body, type, vector, fused, external: (name) => called.get(name)! });
          const at = body.let(times(i, bytes));
          const inputs = operands.map((_, k) => l.share(load(`${access}.load`, at, k * padded * bytes)));
          body.store(`${access}.store`, at, subject(l, ...inputs), operands.length * padded * bytes);
          body.set(i, plus(i, lanes));
        });
      },
      true,
    );
    const memory = new wasm.Memory({ initial: pages, maximum: pages });
    const held = new arrays[type](memory.buffer);
    operands.forEach((numbers, k) => held.set(numbers, k * padded));
    const instance = new wasm.Instance(new wasm.Module(builder.finish()), { host: { memory, ...externals } });
    (instance.exports.run as () => void)();
    return [...held.subarray(operands.length * padded, operands.length * padded + count)];
  };

/** Every reading, by name. */
export const readings: Readonly<Record<"number" | "source" | "scalar" | "vector", Reading>> = {
  number(subject, type, operands) {
    const l = numberLanes(type, externals);
    return operands[0]!.map((_, i) => subject(l, ...operands.map((numbers) => numbers[i]!)));
  },
  source(subject, type, operands) {
    const f = makeFunction({
      type,
      operands: operands.map(() => "number"),
      read: (l, inputs) => ({ value: subject(l, ...inputs.map((x) => (x as { value: never }).value)) }),
    });
    return operands[0]!.map((_, i) => f(...operands.map((numbers) => numbers[i]!)));
  },
  scalar: compiled(false, false),
  vector: compiled(true, false),
};

/** Vectors in which a · b + c may be rounded once: other bits, and no less accurate. */
export const fusedVector: Reading = compiled(true, true);
