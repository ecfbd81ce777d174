/** A backprop as a function: the check chooses the data, and watches what the function does to it. */

import type { Network } from "../network/network.ts";
import { genericProblem } from "./generic.ts";
import type { HandcheckOptions } from "./handcheck.ts";
import type { Diagnosis, Hand, Report, Words } from "./report.ts";
import { ownConvention } from "./conventions.ts";
import type { Problem } from "./setting.ts";

/** The parameters as a hand-written function takes them: `W1`, `b1`, `W2`, …; W out × in, or in × out where that is declared. */
export type PlainParameters = { readonly [W: `W${number}`]: number[][] } & { readonly [b: `b${number}`]: number[] };

/** Somebody's backprop: parameters, inputs and targets (one sample in each row) to what was derived. */
export type Backward = (parameters: PlainParameters, x: number[][], t: number[][]) => Hand;

type Check = (problem: Problem, hand: Hand, options: HandcheckOptions) => Report;

/** Calls the function on generic data of 5, 7 and 1 samples and gives the report of the most telling call. */
export function probe(network: Network, known: Pick<Problem, "sizes" | "activations" | "cost">, backward: Backward, options: HandcheckOptions, check: Check): Report {
  const seed = options.seed ?? 0;
  const reports: Report[] = [];
  for (const samples of [5, 7, 1]) {
    const problem = genericProblem(known, samples, `probe ${seed} ${samples}`);
    const { hand, contract } = call(backward, problem, options);
    const report = check(problem, hand, options);
    if (contract.length > 0) return { ...report, verdict: "contract", contract: [...contract, ...report.contract] };
    reports.push(report);
  }
  const [first, second] = reports as [Report, Report, Report];
  if (first.verdict === "correct") return reports.find(({ verdict }) => verdict !== "correct") ?? first;
  return { ...first, roots: first.roots.map((root) => settled(root, second)) };
}

/** What both probes allow: a coincidence of the first does not survive the second. */
function settled(root: Diagnosis, second: Report): Diagnosis {
  if (root.alternatives.length === 0) return root;
  const there = second.roots.filter(({ equation, layer }) => equation === root.equation && layer === root.layer);
  const allowed = new Set(there.flatMap(({ id, alternatives }) => [id, ...alternatives.map((other) => other.id)]));
  const [best, ...others] = [root, ...root.alternatives].filter(({ id }) => id !== "unknown" && allowed.has(id));
  return best === undefined ? root : { ...best, alternatives: others, confidence: 1 / (1 + others.length) };
}

/** Calls twice on copies: what changes its inputs or its mind is found here. */
function call(backward: Backward, problem: Problem, options: HandcheckOptions): { hand: Hand; contract: Words[] } {
  const contract: Words[] = [];
  const once = (): Hand => {
    const given = copy(problem, options);
    const before = JSON.stringify(given);
    let answer: unknown;
    try {
      answer = backward(...given);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      contract.push({ en: `backward: it threw "${message}": run it on [${problem.sizes.join(", ")}] with ${problem.x.length} samples`, zh: `backward:它抛出了"${message}":请在 [${problem.sizes.join(", ")}]、${problem.x.length} 个样本上运行它` });
      return {};
    }
    if (answer instanceof Promise) {
      answer.catch(() => undefined);
      contract.push({ en: "backward: it gives a promise: compute without await", zh: "backward:它返回了 Promise:请不要用 await" });
      return {};
    }
    if (typeof answer !== "object" || answer === null) {
      contract.push({ en: `backward: it gives ${answer === null ? "null" : typeof answer}: return an object with delta, gradW, gradB or what you have`, zh: `backward:它返回 ${answer === null ? "null" : typeof answer}:请返回含有 delta、gradW、gradB 等的对象` });
      return {};
    }
    if (JSON.stringify(given) !== before) {
      contract.push({ en: "backward: it changes its inputs: copy what you write to", zh: "backward:它修改了输入:要写入的请先复制" });
    }
    return answer;
  };
  const hand = once();
  if (contract.length === 0) {
    const again = once();
    if (plain(again) !== plain(hand)) contract.push({ en: "backward: called twice with the same input it gives different answers: draw nothing at random, keep nothing between calls", zh: "backward:同样的输入给出两种结果:不要用随机数,也不要在两次调用之间保存状态" });
  }
  return { hand, contract };
}

/** An answer as text, typed arrays like lists. */
function plain(hand: Hand): string {
  return JSON.stringify(hand, (_, value: unknown) => (ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float64Array) : value));
}

function copy({ W, b, x, t }: Problem, options: HandcheckOptions): [PlainParameters, number[][], number[][]] {
  const declared = options.convention === undefined || options.convention === "auto" ? ownConvention : { ...ownConvention, ...options.convention };
  const rows = (given: readonly (readonly number[])[]): number[][] => given.map((row) => [...row]);
  const turn = (given: readonly (readonly number[])[]): number[][] => given[0]!.map((_, k) => given.map((row) => row[k]!));
  const layers = Object.keys(W).map(Number).filter((l) => l > 0);
  const layout = declared.weights === "in×out" ? turn : rows;
  const batch = declared.samples === "columns" ? turn : rows;
  const base = declared.layerBase - 1;
  return [
    Object.fromEntries(layers.flatMap((l) => [[`W${l + base}`, layout(W[l]!)], [`b${l + base}`, [...b[l]!]]])) as PlainParameters,
    batch(x), batch(t),
  ];
}
