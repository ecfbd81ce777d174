/** The learning rule: what a step does to every weight and bias. */

import { derivation } from "../../../locales/derivation.ts";
import type { Block, Expression, Section } from "../language/ast.ts";
import { chain, equation, minus, negative, partial, said, symbol, text, times } from "../language/build.ts";
import { letterOf, type Subject } from "../language/subject.ts";
import { arrayOf, slopeByParameters } from "./arrays.ts";
import { cost, delta, v, weight } from "./entries.ts";

export function learning(subject: Subject): Section {
  const { notation, layers } = subject;
  const eta = symbol("eta");
  const blocks: Block[] = [text(said(derivation.uphill))];
  if (notation.learning === "difference") {
    for (let l = layers; l >= 1; l--) {
      const [j, i] = [letterOf(subject, l), letterOf(subject, l - 1)];
      const product: Expression = chain(eta, delta(l, j), v(l - 1, i));
      blocks.push(
        equation(
          symbol("stepW", l, [j, i]),
          [
            negative(times(eta, partial(cost, weight(l, j, i)))),
            notation.deltaSign === -1 ? product : negative(product),
          ],
          {
            why: l === layers ? said(derivation.stepAfterSample) : null,
          },
        ),
      );
    }
  }
  for (let l = layers; l >= 1; l--) {
    blocks.push(assignment(subject, "nextW", "W", l, l === layers), assignment(subject, "nextB", "b", l, false));
  }
  return { title: said(derivation.learningTitle), blocks };
}

/** The sign of a step: code and courses assign, mathematics names the new value. */
export function stepSign({ notation }: Subject): "=" | ":=" {
  return notation.learning === "assignment" && notation.products === "mathematics" ? ":=" : "=";
}

function assignment(
  subject: Subject,
  next: "nextW" | "nextB",
  role: "W" | "b",
  layer: number,
  explains: boolean,
): Block {
  const right = minus(arrayOf(role, layer), times(symbol("eta"), slopeByParameters(subject, role, layer)));
  return equation(arrayOf(next, layer), [right], {
    relation: stepSign(subject),
    why: explains ? said(derivation.stepAfterBatch) : null,
  });
}
