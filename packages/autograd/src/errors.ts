/** The errors of the library: each names the op, the shapes, what to do, and the line of the caller. */

import { callerLine } from "./caller.ts";
import type { Shape } from "./types/shape.ts";

/** The details of an error; every field is readable on the error itself. */
export interface ErrorDetails {
  /** The op or function that refused: `"matmul"`. */
  readonly op: string;
  /** The fault in words, with the shapes or values in it. */
  readonly problem: string;
  /** The advice: what to do instead. */
  readonly hint: string;
  /** The shapes involved, in the order of the operands. */
  readonly shapes?: readonly Shape[];
  /** A stable code for programs: `"GRAPH_FREED"`. */
  readonly code?: string;
  /** The line to name, where it is known better than the one now on the stack. */
  readonly at?: string | null;
}

function compose(details: ErrorDetails, at: string | null): string {
  const sentence = `${details.op}: ${details.problem}: ${details.hint}`;
  return at === null ? sentence : `${sentence}\n    at ${at}`;
}

/** The fields that every error of the library has. */
export interface AutogradError extends Error {
  readonly op: string;
  readonly code: string;
  readonly hint: string;
  readonly shapes: readonly Shape[];
  /** The user's line, `file:line:column`, where it is known. */
  readonly at: string | null;
}

const errors = new WeakSet<object>();

function withDetails(Base: new (message: string) => Error, defaultCode: string) {
  return class extends Base implements AutogradError {
    readonly op: string;
    readonly code: string;
    readonly hint: string;
    readonly shapes: readonly Shape[];
    readonly at: string | null;
    constructor(details: ErrorDetails) {
      const at = details.at ?? callerLine();
      super(compose(details, at));
      // Where the built-in prototypes are frozen, an inherited name cannot be assigned.
      Object.defineProperty(this, "name", {
        value: new.target.name,
        configurable: true,
        enumerable: true,
        writable: true,
      });
      this.op = details.op;
      this.code = details.code ?? defaultCode;
      this.hint = details.hint;
      this.shapes = details.shapes ?? [];
      this.at = at;
      errors.add(this);
    }
  };
}

/** Shapes that do not fit each other, or a shape that does not fit the data. */
export class ShapeError extends withDetails(Error, "SHAPE") {}
/** A size that no tensor can have: negative, fractional, not a number, or too large. */
export class SizeError extends withDetails(RangeError, "SIZE") {}
/** An axis or an index outside its range. */
export class IndexRangeError extends withDetails(RangeError, "INDEX") {}
/** Types of numbers that do not go together, or that have no derivative. */
export class DTypeError extends withDetails(TypeError, "DTYPE") {}
/** A value that is not a number, a tensor, or what the function takes. */
export class ArgumentError extends withDetails(TypeError, "ARGUMENT") {}
/** A derivative that the recorded graph cannot give: freed, never recorded, or not of a scalar. */
export class GraphError extends withDetails(Error, "GRAPH") {}
/** A result of whole numbers that int32 does not have. */
export class OverflowError extends withDetails(RangeError, "OVERFLOW") {}
/** A value or a cotangent that is not finite where finite ones were asked for. */
export class NonFiniteError extends withDetails(Error, "NON_FINITE") {}
/** Memory that the engine refused: a computation too large for it, or for the addresses of WebAssembly. */
export class OutOfMemoryError extends withDetails(RangeError, "OUT_OF_MEMORY") {}
/**
 * A thread of a compiled program that died or stopped answering; the next call works, and variables are as they were
 * before.
 */
export class WorkerCrashError extends withDetails(Error, "WORKER_CRASH") {}
/** A setting outside its domain. */
export class ConfigError extends withDetails(RangeError, "CONFIG") {}

/**
 * True if a caught value is an error of this library, with the fields `op`, `code`, `hint`, `shapes` and `at`.
 *
 * @example
 * let op = ""
 * try { zeros([1.5]) } catch (error) { if (isAutogradError(error)) op = error.op }
 * op // => "zeros"
 */
export function isAutogradError(value: unknown): value is AutogradError {
  return typeof value === "object" && value !== null && errors.has(value);
}

/** A shape as messages print it: `[2, 3]`. */
export function showShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
