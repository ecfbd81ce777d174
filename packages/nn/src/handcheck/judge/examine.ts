/** One hand on one batch: the convention, the forward pass, the equations, and from them the report. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import { costOf, costWords } from "../../network/cost.ts";
import type { Network } from "../../network/network.ts";
import { inReading, readBeside, type Read } from "./beside.ts";
import { blindness } from "./blindness.ts";
import { choose, waysOf, type Chosen } from "./choose.ts";
import { conventionNote } from "../claims/conventions.ts";
import { checkForward } from "./forward.ts";
import type { Examined, HandcheckOptions } from "./options.ts";
import { doubtsAbout } from "./doubts.ts";
import type { Looks, RawHand } from "../claims/hand.ts";
import { isLayoutOfStepsGuessed } from "../claims/implied.ts";
import { readingWords, type Reading, type Readings } from "../bounds/rounding.ts";
import { judge, type Judged } from "./network.ts";
import { once } from "../once.ts";
import { inOrder } from "./order.ts";
import type { Explanation } from "../relations/explain.ts";
import { ownRates } from "./rates.ts";
import type { Blindness, Diagnosis, Doubt, Hand, Line, Report, Verdict } from "../report.ts";
import { settle, type Problem } from "../claims/setting.ts";
import { untoldDecay } from "./untold-decay.ts";
import { witness } from "./witness.ts";

/**
 * Judges one hand on one batch; `looks` says how its numbers are written, where more is known than the numbers,
 * `oneRate` that all layers step by one η.
 */
export function examine(
  network: Network,
  problem: Problem,
  hand: Hand,
  options: HandcheckOptions,
  looks?: Looks,
  oneRate = false,
): Examined {
  const read = readBeside(problem, hand, options, looks);
  const { declared, problem: judged } = read;
  const {
    reading,
    chosen,
    contract,
    roots: found,
    words,
    verdict,
    ...told
  } = decide(read.readings, (one) => attempt(read, one, oneRate));
  const [lines, doubts] = [told.lines(), told.doubts()];

  const report = (roots: readonly Diagnosis[] = found): Report => {
    const plain = reading.epsilon === Number.EPSILON && !reading.rounded && judged === problem;
    const seen = witness(network, plain ? chosen.truth : settle(problem), options.seed ?? 0);
    const { inferred, note } = conventionNote(chosen.convention, declared, problem.x.length, problem.cost);
    const given = lines.filter(({ status }) => status !== "missing");
    const failed = given.filter(({ status }) => ["root", "shape", "nan", "undecided"].includes(status));
    const rounding = readingWords(reading);
    let blind: Blindness | undefined;
    return {
      schema: "handcheck/1",
      verdict: seen.agrees ? verdict : "inconclusive",
      network: {
        sizes: problem.sizes,
        activations: problem.activations,
        cost: problem.cost,
        samples: problem.x.length,
      },
      costSaid: { words: costWords(problem.cost), formula: costOf(problem.cost).record.formula },
      convention: { used: chosen.convention, inferred, note: reading.inferred ? withRounding(note, rounding) : note },
      lines,
      roots: inOrder(
        roots.map((root) => inWords(root, words.get(root))),
        "follows",
      ),
      undecided: doubts,
      rounding,
      contract,
      // Every typical mistake is made for it: a program that does not ask does not wait.
      get blindness() {
        return (blind ??= blindness(chosen.truth, reading));
      },
      witness: seen,
      score: { passed: given.length - failed.length, given: given.length },
    };
  };
  return { verdict, lines, roots: found, undecided: doubts, report };
}

/** One hand in one reading of its numbers. */
interface Attempt {
  readonly reading: Reading;
  readonly chosen: Chosen;
  readonly lines: () => readonly Line[];
  readonly roots: readonly Diagnosis[];
  readonly contract: readonly Words[];
  readonly words: Judged["words"];
  readonly doubts: () => readonly Doubt[];
  readonly verdict: Verdict;
}

/** A root without a name, in words. */
function inWords(root: Diagnosis, words: (() => Explanation) | undefined): Diagnosis {
  if (words === undefined) return root;
  const { says, yours, features } = words();
  return { ...root, says: says ?? root.says, yours: yours === "" ? root.yours : yours, features };
}

/**
 * The hand with its steps the other way round, where it is right so: how square matrices lie is guessed by which steps
 * are shorter, and right steps may be long.
 */
function withStepsTurned(read: Read, reading: Reading, { chosen }: Attempt): Attempt | null {
  const weights = chosen.convention.weights === "in×out" ? "out×in" : "in×out";
  const declared = { ...read.declared, weights } as const;
  const { raw, truth } = inReading({ ...read, declared }, reading);
  const other = judgeUnder(choose(raw, truth, declared), raw, reading);
  return other.roots.length === 0 && other.contract.length === 0 ? other : null;
}

function attempt(read: Read, reading: Reading, oneRate: boolean): Attempt {
  const { declared } = read;
  const { given, raw, truth } = inReading(read, reading);
  const first = judgeUnder(choose(raw, truth, declared), raw, reading);
  if (first.roots.length === 0) return first;
  const turned = isLayoutOfStepsGuessed(given, declared) ? withStepsTurned(read, reading, first) : null;
  if (turned !== null) return turned;
  const { convention, hand: canonical, truth: settled } = first.chosen;
  const rated = oneRate ? null : ownRates(settled, canonical, given, first);
  if (rated !== null) return judgeUnder({ convention, hand: rated.hand, truth: settled }, raw, reading, rated.doubts);
  const untold = first.roots.some(({ id }) => id === "unknown")
    ? untoldDecay(truth, waysOf(raw, truth, declared))
    : null;
  return untold === null ? first : judgeUnder(untold.chosen, raw, reading, untold.doubts);
}

/** A hand under a convention; what is asked about in `questions` is neither right nor wrong. */
function judgeUnder(chosen: Chosen, raw: RawHand, reading: Reading, questions: readonly Doubt[] = []): Attempt {
  const forward = checkForward(chosen.truth, chosen.hand);
  const backward = chosen.judged ?? judge(forward.setting, chosen.truth, chosen.hand);
  const contract = [...raw.contract, ...backward.contract];
  const named = forward.roots();
  // Of a wrong hand nobody asks what is in doubt, but in the one reading that is told.
  const doubts = once(() => [
    ...questions,
    ...(reading.rounded ? doubtsAbout(forward.setting, chosen.hand, backward.delta, backward.lines) : []),
  ]);
  const lines = once(() => inDoubt([...forward.lines, ...withBroken(backward.lines, raw)], doubts()));
  const roots = backward.roots.filter(
    (root) => !questions.some(({ equation, layer }) => equation === root.equation && layer === root.layer),
  );
  const verdict = verdictOf(contract, named.length, roots.length, lines);
  return { reading, chosen, lines, roots: [...named, ...roots], contract, words: backward.words, doubts, verdict };
}

/** Right in one strict reading is right; wrong is what is wrong in the loosest; what lies between is undecided. */
function decide({ strict, exact, loose }: Readings, tryOut: (reading: Reading) => Attempt): Attempt {
  const tried: Attempt[] = [];
  for (const reading of strict) {
    const one = tryOut(reading);
    if (one.verdict === "correct" && exact !== null && holdsExactly(one))
      return [tryOut(exact)].find(({ verdict }) => verdict === "correct") ?? one;
    if (one.verdict === "correct" || reading === loose) return one;
    tried.push(one);
  }
  const wide = tryOut(loose);
  if (wide.verdict === "correct") return wide;
  const places = ({ roots, contract }: Attempt): string =>
    [contract.length, ...roots.map(({ equation, layer }) => `${equation}@${layer}`)].join(" ");
  const named = ({ roots }: Attempt): boolean => roots.every(({ id }) => id !== "unknown");
  // The strictest reading that finds the same mistakes tells them apart best.
  if (wide.roots.length + wide.contract.length > 0)
    return tried.find((one) => places(one) === places(wide) && named(one)) ?? wide;
  const open = tried.find(({ roots }) => roots.length === 0);
  if (open === undefined) return wide;
  // Short numbers that hold as they are written were not rounded.
  const plain = exact && tryOut(exact);
  return plain?.verdict === "correct" ? plain : open;
}

/** True if nothing is off by more than the last bits: then nothing was rounded. */
const holdsExactly = ({ lines }: Attempt): boolean =>
  lines().every(({ local }) => local === null || local.maxRel <= 1e-11);

/** The lines with what is undecided among them. */
function inDoubt(lines: readonly Line[], doubts: readonly Doubt[]): Line[] {
  const open = new Set(doubts.map(({ equation, layer }) => `${equation} ${layer}`));
  return lines.map((line) => (open.has(`${line.equation} ${line.layer}`) ? { ...line, status: "undecided" } : line));
}

/** Lines whose numbers could not be read say why. */
function withBroken(lines: readonly Line[], { broken }: RawHand): Line[] {
  const parts = { BP1: "delta", BP2: "delta", BP3: "gradB", BP4: "gradW" } as const;
  return lines.map((line) => {
    const part = line.equation in parts ? parts[line.equation as keyof typeof parts] : null;
    const found = broken.find((one) => one.part === part && one.layer === line.layer);
    return found === undefined || line.status !== "missing" ? line : { ...line, status: found.status };
  });
}

function withRounding(note: Words, rounding: Words | null): Words {
  if (rounding === null) return note;
  const read = rounding.en === "float32" ? rounding : judging.roundedTo({ rounding });
  return judging.numbersReadAs({ note, read });
}

function verdictOf(
  contract: readonly Words[],
  forward: number,
  backward: number,
  lines: () => readonly Line[],
): Verdict {
  if (contract.length > 0) return "contract";
  if (forward > 0) return "forward-wrong";
  if (backward > 0) return "mistake";
  if (lines().some(({ status }) => status === "undecided")) return "inconclusive";
  return lines().some(({ status }) => status !== "missing") ? "correct" : "inconclusive";
}
