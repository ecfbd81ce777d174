/** Functions of tensors that a file brings with it as its reference: called beside it, by numbers and for numbers. */

import { cast, Tensor } from "@chainrule/autograd";
import { pull } from "../../handcheck/catalogue/families/family.ts";
import { flowsOf, type Flows, type Graph } from "../../handcheck/ops/graph/flows.ts";
import { fromTensor, toTensor, type Numbers } from "../../handcheck/bounds/numbers.ts";

/** A question about `like`: its inputs, tensors where they have a gradient, plain arrays where not. */
export interface LikeQuestion {
  readonly inputs: readonly (Numbers | { readonly plain: unknown })[];
  readonly single: boolean;
  /** The upstream gradient; without it the value is asked for. */
  readonly upstream?: Numbers;
}

/** A question about a graph, by the name of what answers it. */
export interface GraphQuestion {
  readonly what: keyof Flows;
  readonly given: readonly unknown[];
}

type Called = (...given: unknown[]) => unknown;

/** Errors that their function has thrown; anything else that is thrown is ours. */
const theirs = new WeakSet<object>();

export const isOurs = (thrown: unknown): boolean =>
  typeof thrown === "object" && thrown !== null && !theirs.has(thrown);

/** The function, with what it throws noted. */
const noted =
  (f: Called): Called =>
  (...given) => {
    try {
      return f(...given);
    } catch (thrown) {
      if (typeof thrown === "object" && thrown !== null) theirs.add(thrown);
      throw thrown;
    }
  };

/** The output of `like`, or its gradients by its tensors. */
export function likeAnswer(f: Called, question: unknown): Numbers | readonly Numbers[] {
  const { inputs, single, upstream } = question as LikeQuestion;
  const typed = (x: Numbers): Tensor => (single ? (cast(toTensor(x), "float32") as Tensor) : toTensor(x));
  const moving = inputs.flatMap((x) => ("plain" in x ? [] : [typed(x)]));
  const like = (tensors: readonly Tensor[]): Tensor => {
    let next = 0;
    const value = noted(f)(...inputs.map((x) => ("plain" in x ? x.plain : tensors[next++]!)));
    if (value instanceof Tensor) return value as Tensor;
    throw new Error(
      `like gives ${value === null ? "null" : value instanceof Promise ? "a Promise" : typeof value}, no tensor: compute it from its inputs, x.matmul(W).tanh()`,
    );
  };
  return upstream === undefined ? fromTensor(like(moving)) : pull(like, moving, typed(upstream)).map(fromTensor);
}

/** Answers for a graph. */
export function graphAnswer(f: Called, question: unknown): unknown {
  const { what, given } = question as GraphQuestion;
  return (flowsOf(noted(f) as unknown as Graph)[what] as Called)(...given);
}
