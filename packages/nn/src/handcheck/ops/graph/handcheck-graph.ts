/** Checks gradients of named intermediates of any graph: each against the truth, and against what follows from the person's own. */

import { ArgumentError, checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import type { LineStatus, Words } from "../../report.ts";
import { precisionOf } from "../../tolerance.ts";
import { residualOf } from "../compare.ts";
import { largest, positionOf, readOrRefuse, sameShape, type Numbers } from "../numbers.ts";
import { compared, reported, type Compared, type Examined, type OpDiagnosis, type OpLine, type OpReport } from "../report.ts";
import { isSubgradient, type Corner } from "../corners.ts";
import { cornersOf } from "./corners.ts";
import { cutOf, type Cut } from "./cuts.ts";
import { diagnose, type Flow } from "./diagnose.ts";
import { impliedGradients, trueGradients, valuesOf, type Graph, type Values } from "./flows.ts";
import { allowedIn } from "./noise.ts";
import { told, type Place } from "./told.ts";

/** How the numbers are read. */
export interface GraphOptions {
  /** What stands at the head of the report. */
  readonly name?: string;
  /** How many significant digits the numbers were copied with; read off them where nothing is said. */
  readonly digits?: number;
}

const kinds: OptionKinds<GraphOptions> = { name: option.text, digits: option.finite(0) };

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

const zero = ({ data, shape }: Numbers): Numbers => ({ shape, data: data.map(() => 0) });

/** What somebody chose at a corner, in words. */
function chosenAt(name: string, yours: Numbers, { ranges }: Corner): Words {
  const shown = (x: number): string => String(Number(x.toPrecision(4)));
  const places = [...ranges].slice(0, 3).map(([i, [low, high]]) => [positionOf(i, yours.shape).join(", "), shown(low), shown(high), shown(yours.data[i]!)] as const);
  const [more, mehr] = ranges.size > places.length ? [`; ${ranges.size - places.length} entries more`, `；另有 ${ranges.size - places.length} 个元素`] : ["", ""];
  return {
    en: `d${name} has a corner: ${places.map(([at, low, high, own]) => `at [${at}] any value from ${low} to ${high} is right, yours is ${own}`).join("; ")}${more} [I5]`,
    zh: `d${name} 处有折点：${places.map(([at, low, high, own]) => `[${at}] 处 ${low} 到 ${high} 之间的任何值都对，你取的是 ${own}`).join("；")}${mehr} [I5]`,
  };
}

/** What comes back along each path alone: through each gradient that was given, and straight to the loss. */
function flowsOf(f: Graph, values: Values, taps: Values, upstream: Values, loss: number, name: string): Flow[] {
  const none = Object.fromEntries(Object.entries(upstream).map(([other, x]) => [other, zero(x)]));
  const straight = impliedGradients(f, values, taps, none)[name]!;
  return [
    ...Object.keys(upstream).filter((end) => end !== name).map((end): Flow => (
      { end, value: impliedGradients(f, values, taps, { ...none, [end]: upstream[end]! }, { own: false })[name]!, y: taps[end]!, g: upstream[end]! }
    )),
    { end: null, value: straight, y: { data: Float64Array.of(loss), shape: [] }, g: { data: Float64Array.of(1), shape: [] } },
  ];
}

/** One mistake in the place of all that a path explains. */
const merged = (roots: readonly OpDiagnosis[], { of, says }: Cut): OpDiagnosis =>
  ({ ...roots[0]!, id: "B19", of: of.map((name) => `d${name}`), confidence: 1, yours: "", correct: "", says, features: [], alternatives: [] });

/** What would narrow a mistake that nothing explains. */
function advice(between: readonly string[]): Words {
  const [first, ...rest] = between.slice(0, 4).map((name) => `d${name}`);
  if (first === undefined) return { en: "name the values on the way with tap, and hand in their gradients: that narrows it down", zh: "用 tap 给途中的值命名，并交上它们的梯度：这样能缩小范围" };
  return { en: `hand in ${[first, ...rest].join(", ")} as well: that narrows it down`, zh: `把 ${[first, ...rest].join("、")} 也交上：这样能缩小范围` };
}

/** A mistake that has no name, in words. */
function inWords(root: OpDiagnosis, place: (name: string) => Place, between: readonly string[]): OpDiagnosis {
  const name = root.of[0]!.slice(1);
  if (root.id !== "unknown" || root.example === null) return root;
  const constant = root.features.find(({ en }) => en.startsWith("yours / correct is"));
  if (constant !== undefined) return { ...root, says: constant, features: root.features.filter((one) => one !== constant) };
  const telling = told(place(name));
  return telling === null ? { ...root, features: [...root.features, advice(between)] } : { ...root, ...telling };
}

/** The check of a graph: its findings, and the numbers behind them. */
export function examineGraph(f: Graph, inputs: Readonly<Record<string, unknown>>, hand: Readonly<Record<string, unknown>>, options: GraphOptions = {}): Examined {
  checkOptions("handcheckGraph", options, kinds, { call: "handcheckGraph(f, inputs, hand, { name, digits })" });
  const values = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, readOrRefuse("handcheckGraph", `the input "${name}"`, value)]));
  const { taps, loss } = valuesOf(f, values);
  const clash = Object.keys(taps).find((name) => name in values);
  if (clash !== undefined) throw new ArgumentError({ op: "handcheckGraph", problem: `"${clash}" names a tap and an input`, hint: "name one of them otherwise" });
  const shapes: Values = { ...values, ...taps };
  const { good, bad } = readHand(hand, shapes);
  const precision = precisionOf(Object.values(good).map(({ data }) => data), options.digits);

  const truth = trueGradients(f, values, taps);
  // Gradients of inputs end nothing: nothing lies above them.
  const upstream = Object.fromEntries(Object.entries(good).filter(([name]) => name in taps));
  const implied = impliedGradients(f, values, taps, upstream);
  const corners = cornersOf(f, values, taps, upstream, implied);
  const allowed = allowedIn(f, values, taps, good, precision, corners);
  // What cancels may be left out, also by somebody whose own numbers no longer cancel.
  const settled = Object.entries(upstream).map(([name, x]) => [name, cancels(truth[name]!, allowed.global[name]!) ? zero(x) : x] as const);
  const without = impliedGradients(f, values, taps, Object.fromEntries(settled));
  const sizes = [...new Set(Object.values(shapes).flatMap(({ shape }) => shape))].filter((size) => size > 1);

  // From the loss back, as people derive; the inputs last.
  const order = [...Object.keys(taps).reverse(), ...Object.keys(values)].filter((name) => name in good || name in bad);
  const roots: OpDiagnosis[] = [];
  const notes: Words[] = [];
  const tensors: Compared[] = [];
  const judged = order.map((name): OpLine => {
    const wrong = bad[name];
    const edge = { name, x: shapes[name]!, correct: implied[name]!, sizes, named: shapes, leaf: name in values, cancels: false };
    if (wrong !== undefined) {
      roots.push(diagnose({ ...edge, yours: wrong.given, allowed: 0, flows: [] }));
      return { name: `d${name}`, formula: "", status: wrong.status, local: null, global: null };
    }
    const yours = good[name]!;
    const corner = corners[name];
    const global = residualOf(yours, truth[name]!, allowed.global[name]!);
    const local = residualOf(yours, implied[name]!, allowed.local[name]!);
    const spared = residualOf(yours, without[name]!, allowed.local[name]!);
    const right = global === null || global.overTolerance <= 1;
    const chosen = corner !== undefined && isSubgradient(yours, implied[name]!, corner, allowed.local[name]!);
    const follows = chosen || [local, spared].some((residual) => residual === null || residual.overTolerance <= 1);
    const status: LineStatus = chosen && right ? "kink" : right ? "ok" : follows ? "inherited" : "root";
    if (chosen) notes.push(chosenAt(name, yours, corner));
    const nothing = cancels(truth[name]!, allowed.global[name]!);
    if (right && nothing) {
      notes.push({ en: `d${name} cancels to 0 whatever is put in: leaving it out is no mistake [I4]`, zh: `d${name} 恒相互抵消为 0：省略它不算错误 [I4]` });
    }
    if (status === "root") {
      const flows = flowsOf(f, values, taps, upstream, loss, name);
      roots.push(diagnose({ ...edge, yours, allowed: allowed.local[name]!, flows, cancels: nothing && largest(implied[name]!.data) <= allowed.global[name]! }));
    }
    tensors.push(compared(`d${name}`, yours, status === "root" ? implied[name]! : truth[name]!));
    return { name: `d${name}`, formula: "", status, local, global };
  });
  // Where no gradient was handed in on the way, a path that carries nothing shows at its end only.
  const open = roots.some(({ id }) => id === "unknown") && Object.keys(bad).length === 0;
  const cut = open ? cutOf(f, values, taps, good, roots.flatMap(({ of }) => of.map((name) => name.slice(1))), allowed.global) : null;
  const place = (name: string): Place => ({ name, yours: good[name]!, correct: implied[name]!, allowed: allowed.local[name]!, named: shapes, upstream, truth });
  const named = cut === null ? roots.map((root) => inWords(root, place, Object.keys(taps).filter((name) => !(name in upstream)))) : [merged(roots, cut)];
  // With a choice at a corner and no mistake, what differs from our own choice follows from that choice.
  const faultless = named.length === 0 && Object.keys(corners).length > 0;
  const lines = faultless ? judged.map((line) => (line.status === "inherited" ? { ...line, status: "kink" as const, global: line.local } : line)) : judged;
  const unreadable = lines.some(({ status }) => status === "shape" || status === "nan");
  const mistaken = lines.some(({ status }) => status === "root" || status === "inherited") || named.some(({ id }) => id !== "unknown");
  const findings = {
    schema: "opcheck/1",
    name: options.name ?? "graph",
    verdict: lines.length === 0 ? "inconclusive" : mistaken ? "mistake" : unreadable ? "contract" : "correct",
    reference: "autograd",
    dtype: precision.digits === null ? (precision.inferred ? "float32" : "float64") : `${precision.digits} digits`,
    forward: null,
    lines,
    roots: named,
    notes,
    witness: null,
    score: { passed: lines.filter(({ status }) => status === "ok" || status === "kink").length, given: lines.filter(({ status }) => status !== "inherited").length },
    contract: [],
  } as const;
  return { findings, tensors };
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
export const handcheckGraph = (f: Graph, inputs: Readonly<Record<string, unknown>>, hand: Readonly<Record<string, unknown>>, options: GraphOptions = {}): OpReport =>
  reported(examineGraph(f, inputs, hand, options));
