/**
 * Whose line is it? Finds the first frame on the stack that is not the library's, however the code was bundled.
 *
 * Unbundled, the library's files lie in folders of their own. In a bundle they share a file with the user's code, so
 * each entry leaves a mark where its code begins and one where it ends (`begin/` and the last line of an entry; the
 * published files have marks around each file): what stands between two marks is the library's. Positions are read
 * before source maps change them, and the frame is then shown as the engine shows it, source maps applied.
 */

/** A frame as the engine has it: file, line and column in the code that runs; `null` where it has none. */
type Frame = { readonly file: string; readonly line: number; readonly column: number } | null;

/** As much of V8's call sites as is used here; Bun's are alike. */
interface CallSite {
  getFileName(): string | null | undefined;
  getScriptNameOrSourceURL?(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/** A mark that an entry left: an error made at the place, and the name of the module where it is a file of its own. */
interface Mark {
  readonly edge: "begin" | "end";
  readonly error: Error;
  readonly module?: string;
}

/** The place of the library's code: a folder, or a part of a file, up to its end where that is not known. */
interface Territory {
  readonly prefix: string;
  readonly from: readonly [line: number, column: number];
  readonly to: readonly [line: number, column: number];
}

const START = [0, 0] as const;
const END = [Infinity, Infinity] as const;

// Two copies of the library, and what a bundler keeps apart, share one list; the published files push to it by
// themselves.
const key = Symbol.for("chainrule.marks");
const shared = globalThis as unknown as Record<symbol, Mark[] | undefined>;
const marks: Mark[] = (shared[key] ??= []);

// This module is read before any entry's mark, and has its own.
markLibrary("begin", new Error(), "caller");

const territories: Territory[] = [];
/** How many marks became territories. */
let read = 0;
/** Marks whose other edge is not read yet. */
const open: Frame[] = [];

/**
 * Tells error messages that the code between two marks is a library's, so that the line they name is the user's own.
 * A package built on this one marks its beginning in a module that its entry imports first, and its end in the entry's
 * last line.
 *
 * @param edge - `"begin"` or `"end"`
 * @param error - `new Error()`, made at the place
 * @param module - for a beginning, the module's path from the folder of the sources, without its ending: while it is a
 * file
 *   of its own, the whole folder is the library's
 */
export function markLibrary(edge: "begin" | "end", error: Error, module?: string): void {
  marks.push({ edge, error, ...(module !== undefined && { module }) });
}

/** Reads a stack that was formatted: ` at f (file:1:2)` of V8, `f@file:1:2` of other engines. */
function parseFrame(text: string): Frame {
  const found = /^\s*(?:at (?:async )?(?:.*? \((?=.*\)$))?|[^@]*@)?(.+?):(\d+):(\d+)\)?$/.exec(text);
  return found === null ? null : { file: found[1]!, line: Number(found[2]), column: Number(found[3]) };
}

/** Returns the lines of a formatted stack that are frames. */
function linesOf(stack: string): string[] {
  const lines = stack.split("\n").filter((line) => line.trim() !== "");
  const v8 = lines.filter((line) => /^\s*at /.test(line));
  return v8.length > 0 ? v8 : lines.filter((line) => line.includes("@") || /:\d+:\d+$/.test(line));
}

function siteFrame(site: CallSite): Frame {
  const [file, line, column] = [
    site.getScriptNameOrSourceURL?.() ?? site.getFileName(),
    site.getLineNumber(),
    site.getColumnNumber(),
  ];
  return typeof file === "string" && line !== null && column !== null ? { file, line, column } : null;
}

/** The frames of an error as the code runs, before source maps. */
function framesOf(error: Error): Frame[] {
  const engine = Error as { prepareStackTrace?: unknown };
  const former = Object.getOwnPropertyDescriptor(engine, "prepareStackTrace");
  // `Reflect` says no instead of throwing where the intrinsics are frozen.
  const set = Reflect.set(engine, "prepareStackTrace", (_: unknown, sites: unknown) => sites);
  try {
    const stack = error.stack as unknown;
    return Array.isArray(stack)
      ? stack.map(siteFrame)
      : linesOf(typeof stack === "string" ? stack : "").map(parseFrame);
  } finally {
    if (set && former !== undefined) Object.defineProperty(engine, "prepareStackTrace", former);
    else if (set) Reflect.deleteProperty(engine, "prepareStackTrace");
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The folder of a module that is a file of its own; `null` where it became part of another file. */
function folderOf(file: string, module: string | undefined): string | null {
  if (module === undefined) return null;
  const path = escapeRegExp(module).replaceAll("/", "[\\\\/]");
  return new RegExp(`^(.*[\\\\/])${path}\\.[cm]?[jt]s(?:[?#].*)?$`).exec(file)?.[1] ?? null;
}

/** Turns the marks that came since the last time into territories. */
function readMarks(): void {
  for (; read < marks.length; read++) {
    const { edge, error, module } = marks[read]!;
    const frame = framesOf(error)[0] ?? null;
    if (edge === "begin") {
      const folder = frame === null ? null : folderOf(frame.file, module);
      if (folder !== null) territories.push({ prefix: folder, from: START, to: END });
      open.push(folder === null ? frame : null);
      continue;
    }
    const begin = open.pop() ?? null;
    if (begin === null || frame === null) continue;
    const [from, to] = [
      [begin.line, begin.column],
      [frame.line, frame.column],
    ] as const;
    if (begin.file === frame.file) territories.push({ prefix: begin.file, from, to });
    // A bundler cut the library in two: the rest of one file, and the beginning of another.
    else territories.push({ prefix: begin.file, from, to: END }, { prefix: frame.file, from: START, to });
  }
}

/** Compares two positions in a file. */
function isBefore(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

function isLibrary({ file, line, column }: NonNullable<Frame>): boolean {
  const place = [line, column] as const;
  return (
    /[\\/]@chainrule[\\/](?:autograd|nn)[\\/@]/.test(file) ||
    territories.some(
      ({ prefix, from, to }) => file.startsWith(prefix) && !isBefore(place, from) && !isBefore(to, place),
    )
  );
}

/** A file as people and terminals write it: a path where it is one. */
function showFile(file: string): string {
  if (!file.startsWith("file://")) return file;
  const path = file.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, "");
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function showFrame({ file, line, column }: NonNullable<Frame>): string {
  return `${showFile(file)}:${line}:${column}`;
}

/** Calls a function while the engine keeps enough frames: V8's ten may end inside the library. */
function withDeepStack<R>(body: () => R): R {
  const engine = Error as { stackTraceLimit?: number };
  const limit = engine.stackTraceLimit;
  const set = limit !== undefined && limit < 60 && Reflect.set(engine, "stackTraceLimit", 60);
  try {
    return body();
  } finally {
    if (set) Reflect.set(engine, "stackTraceLimit", limit);
  }
}

/** Files of the host: its own modules, and the constructors that JavaScriptCore writes for classes without one. */
const HOST = /^(?:node|native|internal|ext|bun):|^<|^native$|^\[source:/;

/** The first frame outside the library on the present stack, as `file:line:column`; `null` where there is none. */
export function callerLine(): string | null {
  // Two errors of one place: the frames as the code runs, and as the engine shows them.
  const [raw, shown] = withDeepStack(() => [new Error(), new Error()] as const);
  readMarks();
  const frames = framesOf(raw);
  const outside = (frame: Frame): boolean => frame !== null && !HOST.test(frame.file) && !isLibrary(frame);
  const own = frames.findIndex((frame) => outside(frame) && !/[\\/]node_modules[\\/]/.test(frame!.file));
  const index = own >= 0 ? own : frames.findIndex(outside);
  if (index < 0) return null;
  const stack = shown.stack as unknown;
  const lines = typeof stack === "string" ? linesOf(stack) : [];
  return showFrame((lines.length === frames.length ? parseFrame(lines[index]!) : null) ?? frames[index]!);
}

markLibrary("end", new Error());
