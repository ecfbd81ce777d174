/** The work for a kernel or a graph: the judge asks, the file's functions answer from elsewhere. */

import type { ExaminedOp } from "../handcheck/report.ts";
import { isAutogradError } from "@chainrule/autograd";
import type { CheckOpOptions } from "../handcheck/ops/prepare.ts";
import type { Flows } from "../handcheck/ops/graph/flows.ts";
import type { Kernel } from "../handcheck/ops/kernel.ts";
import { SourceError } from "../handcheck/intake/given.ts";
import { exportErrors } from "../locales/export-errors.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import { faultOf } from "./faults.ts";
import type { Answer, CheckJob, Fault } from "./job.ts";
import { callEach, placeOf, type Elsewhere } from "./javascript/module.ts";
import { kindOf, type GraphGiven, type OpGiven } from "./op-subject.ts";
import { UsageError } from "./usage-error.ts";

const types = { f64: "float64", f32: "float32", f16: "float16", bf16: "bfloat16" } as const;

/** The significant digits that a narrower type carries; of float32 the check reads off the numbers themselves. */
const digitsOf = { f64: null, f32: null, f16: 3, bf16: 2 } as const;

/** Options that speak of a network, or of numbers on paper. */
function refuse(job: CheckJob, kind: "kernel" | "graph", digits: boolean): void {
  const given = [
    ["net", job.network !== null],
    ["cost", job.cost !== null],
    ["example", job.example !== null],
    ["convention", job.convention !== "auto"],
    ["derive", job.derivation],
    ["digits", digits && job.digits !== null],
    ["decimals", digits && job.decimals !== null],
  ] as const;
  const odd = given.find(([, present]) => present);
  if (odd !== undefined)
    throw new UsageError(usageErrors.noMeaning({ kind, name: odd[0] }), usageErrors.leaveOut({ name: odd[0] }));
}

/** Calls of the file's functions: what one of them throws is the file's, whatever we throw ourselves is not. */
class Watch {
  readonly #faults = new Map<unknown, Fault>();
  readonly #file: string | null;

  constructor(file: string | null) {
    this.#file = file;
  }

  /** The function, watched. */
  of<A extends readonly never[], R>(name: string, f: (...given: A) => R): (...given: A) => R {
    return (...given) => {
      try {
        return f(...given);
      } catch (thrown) {
        const fault = faultOf(thrown, this.#file);
        const { en, zh } = exportErrors.thrownBy({ name });
        const isOwn = fault.advice === "" && !(thrown instanceof SourceError);
        this.#faults.set(thrown, isOwn ? { ...fault, advice: en, adviceZh: zh } : fault);
        throw thrown;
      }
    };
  }

  /** The fault that it was: theirs, or numbers of theirs that ours could not read; anything else is a fault of ours. */
  faultOf(thrown: unknown): Fault {
    const theirs = this.#faults.get(thrown);
    if (theirs !== undefined) return theirs;
    if (thrown instanceof SourceError) return faultOf(thrown, this.#file);
    if (!isAutogradError(thrown)) throw thrown;
    const [first = ""] = thrown.message.split("\n");
    return {
      message: first.replace(/^(?:checkOp|handcheckGraph|tensor): /, ""),
      advice: "",
      file: this.#file,
      line: null,
      column: null,
    };
  }
}

/** A module with functions of tensors, in a process of its own: once it is loaded. */
export type Reference = () => Promise<Elsewhere>;

/** The place of a function of tensors that only its own process can call. */
function placeThere(f: object): string {
  const place = placeOf(f);
  if (place === undefined) throw new SourceError(exportErrors.fromAnother, exportErrors.ownName);
  return place;
}

/** The kernel, its functions watched. */
function watched(kernel: Kernel, watch: Watch): Kernel {
  const forwards = watch.of("forward", (all: never) => callEach(kernel.forward, all)) as (
    all: readonly (readonly unknown[])[],
  ) => readonly unknown[];
  return {
    ...kernel,
    forward: watch.of("forward", kernel.forward),
    forwards,
    backward: watch.of("backward", kernel.backward),
  };
}

/** The reference that a kernel's file brings; its tensors are computed in a process of their own. */
async function likeOf(
  { like }: CheckOpOptions,
  watch: Watch,
  reference: Reference,
): Promise<Pick<CheckOpOptions, "like">> {
  if (like === undefined) return {};
  const { likeFrom } = await import("./javascript/references.ts");
  return { like: watch.of("like", likeFrom(await reference(), placeThere(like))) };
}

async function examineKernel(
  { dtype, seed }: CheckJob,
  { kernel, name, options }: OpGiven,
  watch: Watch,
  reference: Reference,
): Promise<ExaminedOp> {
  const { examineOp } = await import("../handcheck/ops/check-op.ts");
  const own = await likeOf(options, watch, reference);
  return examineOp(
    kernel === null
      ? (await import("../handcheck/ops/like-kernel.ts")).kernelOf(name, own.like!, options.differentiable)
      : watched(kernel, watch),
    {
      ...options,
      ...own,
      ...(dtype === null ? {} : { dtype: types[dtype] }),
      ...(seed === null ? {} : { seed }),
    },
  );
}

/** The gradients by hand, and with how many digits they say that they were copied. */
interface Hand {
  readonly gradients: Readonly<Record<string, unknown>>;
  readonly digits: number | undefined;
}

/** The gradients of a graph's values as its file gives them: as they are, or by a function of the inputs. */
function handOf({ hand, inputs }: GraphGiven, watch: Watch): Hand {
  const numbers: unknown =
    typeof hand === "function"
      ? watch.of("hand", hand as (given: never) => unknown)(structuredClone(inputs) as never)
      : hand;
  if (numbers instanceof Promise) {
    numbers.catch(() => undefined);
    throw new SourceError(exportErrors.givesPromise, exportErrors.withoutAwait);
  }
  if (typeof numbers !== "object" || numbers === null || Array.isArray(numbers))
    throw new SourceError(exportErrors.handGives({ kind: kindOf(numbers) }), exportErrors.givesEach);
  const { digits, ...gradients } = numbers as Readonly<Record<string, unknown>>;
  if (digits !== undefined && typeof digits !== "number")
    throw new SourceError(exportErrors.digitsNoNumber, exportErrors.digitsAre);
  return { gradients, digits };
}

async function examineNamed(
  { dtype, decimals, digits: asked }: CheckJob,
  given: GraphGiven,
  watch: Watch,
  reference: Reference,
): Promise<ExaminedOp> {
  const { examineGraph } = await import("../handcheck/ops/graph/handcheck-graph.ts");
  const { gradients, digits: told } = handOf(given, watch);
  const digits = asked ?? told ?? (dtype === null || decimals !== null ? null : digitsOf[dtype]);
  const { flowsFrom } = await import("./javascript/references.ts");
  const { values, truth, implied } = flowsFrom(await reference(), placeThere(given.graph));
  const flows = {
    values: watch.of("graph", values as never),
    truth: watch.of("graph", truth as never),
    implied: watch.of("graph", implied as never),
  } as unknown as Flows;
  const all = decimals === null ? gradients : { ...gradients, decimals };
  return examineGraph(flows, given.inputs, all, { name: given.name, ...(digits === null ? {} : { digits }) });
}

/** The answer about a kernel or a graph. */
export async function opAnswer(job: CheckJob, given: OpGiven | GraphGiven, reference: Reference): Promise<Answer> {
  refuse(job, given.kind === "op" ? "kernel" : "graph", given.kind === "op");
  const watch = new Watch(job.file);
  try {
    const { findings, tensors } =
      given.kind === "op"
        ? await examineKernel(job, given, watch, reference)
        : await examineNamed(job, given, watch, reference);
    const brought = given.kind === "graph" || given.options.like !== undefined;
    return {
      kind: "opReport",
      findings: { ...findings, ...(brought ? { referenceBy: job.reference === null ? "file" : "teacher" } : {}) },
      tensors: job.tensors ? tensors : [],
    };
  } catch (thrown) {
    return { kind: "fault", fault: watch.faultOf(thrown), op: given.name };
  }
}
