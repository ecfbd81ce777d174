/** A level or a seed as it is asked and answered: what is claimed, and the slips that the check finds in it. */

import { Random } from "@chainrule/nn";
import {
  formulas,
  handcheck,
  namedMistakes,
  plantMistake,
  type Compared,
  type Diagnosis,
  type LineStatus,
  type Report,
  type Words,
} from "@chainrule/nn/handcheck";
import { networkOf } from "../worker/network-of.ts";
import type { Level } from "./level.ts";

/** An equation of a layer, by its name in the report. */
export interface Place {
  /** `BP2@1` */
  readonly key: string;
  readonly equation: string;
  readonly layer: number;
  /** `δ¹` */
  readonly name: string;
  readonly status: LineStatus;
}

/** A line of a text, with the equations that it stands for: one, or the same of several layers. */
export interface ClaimLine {
  readonly text: string;
  readonly places: readonly string[];
}

/** One way to name the slip. */
export interface Option {
  readonly id: string;
  readonly says: Words;
}

/** A slip as the check finds it, and what it is to be told from. */
export interface Slip {
  readonly place: string;
  readonly id: string;
  readonly yours: string;
  readonly correct: string;
  readonly options: readonly Option[];
}

/** What is asked, and its answer. */
export interface Puzzle {
  readonly net: string;
  readonly cost: string;
  readonly places: readonly Place[];
  /** The claim as a text; empty where it is numbers. */
  readonly lines: readonly ClaimLine[];
  /** The claim as numbers beside the right ones; empty where it is a text. */
  readonly numbers: readonly (Compared & { readonly place: string })[];
  readonly slips: readonly Slip[];
}

/** A puzzle with the report behind it. */
export interface Posed {
  readonly puzzle: Puzzle;
  readonly report: Report;
  readonly tensors: readonly Compared[];
}

/** Names that come close to one another: where one is right, the others are not offered as wrong. */
const alike: readonly (readonly string[])[] = [
  ["A2", "A3", "A20"],
  ["A4", "A5", "A6", "A7"],
  ["A12", "A13", "A14", "A21"],
  ["A8", "A9", "A10", "B5", "B9", "B11"],
  ["B2", "B3", "B4", "B22"],
  ["B13", "B21"],
  ["C1", "C9", "C2"],
  ["C7", "C10"],
  ["D7", "D8", "D5", "D6"],
  ["D4", "D9"],
  ["E2", "E4"],
];

/** How many ways to name a slip are offered. */
const OFFERED = 4;

/** True if a name has a sense for a network at all. */
const isAbout = ({ en }: Words, net: string): boolean =>
  !/class weights|encoded|tied/.test(en) && (net.includes("softmax") || !/softmax/.test(en));

/** The right name among others of the same equation, in an order that the key draws. */
function optionsFor({ id, equation, says, alternatives }: Diagnosis, net: string, key: string): Option[] {
  const right = new Set([id, ...alternatives.map((one) => one.id)].flatMap((one) => one.split("+")));
  const close = new Set(alike.filter((names) => names.some((name) => right.has(name))).flat());
  const others = namedMistakes.filter(
    (one) => one.equations.includes(equation) && !right.has(one.id) && !close.has(one.id) && isAbout(one.says, net),
  );
  const random = new Random(`options ${key}`);
  const wrong = random.shuffle([...others]).slice(0, OFFERED - 1);
  return random.shuffle([...wrong, { id, says }].map((one): Option => ({ id: one.id, says: one.says })));
}

/** What is regularized is the gradient of the weights: one line stands for both. */
const placeOf = ({ equation, layer }: { readonly equation: string; readonly layer: number }): string =>
  `${equation === "REG" ? "BP4" : equation}@${layer}`;

function placesOf({ lines }: Report): Place[] {
  const broken = new Set(lines.filter(({ equation, status }) => equation === "REG" && status === "root").map(placeOf));
  return lines
    .filter(({ equation, status }) => /^BP[1-4]$/.test(equation) && status !== "missing")
    .map((line) => {
      const { equation, layer, name, status } = line;
      return { key: placeOf(line), equation, layer, name, status: broken.has(placeOf(line)) ? "root" : status };
    });
}

const slipsOf = ({ roots }: Report, net: string, key: string): Slip[] =>
  roots.map((root) => {
    const { id, yours, correct } = root;
    const place = placeOf(root);
    return { place, id, yours, correct, options: optionsFor(root, net, `${key} ${place}`) };
  });

/** The equation that a formula gives at a layer. */
function equationOf(name: string, layer: number, last: number): string {
  // A step of the weights shows their gradient.
  if (/∂[Ww]|^W/.test(name)) return "BP4";
  if (/∂b/.test(name)) return "BP3";
  return layer === last ? "BP1" : "BP2";
}

/** A fixed level. */
export function poseLevel({ key, net, cost, text }: Pick<Level, "key" | "net" | "cost" | "text">): Posed {
  const report = formulas(networkOf(net, cost), text);
  const last = report.network.sizes.length - 1;
  const placesIn = (read: string, layers: readonly number[]): string[] =>
    layers.map((layer) => `${equationOf(read.split(" = ")[0]!, layer, last)}@${layer}`);
  const lines = text.split("\n").map((one, k): ClaimLine => {
    const own = report.formulas.filter(({ line }) => line === k + 1);
    return { text: one, places: own.flatMap(({ text: read, layers }) => placesIn(read, layers)) };
  });
  const puzzle = { net, cost, places: placesOf(report), lines, numbers: [], slips: slipsOf(report, net, key) };
  return { puzzle, report, tensors: [] };
}

/** Networks that seeds draw from: small, since every number of theirs is shown. */
const drawn: readonly (readonly [net: string, cost: string])[] = [
  ["3-4-2:sigmoid,sigmoid", "quadratic"],
  ["2-3-1:tanh,sigmoid", "crossEntropy"],
  ["3-3-3:relu,softmax", "categoricalCrossEntropy"],
  ["2-3-3-2:tanh,tanh,linear", "quadratic"],
  ["3-3-2:sigmoid,tanh", "quadratic"],
];

/** A level of a seed: numbers with a slip that the catalogue makes and the check has solved. */
export function poseSeed(seed: number): Posed {
  const [net, cost] = drawn[new Random(`network ${seed}`).integer(drawn.length)]!;
  const { network, data, hand, tensors } = plantMistake(networkOf(net, cost), { seed });
  const report = handcheck(network, data, hand);
  const numbers = tensors.map((one) => ({ ...one, place: placeOf(one) }));
  const slips = slipsOf(report, net, `seed ${seed}`);
  return { puzzle: { net, cost, places: placesOf(report), lines: [], numbers, slips }, report, tensors };
}
