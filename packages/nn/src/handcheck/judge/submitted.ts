/** Judges what was handed in: of several ways to read it, the one under which it holds, or under which least is wrong. */

import { tensor, type Tensor } from "@chainrule/autograd";
import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import { network, type Network } from "../../network/network.ts";
import { costOf } from "../../network/cost.ts";
import type { Activation, Cost } from "../equations/index.ts";
import { examine, type Examined } from "./examine.ts";
import type { HandcheckOptions } from "../handcheck.ts";
import { roleText } from "../intake/display.ts";
import type { NumberArray } from "../intake/given.ts";
import { lookOfArray, type Look } from "../intake/look.ts";
import { handOf, problemOf } from "../intake/plain.ts";
import { Refusal } from "../intake/refusal.ts";
import type { Reading, Submission } from "../intake/submission.ts";
import { undecidedActivations } from "../intake/untold.ts";
import { turned } from "../intake/values.ts";
import type { Hand, Report } from "../report.ts";
import type { Problem } from "../claims/setting.ts";

/** The report, and the numbers that it is about. */
export interface Submitted {
  readonly report: Report;
  readonly problem: Problem;
  readonly hand: Hand;
  readonly network: Network;
}

interface Tried extends Omit<Submitted, "report"> {
  readonly reading: Reading;
  readonly examined: Examined;
  readonly score: number;
}

/** How much a reading asks one to believe: nothing where all holds; mistakes count, and those without a name count most. */
export function burden({ verdict, roots }: Pick<Examined, "verdict" | "roots">): number {
  if (verdict === "correct") return 0;
  const mistakes = roots.reduce((sum, { id, alternatives }) => sum + (id === "unknown" ? 10 : id.split("+").length) + 0.1 * alternatives.length, 0);
  return 0.5 + mistakes + (verdict === "contract" ? 100 : 0);
}

function parametersOf({ W, b }: Problem): Record<string, Tensor> {
  const found: Record<string, Tensor> = {};
  for (let l = 1; l < W.length; l++) {
    found[`W${l}`] = tensor(W[l] as number[][]);
    found[`b${l}`] = tensor(b[l] as number[]);
  }
  return found;
}

/** How every array is written, by the names that the judge uses. */
function looksOf({ W, b, x, t, hand }: Reading): ReadonlyMap<string, Look> {
  const layers = (name: string, list: readonly (NumberArray | null)[]): (readonly [string, NumberArray | null])[] => list.map((one, l) => [`${name} ${l}`, one]);
  const all = [...layers("W", W), ...layers("b", b), ["x", x] as const, ["t", t] as const, ...hand.map(({ role, layer, value }) => [`${role} ${layer}`, value] as const)];
  return new Map(all.flatMap(([key, one]) => (one === null ? [] : [[key, lookOfArray(one)] as const])));
}

const single = (entries: readonly number[]): number[] => entries.map(Math.fround);

function attempt(reading: Reading, submission: Submission, options: HandcheckOptions): Tried {
  const [whole, hand] = [problemOf(reading), handOf(reading.hand, submission.told)];
  const problem = submission.told.dtype === "float32" ? { ...whole, W: whole.W.map((rows) => rows.map(single)), b: whole.b.map(single) } : whole;
  const { sizes, activations, cost } = reading;
  const net = network({ sizes, activations, cost, parameters: parametersOf(problem) });
  const examined = examine(net, problem, hand, options, looksOf(reading));
  return { reading, problem, hand, network: net, examined, score: burden(examined) };
}

/** A δ, u or v as wide as there are samples may lie either way, each on its own. */
function withTurned(best: Tried, submission: Submission, options: HandcheckOptions): Tried {
  let found = best;
  for (const { role, layer, value } of best.reading.hand) {
    const open = (role === "delta" || role === "u" || role === "v") && value.shape.length === 2 && value.shape[0] === value.shape[1] && value.shape[0]! > 1;
    if (!open || found.score === 0) continue;
    const name = roleText(role, layer);
    const says: Words = judging.transposed({ name });
    const hand = found.reading.hand.map((one) => (one.role === role && one.layer === layer ? { ...one, value: turned(one.value) } : one));
    const other = attempt({ ...found.reading, hand, says: [...found.reading.says, says] }, submission, options);
    if (other.score < found.score) found = other;
  }
  return found;
}

/** Names under which programs keep what a layer gives, and others what it is given: PyTorch's `h` before `h_relu`, and `out`, the logits. */
const either = /(?:^|[._])(?:h|hidden|o|out|outputs?|preds?|predictions?|y_?pred)_?\d*$/i;

/** What was taken for v of a layer, and is its u. */
function withInputs(best: Tried, submission: Submission, options: HandcheckOptions): Tried {
  let found = best;
  for (const { role, layer, path } of best.reading.hand) {
    const taken = best.reading.hand.some((one) => one.role === "u" && one.layer === layer);
    if (role !== "v" || taken || found.score === 0 || !either.test(path)) continue;
    const name = path.split(".").at(-1)!;
    const says: Words = judging.beforeActivation({ name, sign: roleText("u", layer) });
    const hand = found.reading.hand.map((one) => (one.role === role && one.layer === layer ? { ...one, role: "u" as const } : one));
    const other = attempt({ ...found.reading, hand, says: [...found.reading.says, says] }, submission, options);
    if (other.score < found.score) found = other;
  }
  return found;
}

const arrays = ({ W, b, x, t, sizes }: Reading): readonly (NumberArray | null)[] => [...W, ...b, x, t, { ...x, data: Float64Array.from(sizes) }];

/** Two readings of the same numbers in the same places. */
function sameLayout(a: Reading, b: Reading): boolean {
  const [own, other] = [arrays(a), arrays(b)];
  return own.length === other.length && own.every((one, i) => {
    const two = other[i]!;
    return one === null || two === null ? one === two : one.data.length === two.data.length && one.data.every((x, k) => x === two.data[k]);
  });
}

/** What a verdict of right hangs on where no cost was told: above sigmoids v − t is right for one, and a slip for the other. */
export function conditionOf(cost: Cost, activations: readonly Activation[]): Words | null {
  if (costOf(cost).name !== "crossEntropy" || activations.at(-1) !== "sigmoid") return null;
  return judging.rightForCrossEntropy;
}

/** What was decided that nobody told. */
function decisions({ reading, score }: Tried, { readings, told }: Submission): { says: Words[]; condition: Words | null } {
  const says: Words[] = [];
  let condition: Words | null = null;
  const right = score === 0;
  if (readings.some((one) => !sameLayout(one, reading))) {
    says.push(right ? judging.layoutOpenAndRight : judging.layoutOpenAndWrong);
  }
  if (told.activations === undefined) {
    const { activations } = reading;
    const names = activations.every((one) => one === activations[0]) ? activations[0]! : activations.join(", ");
    says.push(right ? judging.activationsHold({ names }) : judging.activationsTaken({ names }));
  }
  const { otherActivations = [] } = told;
  if (otherActivations.length > 0) {
    const all = [told.activations!, ...otherActivations];
    const open = reading.activations.filter((one, l) => all.some((other) => other[l] !== one));
    const names = [...new Set(open)].join(", ");
    says.push(right ? judging.theseHold({ names }) : judging.theseTaken({ names }));
  }
  if (told.cost === undefined) {
    const { cost, activations } = reading;
    says.push(right ? judging.costHolds({ cost }) : judging.costTaken({ cost }));
    if (right) condition = conditionOf(cost, activations);
  } else if (told.cost !== reading.cost) says.push(judging.costReadAs({ told: told.cost, cost: reading.cost }));
  return { says, condition };
}

/** Of activations that nobody told those that the numbers decide: everything holds under them, or the layers' outputs are theirs and no others'. */
function decided(tried: readonly Tried[], untold: Words): readonly Tried[] {
  if (tried.some(({ score }) => score === 0)) return tried;
  const names = ({ reading }: Tried): string => reading.activations.join(" ");
  const fitting = tried.filter(({ reading, examined: { lines } }) => {
    const layers = new Set(reading.hand.filter(({ role }) => role === "v").map(({ layer }) => layer));
    return layers.size === reading.activations.length && lines.every(({ equation, status }) => equation !== "forward" || status === "ok");
  });
  if (new Set(fitting.map(names)).size !== 1) throw new Refusal([undecidedActivations(untold)]);
  return fitting;
}

/** Judges a submission; throws a `Refusal` where a number is missing that nothing can stand in for. */
export function checkSubmission(submission: Submission, options: HandcheckOptions = {}): Submitted {
  const tried: Tried[] = [];
  for (const reading of submission.readings) {
    tried.push(attempt(reading, submission, options));
    if (tried.at(-1)!.score === 0) break;
  }
  const judged = submission.untold === null ? tried : decided(tried, submission.untold);
  const least = Math.min(...judged.map(({ score }) => score));
  const best = withInputs(withTurned(judged.find(({ score }) => score === least)!, submission, options), submission, options);
  if (submission.unknownBias.length > 0 && best.score > 0) {
    throw new Refusal(submission.unknownBias.map(({ layer, path }) => judging.biasMissing({ layer, path })));
  }
  const { says, condition } = decisions(best, submission);
  const report = best.examined.report();
  const readAs = [...submission.says, ...best.reading.says, ...says];
  const { problem, hand, network: net } = best;
  return { report: { ...report, readAs, ...(condition === null ? {} : { condition }) }, problem, hand, network: net };
}
