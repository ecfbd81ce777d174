/**
 * Somebody's module, from the judge's side: its exports as values, with functions that are called where the module is.
 */

import { askedBy } from "../../handcheck/ahead.ts";
import { SourceError } from "../../handcheck/intake/given.ts";
import { programErrors, unreadable } from "../../locales/program-errors.ts";
import type { Request, ThrownValue, ThrownWire } from "./submission.ts";
import { packed, unpacked, Unreadable, type Wire } from "./wire.ts";

/** A reply: an answer, or what was thrown. Neither is believed to be of this form. */
export interface Reply {
  readonly ok?: unknown;
  readonly error?: unknown;
}

/** Leads to the process of a module. */
export interface Way {
  /** Loads the module. */
  readonly open: (request: Extract<Request, { readonly do: "open" }>) => Promise<Reply>;
  /** Asks, and waits. */
  readonly ask: (request: Exclude<Request, { readonly do: "open" }>) => Reply;
  /** Asks, and gives what waits. */
  readonly begin: (request: Exclude<Request, { readonly do: "open" }>) => () => Reply;
}

type Parts = Readonly<Record<string, unknown>>;

type Called = (...given: unknown[]) => unknown;

/** The places of the functions for which others stand here. */
const places = new WeakMap<object, { readonly module: Elsewhere; readonly place: string }>();

/** The place of a function of a module in another process. */
export const placeOf = (f: object): string | undefined => places.get(f)?.place;

/** Calls such a function with many lists of arguments at once. */
export function callEach(f: object, lists: readonly (readonly unknown[])[]): readonly unknown[] {
  const { module, place } = places.get(f)!;
  return module.callEach(place, lists);
}

const isRecord = (value: unknown): value is Parts =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** True for an error as it is written. */
export const isThrown = (error: unknown): error is ThrownWire =>
  isRecord(error) && ["name", "message", "stack"].every((part) => typeof error[part] === "string");

/** Errors of our own code around somebody's functions. */
const ours = new WeakSet<object>();

/** True for what our own code has thrown over there. */
export const isOurs = (thrown: unknown): boolean => typeof thrown === "object" && thrown !== null && ours.has(thrown);

/** Makes again what they threw, as it would be here. */
function revived(error: unknown): unknown {
  if (isThrown(error)) {
    const made = Object.assign(new Error(error.message), { name: error.name, stack: error.stack });
    if (error.ours) ours.add(made);
    return made;
  }
  return isRecord(error) && "value" in error
    ? unpacked((error as unknown as ThrownValue).value)
    : new SourceError(programErrors.oddThrown, null);
}

/** The answer as it would be here; throws what they threw. */
function settled<T>(reply: Reply, read: (ok: unknown) => T): T {
  if (reply.error !== undefined) throw revived(reply.error);
  try {
    return read(reply.ok);
  } catch (thrown) {
    if (thrown instanceof Unreadable)
      throw new SourceError(
        programErrors.noArrayAnswerFor({ why: unreadable[thrown.why] }),
        programErrors.returnNumberLists,
      );
    throw thrown;
  }
}

/** Makes a list or a record hold what it holds over there. */
function overwrite(target: unknown, now: unknown): void {
  if (ArrayBuffer.isView(target) && ArrayBuffer.isView(now)) (target as Float64Array).set(now as Float64Array);
  else if (Array.isArray(target) && Array.isArray(now)) {
    target.length = 0;
    for (const one of now as unknown[]) target.push(one);
  } else if (isRecord(target) && isRecord(now)) {
    for (const name of Object.keys(target)) Reflect.deleteProperty(target, name);
    Object.assign(target, now);
  }
}

/** A module in a process of its own. */
export class Elsewhere {
  readonly #way: Way;
  readonly #answers = new WeakMap<object, number>();
  #calls = 0;

  constructor(way: Way) {
    this.#way = way;
  }

  /** Loads the file; gives its exports. With `tensors` its functions of tensors can be asked for. */
  async open(file: string, tensors = false): Promise<Parts> {
    const reply = await this.#way.open({ do: "open", file, tensors });
    const parts = settled(reply, (ok) => unpacked(ok, { function: (place) => this.#standing(place) }));
    if (!isRecord(parts)) throw new SourceError(programErrors.oddExports, null);
    return parts;
  }

  /** The function at a place, as one that can be called here. */
  #standing(place: string | null): Called {
    if (place === null) return () => undefined;
    const f: Called = askedBy(
      (...given) => this.#begin(place, given)(),
      (...given) => this.#begin(place, given),
    );
    places.set(f, { module: this, place });
    return f;
  }

  #begin(place: string, given: readonly unknown[]): () => unknown {
    const call = this.#calls++;
    const kept = (value: object): number | undefined => {
      const number = this.#answers.get(value);
      return number !== undefined && number >= call - 4 ? number : undefined;
    };
    const texts = given.map((one) => packed(one, null, { held: kept }));
    const reply = this.#way.begin({ do: "call", function: place, call, arguments: texts });
    return () => {
      const { value, changed } = settled(reply(), (ok) => {
        if (!isRecord(ok) || !Array.isArray(ok["changed"])) throw new Unreadable("noAnswer");
        const standing = { function: (at: string | null) => this.#standing(at) };
        const others = (ok["changed"] as unknown[]).flatMap((one) =>
          Array.isArray(one) && typeof one[0] === "number" ? [{ at: one[0], now: unpacked(one[1]) }] : [],
        );
        return { value: unpacked(ok["value"], standing), changed: others };
      });
      for (const { at, now } of changed) overwrite(given[at], now);
      if (typeof value === "object" && value !== null) this.#answers.set(value, call);
      return value;
    };
  }

  /** Calls of a function with many lists of arguments. */
  callEach(place: string, lists: readonly (readonly unknown[])[]): readonly unknown[] {
    return settled(
      this.#way.ask({ do: "calls", function: place, arguments: lists.map((list) => packed(list)) }),
      (ok) => {
        if (!Array.isArray(ok) || ok.length !== lists.length) throw new Unreadable("otherAnswers");
        return ok.map((one) => unpacked(one));
      },
    );
  }

  /** Asks a function of tensors. */
  tensors(kind: "like" | "graph", place: string, question: object): unknown {
    return settled(this.#way.ask({ do: kind, function: place, arguments: packed(question) }), (ok) =>
      unpacked(ok as Wire),
    );
  }
}
