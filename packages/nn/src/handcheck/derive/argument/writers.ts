/** How the formulas of records are written as expressions: of one neuron, or entry by entry of a layer. */

import type { Writer } from "../../../network/activations/record.ts";
import type { Expression } from "../language/ast.ts";
import {
  apply,
  fraction,
  hadamard,
  minus,
  negative,
  number,
  plus,
  positive,
  square,
  times,
} from "../language/build.ts";

const shared = {
  number,
  plus,
  minus,
  negative,
  positive,
  scaled: (c: number, of: Expression) => times(number(c), of),
  over: fraction,
  apply: (name: Parameters<Writer<Expression>["apply"]>[0], of: Expression) => apply(name, of),
};

/** Of one neuron. */
export const ofEntry: Writer<Expression> = { ...shared, times, square };

/** Of all neurons of a layer. */
export const ofArray: Writer<Expression> = { ...shared, times: hadamard, square: (of) => hadamard(of, of) };
