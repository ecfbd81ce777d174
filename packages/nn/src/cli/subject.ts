/** Reads the file of a check: a module, JSON or formulas, and what it says of its network and data. */

import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import type { Backward } from "../handcheck/files/check-code.ts";
import { isArrayFile } from "../handcheck/intake/sources/endings.ts";
import { handedAs, handedBy } from "../handcheck/files/handed.ts";
import { fromCode } from "../handcheck/intake/sources/code.ts";
import { readJson } from "../handcheck/intake/sources/json.ts";
import { withPrintedIn } from "../handcheck/intake/sources/listing.ts";
import { SourceError, type Given, type GivenRecord, type Source } from "../handcheck/intake/given.ts";
import { recordOf } from "../handcheck/intake/values.ts";
import type { CheckOpOptions } from "../handcheck/ops/prepare.ts";
import { exportErrors } from "../locales/export-errors.ts";
import { alike, type Words } from "../locales/words.ts";
import { placeIn } from "./faults.ts";
import type { CheckJob } from "./job.ts";
import { near } from "./near.ts";
import { graphParts, isLikeAlone, kindOf, opParts, type GraphGiven, type OpGiven } from "./op-subject.ts";

/** A backprop of a network: code, named values, or equations. */
type NetworkGiven =
  | { readonly kind: "backward"; readonly backward: Backward }
  | { readonly kind: "values"; readonly pass?: Source["pass"] }
  | { readonly kind: "formulas"; readonly text: string }
  | { readonly kind: "python" };

/** The work that was handed in, and all that stands beside it: network, parameters, data, numbers. */
export interface Subject<Given = NetworkGiven> {
  readonly given: Given;
  readonly values: GivenRecord;
  /** The source's own remarks on how it was read. */
  readonly notes?: readonly Words[];
}

type Parts = Readonly<Record<string, unknown>>;

/** A network, a kernel, or a graph. */
export type AnySubject = Subject | Subject<OpGiven> | Subject<GraphGiven>;

const isObject = (value: unknown): value is Parts =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wanted = ["backward", "hand", "formulas"] as const;

const nothing: GivenRecord = recordOf(new Map());

/** Functions of the user's own have no closed form that could be checked. */
function closedForms(network: unknown): void {
  if (!isObject(network)) return;
  const isOwn = (value: unknown): boolean =>
    typeof value === "function" || (Array.isArray(value) && value.some((one) => typeof one === "function"));
  if (isOwn(network.activations)) throw new SourceError(exportErrors.ownActivation, exportErrors.closedForms);
  if (isOwn(network.cost)) throw new SourceError(exportErrors.ownCost, exportErrors.closedForms);
}

/** The subject among the exports of a module or the keys of JSON; `elsewhere` where the network is known without it. */
export function subjectOf(
  parts: Parts,
  {
    name = "",
    elsewhere = false,
    op = null,
    teaches = false,
  }: {
    readonly name?: string;
    readonly elsewhere?: boolean;
    readonly op?: CheckOpOptions | null;
    readonly teaches?: boolean;
  } = {},
): AnySubject {
  const bare = { values: nothing };
  if (parts.graph !== undefined) return { given: graphParts(parts, name), ...bare };
  // Who exports a forward beside the backward of a network says which network.
  const kernel =
    parts.op !== undefined ||
    (teaches && isLikeAlone(parts)) ||
    (parts.forward !== undefined && parts.backward !== undefined && parts.network === undefined && !elsewhere);
  if (kernel) return { given: opParts(parts, name, { reference: op, teaches }), ...bare };
  return networkSubject(parts);
}

function networkSubject(parts: Parts): Subject {
  const { backward, formulas, ...rest } = parts;
  for (const [name, value] of Object.entries(parts))
    if (value instanceof Promise) throw new SourceError(exportErrors.isPromise({ name }), exportErrors.awaitNumbers);
  const present = wanted.filter((name) => parts[name] !== undefined);
  if (present.length > 1) throw new SourceError(exportErrors.several({ names: present }), exportErrors.oneThing);
  closedForms(parts.network);
  const skipped: string[] = [];
  const values = new Map<string, Given>();
  const known = new Map<object, Given>();
  for (const [name, value] of Object.entries(rest)) {
    const given = fromCode(value, known, skipped);
    if (given !== undefined) values.set(name, withPrintedIn(given));
  }
  if (backward !== undefined) {
    if (typeof backward !== "function")
      throw new SourceError(
        exportErrors.noFunction({ name: "backward", kind: backward === null ? "null" : typeof backward }),
        alike("export function backward(parameters, x, t) { … return { gradW, gradB }; }"),
      );
    return { given: { kind: "backward", backward: backward as Backward }, values: recordOf(values) };
  }
  if (formulas !== undefined) {
    if (typeof formulas !== "string")
      throw new SourceError(
        exportErrors.noText({ name: "formulas", kind: typeof formulas }),
        alike("export const formulas = `delta1 = (W2^T delta2) .* s'(u1)`"),
      );
    return { given: { kind: "formulas", text: formulas }, values: recordOf(values) };
  }
  if (values.size === 0) {
    const names = Object.keys(parts);
    const guessed =
      names.map((name) => near(name, [...wanted, "op", "graph"])).find(({ en }) => en !== "") ?? alike("");
    throw new SourceError(
      names.length === 0 ? exportErrors.nothing : exportErrors.noneChecked({ names, near: guessed }),
      exportErrors.exportWhat,
    );
  }
  if (rest.hand !== undefined && !isObject(rest.hand))
    throw new SourceError(exportErrors.isOther({ name: "hand", kind: kindOf(rest.hand) }), exportErrors.handIs);
  return { given: { kind: "values" }, values: recordOf(values) };
}

/** A syntax error that was caught has lost its place; who only reads the text prints it. Nothing of the file runs. */
async function syntaxPlace(file: string): Promise<{ readonly line: number; readonly column: number } | null> {
  const { spawnSync } = await import("node:child_process");
  const type = file.endsWith(".cjs") ? "commonjs" : "module";
  const { stderr } = spawnSync(process.execPath, [`--input-type=${type}`, "--check", "-"], {
    encoding: "utf8",
    input: readFileSync(file),
    timeout: 5000,
  });
  return placeIn(stderr, "[stdin]");
}

/**
 * The words of Node for a module that it takes for CommonJS, as it does where the nearest package.json has no `"type":
 * "module"`.
 */
const TAKEN_FOR_COMMON = /^(?:Unexpected token 'export'|Cannot use import statement outside a module)/;

async function moduleParts(file: string, modules: Modules): Promise<Parts> {
  try {
    return await modules.parts(file);
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== "SyntaxError") throw thrown;
    const place = placeIn(thrown.stack ?? "", file);
    if (TAKEN_FOR_COMMON.test(thrown.message)) {
      const name = basename(file).replace(/\.[cm]?([jt])s$/, ".m$1s");
      throw new SourceError(alike(`SyntaxError: ${thrown.message}`), exportErrors.forCommonJs({ name }), place);
    }
    if (place === null && /\.[cm]?js$/.test(file))
      throw new SourceError(alike(`SyntaxError: ${thrown.message}`), null, await syntaxPlace(file));
    throw thrown;
  }
}

/** A text may name its network itself. */
function textSubject(text: string, elsewhere: boolean): Subject {
  if (elsewhere) return { given: { kind: "formulas", text }, values: nothing };
  const { values, named } = handedAs(text);
  if (!named) throw new SourceError(exportErrors.noNetwork, exportErrors.sayNetwork);
  return { given: { kind: "formulas", text }, values };
}

/** The yield of a source, as a subject. */
function sourceSubject(source: Source): Subject {
  const { values, formulas, notes } = handedBy(source);
  const { pass } = source;
  const given: NetworkGiven =
    pass !== undefined
      ? { kind: "values", pass }
      : formulas === null
        ? { kind: "values" }
        : { kind: "formulas", text: formulas };
  return { given, values, notes };
}

const textOrSource = (found: Source | string, elsewhere: boolean): Subject =>
  typeof found === "string" ? textSubject(found, elsewhere) : sourceSubject(found);

interface ReadOptions {
  /** The network is known without the file. */
  readonly elsewhere: boolean;
  /** The options that a reference gives for kernels. */
  readonly op: CheckOpOptions | null;
  /** The file is a reference itself. */
  readonly teaches?: boolean;
  readonly modules: Modules;
}

/** The modules and programs that a subject is read from. */
export interface Modules {
  /** The exports of a module. */
  readonly parts: (file: string) => Promise<Parts>;
  /** The arrays of one pass of a script of Octave. */
  readonly octave: (file: string) => Source;
}

/** Reads a file by its ending, standard input by its content. */
export async function readSubject(
  job: Pick<CheckJob, "file" | "more" | "input" | "names">,
  { elsewhere, op, teaches = false, modules }: ReadOptions,
): Promise<AnySubject> {
  const { file, more, input, names } = job;
  if (file === null) {
    const { readAny } = await import("../handcheck/intake/sources/read.ts");
    return textOrSource(await readAny("standard input", input!, { names }), elsewhere);
  }
  const ending = extname(file).toLowerCase();
  if ([".py", ".ipynb"].includes(ending)) return { given: { kind: "python" }, values: nothing };
  if (ending === ".m") return sourceSubject(modules.octave(file));
  if (ending === ".json") return sourceSubject(readJson(basename(file), readFileSync(file, "utf8")));
  if (ending === ".tex") return textSubject(readFileSync(file, "utf8"), elsewhere);
  if (isArrayFile(ending)) {
    const { readFiles } = await import("../handcheck/intake/sources/read.ts");
    return textOrSource(
      await readFiles(
        [file, ...more].map((path) => ({ name: basename(path), bytes: readFileSync(path) })),
        { names },
      ),
      elsewhere,
    );
  }
  return subjectOf(await moduleParts(file, modules), {
    name: basename(file, extname(file)),
    elsewhere,
    op,
    teaches,
  });
}
