/**
 * References that a file brings with it, asked in a process of their own: `like` as an op of the judge's, a graph by
 * what flows through it.
 */

import { customGradient, Tensor } from "@chainrule/autograd";
import type { Flows, Values } from "../../handcheck/ops/graph/flows.ts";
import { toTensor, type Numbers } from "../../handcheck/bounds/numbers.ts";
import { countIn } from "../../handcheck/intake/sources/process/bytes.ts";
import { SourceError } from "../../handcheck/intake/given.ts";
import { exportErrors } from "../../locales/export-errors.ts";
import { alike, type Words } from "../../locales/words.ts";
import { isOurs, type Elsewhere } from "./module.ts";
import type { GraphQuestion, LikeQuestion } from "./tensors.ts";

/** Numbers with a shape, or a fault. */
function numbersFrom(what: Words, value: unknown): Numbers {
  const { data, shape } = (typeof value === "object" && value !== null ? value : {}) as {
    readonly data?: unknown;
    readonly shape?: unknown;
  };
  if (!(data instanceof Float64Array) || countIn(shape) !== data.length)
    throw new SourceError(exportErrors.noTensor({ what }), exportErrors.ofTensors);
  return { data, shape: shape as readonly number[] };
}

const valuesFrom = (given: unknown): Values =>
  Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => [name, numbersFrom(exportErrors.theGraph, value)]),
  );

/** Asks; what our own code says over there is a fault in the person's words. */
function asked(where: Elsewhere, kind: "like" | "graph", place: string, question: object): unknown {
  try {
    return where.tensors(kind, place, question);
  } catch (thrown) {
    if (!isOurs(thrown)) throw thrown;
    const [first = ""] = (thrown as Error).message.split("\n");
    throw new SourceError(alike(first.replace(/^(?:checkOp|handcheckGraph|tensor): /, "")), null);
  }
}

/** `like` of a file: a function of tensors here, and of what has no gradient. */
export function likeFrom(where: Elsewhere, place: string): (...inputs: readonly never[]) => Tensor {
  return (...given) => {
    const inputs: readonly unknown[] = given;
    const moving = inputs.filter((x): x is Tensor => x instanceof Tensor);
    const single = moving.some((x) => x.dtype === "float32");
    const questionOf = (tensors: readonly Tensor[]): LikeQuestion => {
      let next = 0;
      const one = (x: unknown): LikeQuestion["inputs"][number] =>
        x instanceof Tensor ? plain(tensors[next++]!) : { plain: x };
      return { inputs: inputs.map(one), single };
    };
    const typed = (x: Numbers): Tensor => (single ? toTensor(x).cast("float32") : toTensor(x));
    const op = customGradient({
      name: "like",
      forward: (...tensors) => typed(numbersFrom(alike("like"), asked(where, "like", place, questionOf(tensors)))),
      vjp: (g, { inputs: tensors }) => {
        const back = asked(where, "like", place, { ...questionOf(tensors), upstream: plain(g) });
        return (Array.isArray(back) ? back : []).map((one) => typed(numbersFrom(alike("like"), one)));
      },
    });
    return op(...moving);
  };
}

const plain = (x: Tensor): Numbers => ({ data: Float64Array.from(x.toTypedArray()), shape: x.shape });

/** Asks for what flows through the graph of a file. */
export function flowsFrom(where: Elsewhere, place: string): Flows {
  const ask = (what: keyof Flows, ...given: readonly unknown[]): Readonly<Record<string, unknown>> =>
    asked(where, "graph", place, { what, given } satisfies GraphQuestion) as Readonly<Record<string, unknown>>;
  return {
    values: (inputs) => {
      const { taps, loss } = ask("values", inputs);
      if (typeof loss !== "number") throw new SourceError(exportErrors.noLoss, exportErrors.endWithSum);
      return { taps: valuesFrom(taps), loss };
    },
    truth: (inputs, taps) => valuesFrom(ask("truth", inputs, taps)),
    implied: (inputs, taps, handed, options) => valuesFrom(ask("implied", inputs, taps, handed, options)),
  };
}
