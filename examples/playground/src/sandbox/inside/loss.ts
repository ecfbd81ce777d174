/** What the library says of a loss: value, gradient, Hessian, graph, and how long a call takes, eager and compiled. */

import { compile, hessian, tensor, Tensor, toSvg, toText, valueAndGrad } from "@chainrule/autograd";
import { pointOf } from "./point.ts";

/** `values` first, since the rest takes longer. */
export type LossQuestion = "values" | "graph" | "times";

export interface ValuesTold {
  readonly names: readonly string[];
  readonly point: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
  /** `null` where there are too many parameters to be read. */
  readonly hessian: readonly (readonly number[])[] | null;
}

export interface GraphTold {
  readonly svg: string;
  readonly text: string;
}

export interface TimesTold {
  /** Microseconds of a call of value and gradient. */
  readonly eager: number;
  /** `null` where it is not compiled, which `because` says why. */
  readonly compiled: number | null;
  readonly first: number;
  readonly because: string;
}

/** More columns than these nobody reads. */
const READABLE = 16;
/** A clock of the browser goes in steps of a tenth of a millisecond: so long is measured, in so many rounds. */
const MEASURED = 12;
const ROUNDS = 5;

type Loss = (...given: readonly unknown[]) => Tensor;

function lossOf(exports: Readonly<Record<string, unknown>>): { readonly loss: Loss; readonly point: unknown } {
  const loss = exports["loss"] ?? exports["default"];
  if (typeof loss !== "function") throw new TypeError("there is no loss: export function loss(…) { … }");
  if (exports["point"] === undefined)
    throw new TypeError("no point is said: export const point = { w: [0.5, -1], b: 0 }, or a list of the arguments");
  return { loss: loss as Loss, point: exports["point"] };
}

/** Microseconds of a call. */
function timeOf(call: () => unknown): number {
  let [calls, best] = [1, Infinity];
  for (let round = 0; round < ROUNDS;) {
    const begun = performance.now();
    for (let k = 0; k < calls; k++) call();
    const spent = performance.now() - begun;
    if (spent < MEASURED && calls < 2 ** 22) {
      calls = Math.max(calls + 1, Math.min(calls * 8, Math.ceil((calls * MEASURED * 1.2) / Math.max(spent, 0.1))));
      continue;
    }
    best = Math.min(best, (1000 * spent) / calls);
    round++;
  }
  return best;
}

function timesTold(loss: Loss, given: readonly unknown[]): TimesTold {
  const argnums = given.map((_, k) => k);
  const both = valueAndGrad(loss as unknown as (...leaves: readonly never[]) => Tensor<[]>, { argnums }) as unknown as (
    ...leaves: readonly unknown[]
  ) => unknown;
  const eager = timeOf(() => both(...given));
  try {
    // Its errors call it by its name.
    const { loss: named } = { loss: (...leaves: readonly unknown[]) => both(...leaves) };
    const program = compile(named as never) as unknown as (...leaves: readonly unknown[]) => unknown;
    const begun = performance.now();
    program(...given);
    const first = performance.now() - begun;
    return { eager, compiled: timeOf(() => program(...given)), first, because: "" };
  } catch (error) {
    const [because = ""] = (error as Error).message.split("\n");
    return { eager, compiled: null, first: 0, because };
  }
}

export function lossTold(
  exports: Readonly<Record<string, unknown>>,
  question: LossQuestion,
): ValuesTold | GraphTold | TimesTold {
  const { loss, point } = lossOf(exports);
  const { names, numbers, from, given } = pointOf(point, loss);
  if (question === "graph")
    return {
      svg: toSvg(loss as never, given as never, { cotangents: true } as never),
      text: toText(loss as never, given as never),
    };
  if (question === "times") return timesTold(loss, given);
  const of = ((vector: Tensor<[number]>) => loss(...from(vector))) as (vector: Tensor<[number]>) => Tensor<[]>;
  const vector = tensor(numbers) as Tensor<[number]>;
  const { value, gradient } = valueAndGrad(of)(vector) as unknown as {
    readonly value: Tensor;
    readonly gradient: Tensor;
  };
  const second = numbers.length > READABLE ? null : ((hessian(of)(vector) as Tensor).toArray() as number[][]);
  return { names, point: numbers, value: value.item(), gradient: gradient.toArray() as number[], hessian: second };
}
