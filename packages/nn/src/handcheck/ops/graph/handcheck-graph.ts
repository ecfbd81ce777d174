/**
 * Checks gradients of named intermediates of any graph: each against the truth, and against what follows from the
 * person's own.
 */

import { ArgumentError, checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import { graphs } from "../../../locales/graphs.ts";
import type { Words } from "../../../locales/words.ts";
import type { ExaminedOp, OpDiagnosis } from "../../report.ts";
import { reported, type OpReport } from "../report.ts";
import { inOrder } from "../../judge/order.ts";
import { cutOf, type Cut } from "./cuts.ts";
import { inputUnits, readHand, readInputs, type Rounding } from "./hand.ts";
import { flowsOf, type Flows, type Graph } from "./flows.ts";
import { judged, settingOf, type Setting } from "./judge.ts";
import { told, type Place } from "./told.ts";

/** How the numbers are read. */
export interface GraphOptions {
  /** Says what stands at the head of the report. */
  readonly name?: string;
  /** How many significant digits the numbers were copied with; read off them where nothing is said. */
  readonly digits?: number;
}

const kinds: OptionKinds<GraphOptions> = { name: option.text, digits: option.finite(0) };

/** One mistake in the place of all that a path explains. */
const merged = (roots: readonly OpDiagnosis[], { of, says }: Cut): OpDiagnosis => ({
  ...roots[0]!,
  id: "B19",
  kind: "missing",
  of: of.map((name) => `d${name}`),
  confidence: 1,
  yours: "",
  correct: "",
  says,
  features: [],
  alternatives: [],
});

/** A mistake that has no name, in words. */
function inWords(root: OpDiagnosis, place: (name: string) => Place, between: readonly string[]): OpDiagnosis {
  if (root.id !== "unknown" || root.example === null) return root;
  const { says, ...rest } = told(place(root.of[0]!.slice(1)), between);
  return { ...root, ...rest, says: says ?? root.says };
}

const dtypeOf = ({ digits, decimals, inferred }: Rounding): string =>
  digits !== null ? `${digits} digits` : decimals !== null ? `${decimals} decimals` : inferred ? "float32" : "float64";

/** The mistakes under the names that they have, or in words. */
function namedAll(
  roots: readonly OpDiagnosis[],
  { flows, inputs, taps, hand: { good, bad }, truth, implied, upstream, allowed }: Setting,
): readonly OpDiagnosis[] {
  // Where no gradient was handed in on the way, a path that carries nothing shows at its end only.
  const open = roots.some(({ id }) => id === "unknown") && Object.keys(bad).length === 0;
  const cut = open
    ? cutOf(
        flows,
        inputs,
        taps,
        good,
        roots.flatMap(({ of }) => of.map((name) => name.slice(1))),
        allowed.global,
      )
    : null;
  if (cut !== null) return [merged(roots, cut)];
  const place = (name: string): Place => ({
    name,
    yours: good[name]!,
    correct: implied[name]!,
    allowed: allowed.local[name]!,
    named: { ...inputs, ...taps },
    upstream,
    truth,
  });
  return roots.map((root) =>
    inWords(
      root,
      place,
      Object.keys(taps).filter((name) => !(name in upstream)),
    ),
  );
}

/** The findings under one reading of the inputs. */
function examined(setting: Setting, name: string): ExaminedOp {
  const {
    taps,
    inputs,
    hand: { good, bad, rounding },
    corners,
  } = setting;
  // From the loss back, as people derive; the inputs last.
  const order = [...Object.keys(taps).reverse(), ...Object.keys(inputs)].filter((one) => one in good || one in bad);
  const all = judged(setting, order);
  const roots = namedAll(
    all.flatMap(({ root }) => root ?? []),
    setting,
  );
  // With a choice at a corner and no mistake, what differs from our own choice follows from that choice.
  const faultless = roots.length === 0 && Object.keys(corners).length > 0;
  const lines = all.map(({ line }) =>
    faultless && line.status === "inherited" ? { ...line, status: "kink" as const, global: line.local } : line,
  );
  const unreadable = lines.some(({ status }) => status === "shape" || status === "nan");
  const mistaken =
    lines.some(({ status }) => status === "root" || status === "inherited") || roots.some(({ id }) => id !== "unknown");
  const findings = {
    schema: "opcheck/1",
    name,
    verdict: lines.length === 0 ? "inconclusive" : mistaken ? "mistake" : unreadable ? "contract" : "correct",
    reference: "autograd",
    dtype: dtypeOf(rounding),
    forward: null,
    lines,
    roots: inOrder(roots, "follows"),
    notes: all.flatMap(({ notes }) => notes),
    witness: null,
    score: {
      passed: lines.filter(({ status }) => status === "ok" || status === "kink").length,
      given: lines.filter(({ status }) => status !== "inherited").length,
    },
    contract: [],
  } as const;
  return { findings, tensors: all.flatMap(({ tensor }) => tensor ?? []) };
}

/** The check of a graph: its findings, and the numbers behind them. */
export function examineGraph(
  flows: Flows,
  inputs: Readonly<Record<string, unknown>>,
  hand: Readonly<Record<string, unknown>>,
  options: GraphOptions = {},
): ExaminedOp {
  checkOptions("handcheckGraph", options, kinds, { call: "handcheckGraph(f, inputs, hand, { name, digits })" });
  const values = readInputs("handcheckGraph", inputs);
  const run = flows.values(values);
  const clash = Object.keys(run.taps).find((name) => name in values);
  if (clash !== undefined)
    throw new ArgumentError({
      op: "handcheckGraph",
      problem: `"${clash}" names a tap and an input`,
      hint: "name one of them otherwise",
    });
  const read = readHand("handcheckGraph", hand, { ...values, ...run.taps }, options.digits);
  const exact = examined(settingOf(flows, values, run, read, {}), options.name ?? "graph");
  const units = inputUnits(values);
  if (exact.findings.verdict !== "mistake" || Object.keys(units).length === 0) return exact;
  // Only what no reading of the inputs explains is a mistake.
  const rounded = examined(settingOf(flows, values, run, read, units), options.name ?? "graph");
  if (rounded.findings.verdict !== "correct") return exact;
  const names = Object.keys(units);
  const note: Words = graphs.readAsPrinted({ names });
  return { ...rounded, findings: { ...rounded.findings, notes: [...rounded.findings.notes, note] } };
}

/**
 * Checks hand-derived gradients of named intermediates: only the one whose own rule is wrong is blamed, and what
 * follows from it is inherited.
 *
 * @param f - gives the scalar loss; inside it, `tap("hpre", x)` names a value
 * @param inputs - by name: tensors, nested arrays, or typed arrays with a shape
 * @param hand - gradients by name: `{ dhpre, dW1 }`, or `"hpre.grad"`
 * @returns the report, one line for each gradient in the order of the derivation, from the loss back
 * @throws ArgumentError for a gradient of nothing that is named
 */
export const handcheckGraph = (
  f: Graph,
  inputs: Readonly<Record<string, unknown>>,
  hand: Readonly<Record<string, unknown>>,
  options: GraphOptions = {},
): OpReport => reported(examineGraph(flowsOf(f), inputs, hand, options));
