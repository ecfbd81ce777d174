/** The side of somebody's code: it is run once, and the page asks for what it exports. */

/** What an answer may be asked of: the exports, and the values that the page sends. */
export type Service = (exports: Readonly<Record<string, unknown>>, question: unknown) => unknown;

/** Something that was thrown, as the page is told of it. */
export interface Thrown {
  readonly message: string;
  /** The line of somebody's code, from 1 on. */
  readonly line: number | null;
}

export interface Asked {
  readonly id: number;
  readonly question: unknown;
}

export type Answered = { readonly id: number } & ({ readonly ok: unknown } | { readonly thrown: Thrown });

type Body = (
  require: (name: string) => unknown,
  exports: Record<string, unknown>,
  module: { exports: Record<string, unknown> },
) => void;

/** More of a message tells nobody anything. */
const MOST = 4000;

/** Where a line of the worker's text lies in somebody's code, which stands behind the first ones. */
const placeIn = (text: string, before: number): number | null => {
  for (const [, line] of text.matchAll(/blob:[^\s)]*?:(\d+):\d+/g))
    if (Number(line) > before) return Number(line) - before;
  return null;
};

function thrownOf(error: unknown, before: number): Thrown {
  if (typeof error !== "object" || error === null || !("message" in error))
    return { message: String(error).slice(0, MOST), line: null };
  const { message, name, stack } = error as {
    readonly message: unknown;
    readonly name?: unknown;
    readonly stack?: unknown;
  };
  const text = String(message);
  // The library names the line itself, at the end of what it says.
  const line = placeIn(text, before) ?? placeIn(typeof stack === "string" ? stack : "", before);
  const bare = text
    .replace(/\s*\n\s+at blob:\S+/g, "")
    .replace(/blob:[^\s)]*?:(\d+):\d+/g, (_, at: string) => `line ${Number(at) - before}`);
  return {
    message: (typeof name !== "string" || name === "Error" || /^\w+: /.test(bare) ? bare : `${name}: ${bare}`).slice(
      0,
      MOST,
    ),
    line,
  };
}

/**
 * Puts the modules that may be imported and what is asked of the code in reach of the text behind it, which calls
 * `begin`.
 */
export function serve(modules: Readonly<Record<string, unknown>>, service: Service): void {
  const require = (name: string): unknown => {
    if (Object.hasOwn(modules, name)) return modules[name];
    const known = Object.keys(modules);
    throw new Error(
      `${JSON.stringify(name)} cannot be imported here${known.length === 0 ? "" : `: ${known.join(", ")} can`}`,
    );
  };
  const begin = (before: number, body: Body): void => {
    addEventListener(
      "message",
      ({ ports: [port] }) => {
        if (port === undefined) return;
        const module: { exports: Record<string, unknown> } = { exports: {} };
        let failed: Thrown | null = null;
        try {
          body(require, module.exports, module);
        } catch (error) {
          failed = thrownOf(error, before);
        }
        port.onmessage = ({ data: { id, question } }: MessageEvent<Asked>) => {
          let answer: Answered;
          try {
            answer = failed === null ? { id, ok: service(module.exports, question) } : { id, thrown: failed };
          } catch (error) {
            answer = { id, thrown: thrownOf(error, before) };
          }
          try {
            port.postMessage(answer);
          } catch {
            port.postMessage({
              id,
              thrown: { message: "it gives what cannot be handed over: return numbers, lists and records", line: null },
            } satisfies Answered);
          }
        };
      },
      { once: true },
    );
  };
  Object.assign(globalThis, { begin });
}
