/** Reads the file of a check: a module, JSON or formulas, and what it says of its network and data. */

import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { pathToFileURL } from "node:url";
import type { Matrix } from "../handcheck/equations/network.ts";
import type { Hand } from "../handcheck/report.ts";
import { guess, UsageError } from "./arguments.ts";
import { FaultError, placeIn, readJson } from "./faults.ts";
import type { NetworkSpec } from "./job.ts";
import { networkSpec } from "./network-spec.ts";
import { graphParts, opParts, type GraphGiven, type OpGiven } from "./op-subject.ts";

/** Code of the user's, as it came. */
export type Backward = (...given: readonly unknown[]) => unknown;

/** A backprop of a network: code, numbers or equations. */
export type NetworkGiven = { readonly kind: "backward"; readonly backward: Backward } | { readonly kind: "hand"; readonly hand: Hand } | { readonly kind: "formulas"; readonly text: string };

/** What was handed in, and what it says of its surroundings. */
export interface Subject<Given = NetworkGiven> {
  readonly given: Given;
  readonly network: object | null;
  readonly data: { readonly x: Matrix; readonly t: Matrix } | null;
}

type Parts = Readonly<Record<string, unknown>>;

/** A network, a kernel, or a graph. */
export type AnySubject = Subject | Subject<OpGiven> | Subject<GraphGiven>;

const isObject = (value: unknown): value is Parts => typeof value === "object" && value !== null && !Array.isArray(value);

const handParts = ["u", "v", "cost", "delta", "gradW", "gradB", "next"];

const wanted = ["backward", "hand", "formulas"] as const;

const advice = "export backward(parameters, x, t), hand { delta, gradW, gradB, … } or formulas, a text; of a kernel op { forward, backward }; of any graph graph, inputs and hand";

function dataOf(data: unknown): Subject["data"] {
  if (data === undefined || data === null) return null;
  if (!isObject(data) || !Array.isArray(data.x) || !Array.isArray(data.t)) throw new FaultError("data has no x and t", "data is { x: [[…]], t: [[…]] }, one sample in each row");
  const rows = (given: readonly unknown[]): Matrix => (given.every((row) => typeof row === "number") ? [given as number[]] : (given as Matrix));
  return { x: rows(data.x), t: rows(data.t) };
}

/** The network, with parameters that stand beside it. */
function networkOf({ network, parameters }: Parts): object | null {
  if (network === undefined || network === null) return null;
  if (!isObject(network)) throw new FaultError(`network is ${typeof network}`, "network is { sizes: [2, 3, 1], activations, cost, parameters }");
  return isObject(parameters) && network.parameters === undefined ? { ...network, parameters } : network;
}

/** The subject among the exports of a module or the keys of JSON; `elsewhere` where the network is known without it. */
export function subjectOf(parts: Parts, surroundings: string, { name = "", elsewhere = false }: { readonly name?: string; readonly elsewhere?: boolean } = {}): AnySubject {
  const bare = { network: null, data: null };
  if (parts.graph !== undefined) return { given: graphParts(parts, name), ...bare };
  // Who exports a forward beside the backward of a network says which network.
  const kernel = parts.op !== undefined || (parts.forward !== undefined && parts.backward !== undefined && parts.network === undefined && !elsewhere);
  if (kernel) return { given: opParts(parts, surroundings, name), ...bare };
  return networkSubject(parts, surroundings);
}

function networkSubject(parts: Parts, surroundings: string): Subject {
  const present = wanted.filter((name) => parts[name] !== undefined);
  const loose = present.length === 0 && handParts.some((name) => parts[name] !== undefined);
  if (present.length === 0 && !loose) {
    const names = Object.keys(parts);
    const near = names.map((name) => guess(name, [...wanted, "op", "graph"])).find((text) => text !== "") ?? "";
    throw new FaultError(names.length === 0 ? `${surroundings} nothing` : `${surroundings} ${names.join(", ")}, none of which can be checked${near}`, advice);
  }
  if (present.length > 1) throw new FaultError(`${surroundings} ${present.join(" and ")}`, "give one of them: the check is of one thing");
  const rest = { network: networkOf(parts), data: dataOf(parts.data) };
  const { backward, formulas } = parts;
  const hand = loose ? parts : parts.hand;
  if (backward !== undefined) {
    if (typeof backward !== "function") throw new FaultError(`backward is ${backward === null ? "null" : typeof backward}, no function`, "export function backward(parameters, x, t) { … return { gradW, gradB }; }");
    return { given: { kind: "backward", backward: backward as Backward }, ...rest };
  }
  if (formulas !== undefined) {
    if (typeof formulas !== "string") throw new FaultError(`formulas is ${typeof formulas}, no text`, "export const formulas = `delta1 = (W2^T delta2) .* s'(u1)`");
    return { given: { kind: "formulas", text: formulas }, ...rest };
  }
  if (hand instanceof Promise) throw new FaultError("hand is a Promise", "write await before it: the numbers themselves are checked");
  if (!isObject(hand)) throw new FaultError(`hand is ${Array.isArray(hand) ? "an array" : typeof hand}`, "hand is { delta: { 2: [[…]] }, gradW: { 1: [[…]] }, gradB: { 1: […] } }, by layer");
  return { given: { kind: "hand", hand: hand as Hand }, ...rest };
}

/** A syntax error that was caught has lost its place; one that ends a process of its own is printed with it. Nothing of the file runs. */
async function syntaxPlace(file: string): Promise<{ readonly line: number; readonly column: number } | null> {
  const { spawnSync } = await import("node:child_process");
  const { stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"], timeout: 5000 });
  return placeIn(stderr, file);
}

/** What Node says of a module that it takes for CommonJS, as it does where the nearest package.json has no `"type": "module"`. */
const TAKEN_FOR_COMMON = /^(?:Unexpected token 'export'|Cannot use import statement outside a module)/;

async function moduleParts(file: string): Promise<Parts> {
  let module: Parts;
  try {
    module = (await import(pathToFileURL(file).href)) as Parts;
  } catch (thrown) {
    if (thrown instanceof SyntaxError && TAKEN_FOR_COMMON.test(thrown.message)) {
      const name = basename(file).replace(/\.[cm]?([jt])s$/, ".m$1s");
      throw new FaultError(`SyntaxError: ${thrown.message}`, `Node takes this file for CommonJS: name it ${name}, or write "type": "module" into the package.json above it`, placeIn(thrown.stack ?? "", file));
    }
    if (thrown instanceof SyntaxError && placeIn(thrown.stack ?? "", file) === null && /\.[cm]?js$/.test(file)) throw new FaultError(`SyntaxError: ${thrown.message}`, "", await syntaxPlace(file));
    throw thrown;
  }
  const { default: main, ...named } = module;
  if (typeof main === "function" && named.backward === undefined) return { ...named, backward: main };
  return isObject(main) ? { ...main, ...named } : named;
}

/** A text may name its network itself. */
async function textSubject(text: string, elsewhere: boolean): Promise<Subject> {
  const { headingOf } = await import("../handcheck/formulas/heading.ts");
  const { net, cost } = headingOf(text);
  if (net === null && !elsewhere) throw new FaultError("no network is known", "write it as the first line, # net 3-4-2:tanh,softmax, and perhaps # cost crossEntropy; or say --net 3-4-2:tanh,softmax");
  const spec = net === null || elsewhere ? null : specIn(net);
  return { given: { kind: "formulas", text }, network: spec === null || cost === null ? spec : { ...spec, cost }, data: null };
}

/** The network of a heading; what is wrong with it is the file's fault. */
function specIn(net: string): NetworkSpec {
  try {
    return networkSpec(net, (path) => path);
  } catch (error) {
    if (error instanceof UsageError) throw new FaultError(error.message.replace(/^--net:? /, "net "), error.advice);
    throw error;
  }
}

/** Reads a file by its ending; `elsewhere` where the network is known without it. */
export async function readSubject(file: string, elsewhere = false): Promise<AnySubject> {
  const ending = extname(file).toLowerCase();
  const about = { name: basename(file, extname(file)), elsewhere };
  if (ending === ".json") {
    const value = readJson(file);
    if (!isObject(value)) throw new FaultError("the JSON is no object", '{ "network": { "sizes": … }, "data": { "x": …, "t": … }, "hand": { "gradW": … } }');
    return subjectOf(value, "it holds", about);
  }
  if ([".txt", ".tex", ".md"].includes(ending)) return textSubject(readFileSync(file, "utf8"), elsewhere);
  return subjectOf(await moduleParts(file), "it exports", about);
}
