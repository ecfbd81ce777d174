/** BP1 to BP4 for an arbitrary layer l. */

import type { Block, Expression, Section } from "../language/ast.ts";
import { both, chain, equation, negative, partial, prose, remark, sum, symbol, text } from "../language/build.ts";
import { hasLetters, isElementwise, type Subject } from "../language/subject.ts";
import { bias, cost, delta, u, v, weight } from "./entries.ts";

/** The four equations for an arbitrary layer; null where they differ from layer to layer or the names allow no l. */
export function general(subject: Subject): Section | null {
  const hidden = Array.from({ length: subject.layers - 1 }, (_, index) => index + 1);
  if (!subject.notation.general || hidden.length === 0 || !hidden.every((l) => isElementwise(subject, l))) return null;
  const l = { of: "l", plus: 0 } as const;
  const [last, next, previous] = [{ of: "L", plus: 0 } as const, { of: "l", plus: 1 } as const, { of: "l", plus: -1 } as const];
  const j = { letter: "j", layer: l };
  const out = { letter: "j", layer: last };
  const [up, down] = [{ letter: "k", layer: next }, { letter: "k", layer: previous }];
  const slope = { kind: "apply", name: "slope", layer: l, of: u(l, j) } as const;
  const signed = (of: Expression): Expression => (subject.notation.deltaSign === -1 ? negative(of) : of);
  const mixed = !isElementwise(subject, subject.layers);
  const other = { letter: "k", layer: last };
  const bp1 = mixed
    ? [signed(sum(other, chain(partial(cost, v(last, other)), partial(v(last, other), u(last, out)))))]
    : [signed(chain(partial(cost, v(last, out)), partial(v(last, out), u(last, out)))), signed(chain(partial(cost, v(last, out)), { ...slope, layer: last, of: u(last, out) }))];
  const blocks: Block[] = [
    text(
      hasLetters(subject) ? prose`With M = 0, I = 1 and J = 2 = L, the same holds for any number of layers. Here ${weight(l, j, down)} is the entry in row j and column k of W: it leads to j, from k.` : prose`The four equations for any hidden layer l, below the last layer L. The letters are neurons: j in layer l, k in the layer next to it.`,
      hasLetters(subject) ? prose`令 M = 0，I = 1，J = 2 = L，同样的公式对任意层数成立。这里 ${weight(l, j, down)} 是矩阵 W 第 j 行第 k 列的元素：从 k 通向 j。` : prose`四个公式对最后一层 L 以下的任意隐含层 l 成立。下标表示神经元：j 属于第 l 层，k 属于相邻层。`,
    ),
    equation(delta(last, out), bp1, { label: "BP1" }),
    equation(
      delta(l, j),
      [
        signed(sum(up, chain(partial(cost, u(next, up)), partial(u(next, up), v(l, j)), partial(v(l, j), u(l, j))))),
        sum(up, chain(delta(next, up), weight(next, up, j), slope)),
      ],
      { label: "BP2" },
    ),
    equation(partial(cost, bias(l, j)), [signed(delta(l, j))], { label: "BP3" }),
    equation(partial(cost, weight(l, j, down)), [signed(chain(v(previous, down), delta(l, j)))], { label: "BP4" }),
  ];
  if (subject.notation.name === "document") {
    blocks.splice(
      3,
      0,
      remark(
        prose`The document prints the last sum with ${symbol("W", l, [j, { letter: "k", layer: next }])}, and ${symbol("u", next, [j])} in the first. Both are slips: the weight belongs to layer l+1 and leads from j to k, and it is the summed neuron k whose δ counts.`,
        prose`原文最后一个和式写的是 ${symbol("W", l, [j, { letter: "k", layer: next }])}，第一个和式写的是 ${symbol("u", next, [j])}。这两处都是笔误：权重属于第 l+1 层、从 j 通向 k，起作用的是被求和的神经元 k 的 δ。`,
      ),
    );
  }
  return { title: both("The same for any layer", "推广到任意层"), blocks };
}
