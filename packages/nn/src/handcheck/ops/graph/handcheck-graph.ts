/** Checks gradients of named intermediates of any graph: each against the truth, and against what follows from the person's own. */

import { ArgumentError } from "@chainrule/autograd";
import type { LineStatus, Words } from "../../report.ts";
import { precisionOf } from "../../tolerance.ts";
import { residualOf } from "../compare.ts";
import { largest, readOrRefuse, sameShape, type Numbers } from "../numbers.ts";
import { reported, type OpDiagnosis, type OpLine, type OpReport } from "../report.ts";
import { diagnose } from "./diagnose.ts";
import { impliedGradients, trueGradients, valuesOf, type Graph, type Values } from "./flows.ts";
import { allowedIn } from "./noise.ts";

/** How the numbers are read. */
export interface GraphOptions {
  /** What stands at the head of the report. */
  readonly name?: string;
  /** How many significant digits the numbers were copied with; read off them where nothing is said. */
  readonly digits?: number;
}

/** `dh`, `h.grad`, `grad_h` or `h` for the value named h. */
function placeOf(key: string, places: readonly string[]): string {
  const candidates = [key, key.replace(/^d(?=.)/u, ""), key.replace(/\.grad$/u, ""), key.replace(/^grad_/u, ""), key.replace(/_grad$/u, "")];
  // dh means the gradient at h even where something else is named dh.
  const order = [...candidates.slice(1), key].filter((name, k) => k === candidates.length - 1 || name !== key);
  const found = order.find((name) => places.includes(name));
  if (found === undefined) {
    throw new ArgumentError({ op: "handcheckGraph", problem: `"${key}" belongs to no tap and no input`, hint: `the names are ${places.join(", ")}; a gradient is "d" and the name` });
  }
  return found;
}

/** What can be compared, and what is wrong with the rest. */
function readHand(hand: Readonly<Record<string, unknown>>, shapes: Values): { readonly good: Values; readonly bad: Readonly<Record<string, { readonly status: LineStatus; readonly given: Numbers }>> } {
  const good: Record<string, Numbers> = {};
  const bad: Record<string, { status: LineStatus; given: Numbers }> = {};
  for (const [key, value] of Object.entries(hand)) {
    if (value === undefined || value === null) continue;
    const name = placeOf(key, Object.keys(shapes));
    const given = readOrRefuse("handcheckGraph", `"${key}"`, value);
    if (name in good || name in bad) throw new ArgumentError({ op: "handcheckGraph", problem: `the gradient at "${name}" is given twice`, hint: "give it once" });
    if (!sameShape(given.shape, shapes[name]!.shape)) bad[name] = { status: "shape", given };
    else if (given.data.some((x) => !Number.isFinite(x))) bad[name] = { status: "nan", given };
    else good[name] = given;
  }
  return { good, bad };
}

/** Where the truth is nothing but rounding beside what meets there. */
function cancels(truth: Numbers, allowed: number): boolean {
  return truth.data.length > 0 && largest(truth.data) <= allowed;
}

/**
 * Checks hand-derived gradients of named intermediates: only the one whose own rule is wrong is blamed, and what follows
 * from it is inherited.
 *
 * @param f - gives the scalar loss; inside it, `tap("hpre", x)` names a value
 * @param inputs - by name: tensors, nested arrays, or typed arrays with a shape
 * @param hand - gradients by name: `{ dhpre, dW1 }`, or `"hpre.grad"`
 * @returns the report, one line for each gradient in the order of the derivation, from the loss back
 * @throws ArgumentError for a gradient of nothing that is named
 */
export function handcheckGraph(f: Graph, inputs: Readonly<Record<string, unknown>>, hand: Readonly<Record<string, unknown>>, options: GraphOptions = {}): OpReport {
  const values = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, readOrRefuse("handcheckGraph", `the input "${name}"`, value)]));
  const { taps } = valuesOf(f, values);
  const clash = Object.keys(taps).find((name) => name in values);
  if (clash !== undefined) throw new ArgumentError({ op: "handcheckGraph", problem: `"${clash}" names a tap and an input`, hint: "name one of them otherwise" });
  const shapes: Values = { ...values, ...taps };
  const { good, bad } = readHand(hand, shapes);
  const precision = precisionOf(Object.values(good).map(({ data }) => data), options.digits);

  const truth = trueGradients(f, values, taps);
  // Gradients of inputs end nothing: nothing lies above them.
  const upstream = Object.fromEntries(Object.entries(good).filter(([name]) => name in taps));
  const implied = impliedGradients(f, values, taps, upstream);
  const allowed = allowedIn(f, values, taps, good, precision);
  // What cancels may be left out, also by somebody whose own numbers no longer cancel.
  const settled = Object.entries(upstream).map(([name, x]) => [name, cancels(truth[name]!, allowed.global[name]!) ? { ...x, data: x.data.map(() => 0) } : x] as const);
  const without = impliedGradients(f, values, taps, Object.fromEntries(settled));
  const sizes = [...new Set(Object.values(shapes).flatMap(({ shape }) => shape))].filter((size) => size > 1);

  // From the loss back, as people derive; the inputs last.
  const order = [...Object.keys(taps).reverse(), ...Object.keys(values)].filter((name) => name in good || name in bad);
  const roots: OpDiagnosis[] = [];
  const notes: Words[] = [];
  const lines = order.map((name): OpLine => {
    const wrong = bad[name];
    if (wrong !== undefined) {
      roots.push(diagnose({ name, yours: wrong.given, correct: implied[name]!, allowed: 0, sizes, flows: [] }));
      return { name: `d${name}`, formula: "", status: wrong.status, local: null, global: null };
    }
    const yours = good[name]!;
    const global = residualOf(yours, truth[name]!, allowed.global[name]!);
    const local = residualOf(yours, implied[name]!, allowed.local[name]!);
    const spared = residualOf(yours, without[name]!, allowed.local[name]!);
    const right = global === null || global.overTolerance <= 1;
    const follows = [local, spared].some((residual) => residual === null || residual.overTolerance <= 1);
    const status: LineStatus = right ? "ok" : follows ? "inherited" : "root";
    if (right && cancels(truth[name]!, allowed.global[name]!)) {
      notes.push({ en: `d${name} cancels to 0 whatever is put in: leaving it out is no mistake [I4]`, zh: `d${name} 恒相互抵消为 0：省略它不算错误 [I4]` });
    }
    if (status === "root") {
      const flows = Object.keys(upstream).filter((end) => end !== name).map((end) => {
        const alone = Object.fromEntries(Object.entries(upstream).map(([other, x]) => [other, other === end ? x : { ...x, data: x.data.map(() => 0) }]));
        return { end, value: impliedGradients(f, values, taps, alone, false)[name]! };
      });
      roots.push(diagnose({ name, yours, correct: implied[name]!, allowed: allowed.local[name]!, sizes, flows }));
    }
    return { name: `d${name}`, formula: "", status, local, global };
  });
  const unreadable = lines.some(({ status }) => status === "shape" || status === "nan");
  const mistaken = lines.some(({ status }) => status === "root" || status === "inherited");
  return reported({
    schema: "opcheck/1",
    name: options.name ?? "graph",
    verdict: lines.length === 0 ? "inconclusive" : mistaken ? "mistake" : unreadable ? "contract" : "correct",
    reference: "autograd",
    dtype: precision.digits === null ? (precision.inferred ? "float32" : "float64") : `${precision.digits} digits`,
    forward: null,
    lines,
    roots,
    notes,
    witness: null,
    score: { passed: lines.filter(({ status }) => status === "ok").length, given: lines.filter(({ status }) => status !== "inherited").length },
  });
}
