/** The learning rule: what a step does to every weight and bias. */

import type { Block, Expression, Section } from "../language/ast.ts";
import { both, chain, equation, minus, negative, partial, symbol, text, times } from "../language/build.ts";
import { letterOf, type Subject } from "../language/subject.ts";
import { arrayOf, slopeByParameters } from "./arrays.ts";
import { cost, delta, v, weight } from "./entries.ts";

export function learning(subject: Subject): Section {
  const { notation, layers } = subject;
  const eta = symbol("eta");
  const blocks: Block[] = [
    text(
      "The gradient points uphill, so a step goes the other way. Every gradient is computed from the old weights first; only then do all weights move.",
      "梯度指向代价上升的方向，所以要朝相反方向走一步。先用旧权重算出所有梯度，然后所有权重才一起更新。",
    ),
  ];
  if (notation.learning === "difference") {
    for (let l = layers; l >= 1; l--) {
      const [j, i] = [letterOf(subject, l), letterOf(subject, l - 1)];
      const product: Expression = chain(eta, delta(l, j), v(l - 1, i));
      blocks.push(
        equation(symbol("stepW", l, [j, i]), [negative(times(eta, partial(cost, weight(l, j, i)))), notation.deltaSign === -1 ? product : negative(product)], {
          why: l === layers ? both("The step after a single sample.", "只看一个样本时的一步。") : null,
        }),
      );
    }
  }
  for (let l = layers; l >= 1; l--) {
    blocks.push(assignment(subject, "nextW", "W", l, l === layers), assignment(subject, "nextB", "b", l, false));
  }
  return { title: both("Learning", "学习规则"), blocks };
}

/** The sign of a step: code and courses assign, mathematics names the new value. */
export function stepSign({ notation }: Subject): "=" | ":=" {
  return notation.learning === "assignment" && notation.products === "mathematics" ? ":=" : "=";
}

function assignment(subject: Subject, next: "nextW" | "nextB", role: "W" | "b", layer: number, explains: boolean): Block {
  const right = minus(arrayOf(role, layer), times(symbol("eta"), slopeByParameters(subject, role, layer)));
  return equation(arrayOf(next, layer), [right], {
    relation: stepSign(subject),
    why: explains ? both("The step after a batch; the biases learn as the weights do.", "看完一批样本之后的一步；偏置与权重同样学习。") : null,
  });
}
