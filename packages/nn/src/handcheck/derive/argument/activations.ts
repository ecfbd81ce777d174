/** Activations beyond the first five, and their slopes, as expressions in u: of one neuron, or entry by entry of a layer. */

import type { ActivationName } from "../../../network/activation.ts";
import type { Expression } from "../language/ast.ts";
import { apply, fraction, minus, negative, number, plus, positive, times } from "../language/build.ts";

/** σ(u) and σ′(u) of an activation; `by` multiplies entries. */
interface Written {
  readonly value: (u: Expression, by: typeof times) => Expression;
  readonly slope: (u: Expression, by: typeof times) => Expression;
}

const one = number(1);
/** 1/(1 + e^−u) */
const share = (u: Expression): Expression => fraction(one, plus(one, apply("exp", negative(u))));
/** 1 where u > 0, 0.01 elsewhere. */
const leak = (u: Expression): Expression => plus(number(0.01), times(number(0.99), positive(u)));
const below = (u: Expression): Expression => minus(one, positive(u));

export type Further = Extract<ActivationName, "leakyRelu" | "elu" | "silu" | "softplus">;

export const further: Readonly<Record<Further, Written>> = {
  leakyRelu: { value: (u, by) => by(leak(u), u), slope: leak },
  elu: {
    value: (u, by) => plus(apply("positivePart", u), by(below(u), minus(apply("exp", u), one))),
    slope: (u, by) => plus(positive(u), by(below(u), apply("exp", u))),
  },
  silu: {
    value: (u, by) => by(u, share(u)),
    slope: (u, by) => by(share(u), plus(one, by(u, minus(one, share(u))))),
  },
  softplus: { value: (u) => apply("ln", plus(one, apply("exp", u))), slope: share },
};
