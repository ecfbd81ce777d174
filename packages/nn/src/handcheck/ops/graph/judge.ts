/**
 * Judging gradients of named values: each against the truth, and against what follows from the person's own gradients
 * further down.
 */

import { graphs } from "../../../locales/graphs.ts";
import type { Words } from "../../../locales/words.ts";
import { gradientAt, withNoise, type Noisy } from "../../claims/of-graph.ts";
import { lineOf, walk, type Met } from "../../judge/walk.ts";
import type { ComparedArray, JudgedLine, OpDiagnosis } from "../../report.ts";
import type { Corner } from "../../bounds/corners.ts";
import { largest, positionOf, zero, type Numbers } from "../../bounds/numbers.ts";
import { compared } from "../report.ts";
import { cornersOf } from "./corners.ts";
import { diagnose, type Flow } from "./diagnose.ts";
import type { Flows, Values } from "./flows.ts";
import type { HandRead } from "./hand.ts";
import { allowedIn, type Allowed } from "./noise.ts";

/** A graph at its inputs, with what was handed in and everything that it is judged by. */
export interface Setting {
  readonly flows: Flows;
  readonly inputs: Values;
  readonly taps: Values;
  readonly loss: number;
  readonly hand: HandRead;
  readonly truth: Values;
  /** The person's own gradients at taps: those of inputs end nothing. */
  readonly upstream: Values;
  /** Says what follows from these. */
  readonly implied: Values;
  /** The same with what cancels left out. */
  readonly without: Values;
  readonly corners: Readonly<Record<string, Corner>>;
  readonly allowed: Allowed;
}

/** True if the truth is nothing but rounding beside what meets there. */
function cancels(truth: Numbers, allowed: number): boolean {
  return truth.data.length > 0 && largest(truth.data) <= allowed;
}

/** Everything that the gradients are judged by; `units` is what each number of the inputs may be off. */
export function settingOf(
  flows: Flows,
  inputs: Values,
  { taps, loss }: { readonly taps: Values; readonly loss: number },
  hand: HandRead,
  units: Values,
): Setting {
  const { good, rounding } = hand;
  const truth = flows.truth(inputs, taps);
  const upstream = Object.fromEntries(Object.entries(good).filter(([name]) => name in taps));
  const implied = flows.implied(inputs, taps, upstream);
  const corners = cornersOf(flows, inputs, taps, upstream, implied);
  const allowed = allowedIn(flows, inputs, taps, good, rounding, corners, units);
  // What cancels may be left out, also by somebody whose own numbers no longer cancel.
  const settled = Object.entries(upstream).map(
    ([name, x]) => [name, cancels(truth[name]!, allowed.global[name]!) ? zero(x) : x] as const,
  );
  return {
    flows,
    inputs,
    taps,
    loss,
    hand,
    truth,
    upstream,
    implied,
    corners,
    allowed,
    without: flows.implied(inputs, taps, Object.fromEntries(settled)),
  };
}

/** Returns what somebody chose at a corner, in words. */
function chosenAt(name: string, yours: Numbers, { ranges }: Corner): Words {
  const shown = (x: number): string => String(Number(x.toPrecision(4)));
  const places = [...ranges].slice(0, 3).map(([i, [from, to]]): Words => {
    const [at, low, high, own] = [positionOf(i, yours.shape).join(", "), shown(from), shown(to), shown(yours.data[i]!)];
    return graphs.chosenAt({ at, low, high, own });
  });
  const more = ranges.size - places.length;
  return graphs.corner({ name, places, more });
}

/** Returns what comes back along each path alone: through each gradient that was given, and straight to the loss. */
function pathsTo({ flows, inputs, taps, upstream, loss }: Setting, name: string): Flow[] {
  const none = Object.fromEntries(Object.entries(upstream).map(([other, x]) => [other, zero(x)]));
  const straight = flows.implied(inputs, taps, none)[name]!;
  return [
    ...Object.keys(upstream)
      .filter((end) => end !== name)
      .map((end): Flow => ({
        end,
        value: flows.implied(inputs, taps, { ...none, [end]: upstream[end]! }, { own: false })[name]!,
        y: taps[end]!,
        g: upstream[end]!,
      })),
    {
      end: null,
      value: straight,
      y: { data: Float64Array.of(loss), shape: [] },
      g: { data: Float64Array.of(1), shape: [] },
    },
  ];
}

/** One gradient, judged. */
interface Judged {
  readonly line: JudgedLine;
  readonly root: OpDiagnosis | null;
  readonly notes: readonly Words[];
  readonly tensor: ComparedArray | null;
}

/** The judgment of the gradients at these names. */
export function judged(setting: Setting, names: readonly string[]): Judged[] {
  const {
    hand: { good, bad },
    truth,
    implied,
    without,
    corners,
    allowed: { local, global },
  } = setting;
  const claims = names.map((name) =>
    gradientAt(
      name,
      good[name] ?? bad[name]!.given,
      { value: implied[name]!, allowed: local[name] ?? 0, otherwise: without[name] },
      { value: truth[name]!, allowed: global[name] ?? 0 },
      corners[name],
    ),
  );
  return Array.from(walk(claims, withNoise), (met, k) => judgedAs(setting, names[k]!, met));
}

function judgedAs(setting: Setting, name: string, met: Met<Noisy>): Judged {
  const { inputs, taps, truth, implied, corners, allowed } = setting;
  const yours = met.claim.given!.value;
  const line = lineOf(met, withNoise);
  const { status } = line;
  const named: Values = { ...inputs, ...taps };
  const sizes = [...new Set(Object.values(named).flatMap(({ shape }) => shape))].filter((size) => size > 1);
  const edge = {
    name,
    x: named[name]!,
    yours,
    correct: implied[name]!,
    sizes,
    named,
    leaf: name in inputs,
    cancels: false,
  };
  if (status === "shape" || status === "nan")
    return { line, root: diagnose({ ...edge, allowed: 0, flows: [] }), notes: [], tensor: null };
  const nothing = cancels(truth[name]!, allowed.global[name]!);
  const isNothing = nothing && largest(implied[name]!.data) <= allowed.global[name]!;
  return {
    line,
    root:
      status === "root"
        ? diagnose({ ...edge, allowed: allowed.local[name]!, flows: pathsTo(setting, name), cancels: isNothing })
        : null,
    notes: [
      ...(met.standing === "chosen" ? [chosenAt(name, yours, corners[name]!)] : []),
      ...(nothing && (status === "ok" || status === "kink") ? [graphs.cancels({ name })] : []),
    ],
    tensor: compared(`d${name}`, yours, status === "root" ? implied[name]! : truth[name]!),
  };
}
