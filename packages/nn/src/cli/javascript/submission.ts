/**
 * Somebody's module, beside which this runs: it is loaded, and its functions are called. It is given values and gives
 * values.
 */

import { Module } from "node:module";
import { pathToFileURL } from "node:url";
import {
  asText,
  callOf,
  deleteFrom,
  getFrom,
  isArray,
  parse,
  quoted,
  setIn,
  sliced,
} from "../../handcheck/intake/sources/process/untouched.ts";
import type { Tsx } from "../typescript.ts";
import { holds, packed, unpacked, type Wire } from "./wire.ts";

/** A question of the other side. */
export type Request =
  | {
      readonly do: "open";
      readonly file: string;
      readonly tensors: boolean;
      /** The file as a script, where it stands by itself and Node cannot read its types. */
      readonly script?: string;
      /** Or what reads them. */
      readonly tsx?: Tsx;
    }
  /** A call of the function at a place; its answer is kept for a while under the number of the call. */
  | { readonly do: "call"; readonly function: string; readonly call: number; readonly arguments: readonly string[] }
  /** Calls of it with many lists of arguments, of which nothing is kept. */
  | { readonly do: "calls"; readonly function: string; readonly arguments: readonly string[] }
  /** The value of a function of tensors, or what it pulls back. */
  | { readonly do: "like" | "graph"; readonly function: string; readonly arguments: string };

/** An error that somebody's code threw, as it is written. */
export interface ThrownWire {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Thrown by what calls their function, which is ours. */
  readonly ours: boolean;
  /** The access that the sandbox did not allow. */
  readonly denied?: { readonly permission: string; readonly resource: string };
}

/** Something they threw that is no error: the other side throws it again. */
export interface ThrownValue {
  readonly value: Wire;
}

/** Answers of so many calls are kept: a backward is handed what its forward has just given. */
const KEPT = 4;

/** More of a message or a stack tells nobody anything. */
const clipped = (text: unknown): string => {
  const plain = asText(text);
  return plain.length > 20_000 ? sliced(plain, 0, 20_000) : plain;
};

/** Errors that functions of ours have thrown, not theirs. */
type Own = (thrown: unknown) => boolean;

function deniedText(thrown: object): string {
  if (!("permission" in thrown)) return "";
  const { permission, resource = "" } = thrown as { readonly permission: unknown; readonly resource?: unknown };
  return `,"denied":{"permission":${quoted(clipped(permission))},"resource":${quoted(clipped(resource))}}`;
}

/** Writes what was thrown as a text. */
export function thrownText(thrown: unknown, isOurs: Own = () => false): string {
  try {
    if (typeof thrown !== "object" || thrown === null || !("message" in thrown)) return `{"value":${packed(thrown)}}`;
    const { name, message, stack } = thrown as Error;
    return `{"name":${quoted(clipped(name ?? "Error"))},"message":${quoted(clipped(message))},"stack":${quoted(clipped(stack ?? ""))},"ours":${isOurs(thrown) ? "true" : "false"}${deniedText(thrown)}}`;
  } catch {
    return '{"name":"Error","message":"it throws what cannot be read","stack":"","ours":false}';
  }
}

const exportsIn = async (file: string): Promise<Exports> => (await import(pathToFileURL(file).href)) as Exports;

/** Runs a script under the name of the file that it was made from. */
function exportsOf(script: string, file: string): Exports {
  process.setSourceMapsEnabled(true);
  const module = new Module(file) as Module & { readonly _compile: (code: string, file: string) => unknown };
  module.filename = file;
  module._compile(script, file);
  return module.exports as Exports;
}

type Exports = Readonly<Record<string, unknown>>;

type Tensors = typeof import("./tensors.ts");

type Called = (...given: unknown[]) => unknown;

export class Submission {
  readonly #functions = new Map<string, Called>();
  readonly #given = new Map<number, unknown>();
  #tensors: Tensors | null = null;

  /** Loads the module; gives its exports. */
  async open({ file, tensors, script }: Extract<Request, { readonly do: "open" }>): Promise<string> {
    // Before theirs.
    if (tensors) this.#tensors = await import("./tensors.ts");
    const { default: main, ...named } = script === undefined ? await exportsIn(file) : exportsOf(script, file);
    const isObject = typeof main === "object" && main !== null && !isArray(main);
    const parts =
      typeof main === "function" && named["backward"] === undefined
        ? { ...named, backward: main }
        : isObject
          ? { ...main, ...named }
          : named;
    return packed(parts, "", { found: (place, f) => setIn(this.#functions, place, f as Called) });
  }

  /** Does what is asked of a function; gives the text of the answer. */
  answer(request: Exclude<Request, { readonly do: "open" }>): string {
    const f = getFrom(this.#functions, request.function);
    if (f === undefined) throw new Error(`there is no function ${request.function}`);
    if (request.do === "call") return this.#call(f, request);
    if (request.do === "calls") return this.#calls(f, request.arguments);
    const given = unpacked(parse(request.arguments));
    return packed(request.do === "like" ? this.#tensors!.likeAnswer(f, given) : this.#tensors!.graphAnswer(f, given));
  }

  /** True if an error is one that our own code has thrown around theirs. */
  isOurs(thrown: unknown): boolean {
    return this.#tensors?.isOurs(thrown) ?? false;
  }

  #calls(f: Called, lists: readonly string[]): string {
    let values = "";
    for (let i = 0; i < lists.length; i++)
      values += `${i === 0 ? "" : ","}${packed(callOf(f, unpacked(parse(lists[i]!)) as unknown[]))}`;
    return `[${values}]`;
  }

  /** The value, and each argument that is another than before. */
  #call(f: Called, { call, arguments: texts }: Extract<Request, { readonly do: "call" }>): string {
    const given: unknown[] = [];
    const before: string[] = [];
    const wires: Wire[] = [];
    for (let i = 0; i < texts.length; i++) {
      const wire = parse(texts[i]!) as Wire;
      wires[i] = wire;
      given[i] = unpacked(wire, { held: (number) => getFrom(this.#given, number) });
      // As it was written it would be written here, but for what is here already.
      before[i] = typeof wire === "object" && wire !== null && "held" in wire ? packed(given[i]) : texts[i]!;
    }
    const value = callOf(f, given);
    setIn(this.#given, call, value);
    deleteFrom(this.#given, call - KEPT);
    let changed = "";
    for (let i = 0; i < given.length; i++) {
      if (holds(given[i], wires[i]!)) continue;
      const now = packed(given[i]);
      if (now !== before[i]) changed += `${changed === "" ? "" : ","}[${i},${now}]`;
    }
    return `{"value":${packed(value)},"changed":[${changed}]}`;
  }
}
