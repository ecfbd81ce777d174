/**
 * Judges what was handed in: of several ways to read it, the one under which it holds, or under which least is wrong.
 */

import { tensor, type Tensor } from "@chainrule/autograd";
import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import { network, type Network } from "../../network/network.ts";
import { costOf } from "../../network/cost.ts";
import type { Activation, Cost } from "../equations/network.ts";
import { examine } from "./examine.ts";
import type { Looks } from "../claims/hand.ts";
import type { Examined, HandcheckOptions } from "./options.ts";
import { roleText } from "../intake/display.ts";
import type { NumberArray } from "../intake/given.ts";
import { lookOfArray } from "../bounds/look.ts";
import type { Placed } from "../intake/numbering.ts";
import { handOf, problemOf, rowsOf } from "../intake/plain.ts";
import { Refusal } from "../intake/refusal.ts";
import type { Layout, Reading, Submission } from "../intake/submission.ts";
import { undecidedActivations } from "../intake/untold.ts";
import { turned } from "../intake/values.ts";
import { burden, least } from "./least.ts";
import { outlook, type Outlook } from "./outlook.ts";
import type { Hand, Line, LineStatus, Report } from "../report.ts";
import type { Problem } from "../claims/setting.ts";

/** The report, and the numbers that it is about. */
export interface Submitted {
  readonly report: Report;
  readonly problem: Problem;
  readonly hand: Hand;
  readonly network: Network;
}

/** A reading in plain numbers. */
interface Numbers extends Omit<Submitted, "report" | "network"> {
  readonly reading: Reading;
  readonly looks: Looks;
}

interface Tried extends Numbers {
  readonly network: Network;
  readonly examined: Examined;
}

function parametersOf({ W, b }: Problem): Record<string, Tensor> {
  const found: Record<string, Tensor> = {};
  for (let l = 1; l < W.length; l++) {
    found[`W${l}`] = tensor(W[l] as number[][]);
    found[`b${l}`] = tensor(b[l] as number[]);
  }
  return found;
}

/** Makes what is made of a key once. */
function kept<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key) ?? { value: make(key) };
    known.set(key, found);
    return found.value;
  };
}

const single = (entries: readonly number[]): number[] => entries.map(Math.fround);

/** The readings of one submission, tried: what they share is made plain once. */
class Trial {
  readonly #submission: Submission;
  readonly #options: HandcheckOptions;
  readonly #rows = kept(rowsOf);
  readonly #look = kept(lookOfArray);
  readonly #hand = kept((placed: Reading["hand"]) => handOf(placed, this.#submission.told));

  constructor(submission: Submission, options: HandcheckOptions) {
    this.#submission = submission;
    this.#options = options;
  }

  /** A reading in numbers. */
  numbers(reading: Reading): Numbers {
    const whole = problemOf(reading, this.#rows);
    const problem =
      this.#submission.told.dtype === "float32"
        ? { ...whole, W: whole.W.map((rows) => rows.map(single)), b: whole.b.map(single) }
        : whole;
    return { reading, problem, hand: this.#hand(reading.hand), looks: this.#looks(reading) };
  }

  /** Returns what a reading may come to. */
  outlook({ problem, hand, looks }: Numbers): Outlook {
    return outlook(problem, hand, this.#options, looks);
  }

  examine(numbers: Numbers): Tried {
    const {
      problem,
      hand,
      looks,
      reading: { sizes, activations, cost },
    } = numbers;
    const net = network({ sizes, activations, cost, parameters: parametersOf(problem) });
    return { ...numbers, network: net, examined: examine(net, problem, hand, this.#options, looks) };
  }

  /** Examines a reading that may ask one to believe less than `beyond`; the first is not looked at before. */
  undercut(reading: Reading, beyond: number): Tried | null {
    const numbers = this.numbers(reading);
    return beyond !== Infinity && this.outlook(numbers).asks >= beyond ? null : this.examine(numbers);
  }

  /** How every array is written, by the names that the judge uses. */
  #looks({ W, b, x, t, hand }: Reading): Looks {
    const layers = (name: string, list: readonly (NumberArray | null)[]): (readonly [string, NumberArray | null])[] =>
      list.map((one, l) => [`${name} ${l}`, one]);
    const all = [
      ...layers("W", W),
      ...layers("b", b),
      ["x", x] as const,
      ["t", t] as const,
      ...hand.map(({ role, layer, value }) => [`${role} ${layer}`, value] as const),
    ];
    return new Map(all.flatMap(([key, one]) => (one === null ? [] : [[key, this.#look(one)] as const])));
  }
}

const asked = ({ examined }: Tried): number => burden(examined);

/** The lines of an array of units that was handed in: its own equation, or its place in the forward pass. */
const linesOf = ({ examined: { lines } }: Tried, { role, layer }: Placed): readonly Line[] =>
  lines.filter(
    (line) =>
      line.layer === layer &&
      (role === "delta"
        ? line.equation === "BP1" || line.equation === "BP2"
        : line.equation === "forward" && line.name === roleText(role, layer).en),
  );

const failed: readonly LineStatus[] = ["root", "shape", "nan", "undecided"];

/** A δ, u or v as wide as there are samples may lie either way, each on its own, unless it is right as it lies. */
function withTurned(best: Tried, trial: Trial): Tried {
  let found = best;
  for (const one of best.reading.hand) {
    const { role, layer, value } = one;
    const open =
      (role === "delta" || role === "u" || role === "v") &&
      value.shape.length === 2 &&
      value.shape[0] === value.shape[1] &&
      value.shape[0]! > 1;
    if (!open || asked(found) === 0 || !linesOf(found, one).some(({ status }) => failed.includes(status))) continue;
    const name = roleText(role, layer);
    const hand = found.reading.hand.map((other) =>
      other.role === role && other.layer === layer ? { ...other, value: turned(other.value) } : other,
    );
    found = lighter(
      found,
      { ...found.reading, hand, says: [...found.reading.says, judging.transposed({ name })] },
      trial,
    );
  }
  return found;
}

/** The other reading, where it asks one to believe less. */
function lighter(found: Tried, reading: Reading, trial: Trial): Tried {
  const other = trial.undercut(reading, asked(found));
  return other !== null && asked(other) < asked(found) ? other : found;
}

/**
 * Names under which programs keep what a layer gives, and others what it is given: PyTorch's `h` before `h_relu`, and
 * `out`, the logits.
 */
const either = /(?:^|[._])(?:h|hidden|o|out|outputs?|preds?|predictions?|y_?pred)_?\d*$/i;

/** Returns the reading in which what was taken for v of a layer is its u. */
function withInputs(best: Tried, trial: Trial): Tried {
  let found = best;
  for (const { role, layer, path } of best.reading.hand) {
    const taken = best.reading.hand.some((one) => one.role === "u" && one.layer === layer);
    if (role !== "v" || taken || asked(found) === 0 || !either.test(path)) continue;
    const name = path.split(".").at(-1)!;
    const says: Words = judging.beforeActivation({ name, sign: roleText("u", layer) });
    const hand = found.reading.hand.map((one) =>
      one.role === role && one.layer === layer ? { ...one, role: "u" as const } : one,
    );
    found = lighter(found, { ...found.reading, hand, says: [...found.reading.says, says] }, trial);
  }
  return found;
}

const arrays = ({ W, b, x, t, sizes }: Layout): readonly (NumberArray | null)[] => [
  ...W,
  ...b,
  x,
  t,
  { ...x, data: Float64Array.from(sizes) },
];

/** The same numbers in the same places. */
function sameLayout(a: Layout, b: Layout): boolean {
  const [own, other] = [arrays(a), arrays(b)];
  return (
    own.length === other.length &&
    own.every((one, i) => {
      const two = other[i]!;
      return one === null || two === null
        ? one === two
        : one.data.length === two.data.length && one.data.every((x, k) => x === two.data[k]);
    })
  );
}

/**
 * Returns what a verdict of right hangs on where no cost was told: above sigmoids v − t is right for one, and a slip
 * for the other.
 */
export function conditionOf(cost: Cost, activations: readonly Activation[]): Words | null {
  if (costOf(cost).name !== "crossEntropy" || activations.at(-1) !== "sigmoid") return null;
  return judging.rightForCrossEntropy;
}

/** Returns what was decided that nobody told. */
function decisions(
  { reading, examined }: Tried,
  { layouts, told }: Submission,
): { says: Words[]; condition: Words | null } {
  const says: Words[] = [];
  let condition: Words | null = null;
  const right = burden(examined) === 0;
  if (layouts.some((one) => !sameLayout(one, reading))) {
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

/** True where the outputs of all layers were handed in, and are those of the reading. */
function fitsOutputs({ reading, examined: { lines } }: Tried): boolean {
  return hasOutputs(reading) && lines.every(({ equation, status }) => equation !== "forward" || status === "ok");
}

const hasOutputs = ({ hand, activations }: Reading): boolean =>
  new Set(hand.filter(({ role }) => role === "v").map(({ layer }) => layer)).size === activations.length;

/**
 * The reading of activations that nobody told, where the numbers decide which they are: everything holds under them, or
 * the layers' outputs are theirs and no others'. Only what may be one of both is examined.
 */
function decided({ readings }: Submission, untold: Words, trial: Trial): Tried {
  const tried: (readonly Activation[])[] = [];
  const fitting: Numbers[] = [];
  const right = least(
    readings,
    (reading) => {
      if (tried.at(-1) !== reading.activations) tried.push(reading.activations);
      const numbers = trial.numbers(reading);
      const hope = trial.outlook(numbers);
      if (hope.forward && hasOutputs(reading)) fitting.push(numbers);
      const one = hope.right ? trial.examine(numbers) : null;
      return one !== null && asked(one) === 0 ? one : null;
    },
    ({ examined }) => examined,
  );
  if (right !== null) return right;
  const examined = fitting.map((numbers) => trial.examine(numbers)).filter(fitsOutputs);
  if (new Set(examined.map(({ reading }) => reading.activations.join(" "))).size !== 1)
    throw new Refusal([undecidedActivations(untold, tried)]);
  return least(
    examined,
    (one) => one,
    ({ examined: found }) => found,
  )!;
}

/** Judges a submission; throws a `Refusal` where a number is missing that nothing can stand in for. */
export function checkSubmission(submission: Submission, options: HandcheckOptions = {}): Submitted {
  const trial = new Trial(submission, options);
  const first =
    submission.untold === null
      ? least(
          submission.readings,
          (reading, beyond) => trial.undercut(reading, beyond),
          ({ examined }) => examined,
        )!
      : decided(submission, submission.untold, trial);
  const best = withInputs(withTurned(first, trial), trial);
  if (submission.unknownBias.length > 0 && asked(best) > 0) {
    throw new Refusal(submission.unknownBias.map(({ layer, path }) => judging.biasMissing({ layer, path })));
  }
  const { says, condition } = decisions(best, submission);
  const report = best.examined.report();
  const readAs = [...submission.says, ...best.reading.says, ...says];
  const { problem, hand, network: net } = best;
  return { report: { ...report, readAs, ...(condition === null ? {} : { condition }) }, problem, hand, network: net };
}
