/** The second section: the chain rule along every path from a weight to the cost, and the reason of each factor. */

import type { Block, Factor, Letter, Section } from "../language/ast.ts";
import { both, equation, negative, number, partial, prose, text, times } from "../language/build.ts";
import { layerWords, whichLayer } from "../language/phrases.ts";
import { isElementwise, isLast, letterOf, type Subject } from "../language/subject.ts";
import { at, writtenOut } from "../values/expand.ts";
import {
  cost, costFactors, costIn, costOf, costSlope, error, hasError, inputOf, jacobianOf, outputOf, paths, reached, slopeOf, sumOfPaths, target, u, v, weight,
} from "./entries.ts";

/** A weight by its layer and the neurons that it connects, counted from 0. */
export interface TracedWeight { readonly layer: number; readonly to: number; readonly from: number }

/** More paths than this are counted, not printed. */
const PATHS = 8;

export function chains(subject: Subject, traced: readonly TracedWeight[]): Section {
  const blocks: Block[] = [
    text(
      prose`A weight moves the cost only through what depends on it. The chain rule multiplies the derivatives along a path from the weight to the cost and adds the paths.`,
      prose`权重只能通过依赖它的量来影响代价。链式法则把从权重到代价的一条路径上的导数相乘，再把所有路径相加。`,
    ),
  ];
  for (let l = subject.layers; l >= 1; l--) blocks.push(...ofLayer(subject, l, traced.find(({ layer }) => layer === l)!));
  return { title: both("The chain rule, weight by weight", "对每个权重用链式法则"), blocks };
}

function ofLayer(subject: Subject, layer: number, { to, from }: TracedWeight): Block[] {
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const { en, zh } = whichLayer(subject, layer);
  const why = !isLast(subject, layer)
    ? both(
        prose`In ${en} every neuron above that ${v(layer, j)} reaches carries a path, so the paths are summed.`,
        prose`在${zh}，${v(layer, j)} 所到达的每个上层神经元都是一条路径，所以要对路径求和。`,
      )
    : isElementwise(subject, layer)
      ? both(prose`In ${en} one path leads from ${weight(layer, j, i)} to the cost.`, prose`在${zh}，从 ${weight(layer, j, i)} 到代价只有一条路径。`)
      : both(
          prose`In ${en} every output depends on ${u(layer, j)}, so a path leads through each of them.`,
          prose`在${zh}，每个输出都依赖 ${u(layer, j)}，所以经过每个输出各有一条路径。`,
        );
  const blocks: Block[] = [
    equation(partial(cost, weight(layer, j, i)), [sumOfPaths(subject, layer, j, i)], { why }),
    { kind: "factors", factors: factorsOf(subject, layer) },
  ];
  const count = pathsFrom(subject, layer, to, from);
  if (count > 1 && count <= PATHS) {
    const product = at(sumOfPaths(subject, layer, j, i), new Map([[j.letter, to], [i.letter, from]]));
    blocks.push(
      equation(partial(cost, weight(layer, to, from)), [writtenOut(product, (over) => subject.sizes[over.layer as number]!)], {
        why: both(`Written out for one weight of ${layerWords(subject, layer).en}: ${count} paths.`, `把${layerWords(subject, layer).zh}的一个权重写开：共 ${count} 条路径。`),
      }),
    );
  }
  return blocks;
}

function pathsFrom(subject: Subject, layer: number, to: number, from: number): number {
  return paths(subject, layer, to, from).over.reduce((count: number, over) => count * subject.sizes[(over as Letter).layer as number]!, 1);
}

/** The factors that no section above has explained yet. */
function factorsOf(subject: Subject, layer: number): Factor[] {
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const k = reached(subject, layer, j) as Letter;
  const factors: Factor[] = [];
  if (isLast(subject, layer)) factors.push(...ofCost(subject, k));
  else {
    const above = letterOf(subject, layer + 1);
    factors.push({
      factor: partial(u(layer + 1, above), v(layer, k)),
      value: [weight(layer + 1, above, k)],
      because: { left: u(layer + 1, above), right: inputOf(subject, layer + 1, above) },
    });
  }
  factors.push({
    factor: partial(v(layer, k), u(layer, j)),
    value: isElementwise(subject, layer) ? [{ kind: "apply", name: "slope", layer, of: u(layer, j) }, slopeOf(subject, layer, j)] : [jacobianOf(layer, k, j)],
    because: { left: v(layer, k), right: outputOf(subject, layer, k) },
  });
  factors.push({
    factor: partial(u(layer, j), weight(layer, j, i)),
    value: [v(layer - 1, i)],
    because: { left: u(layer, j), right: inputOf(subject, layer, j) },
  });
  return factors;
}

function ofCost(subject: Subject, k: Letter): Factor[] {
  const because = { left: cost, right: costOf(subject) };
  if (hasError(subject)) {
    const [byError, byOutput] = costFactors(subject, subject.layers, k);
    return [
      { factor: byError!, value: [times(number(costIn(subject).squares!.scale(subject.sizes.at(-1)!)), error(k))], because },
      { factor: byOutput!, value: [number(-1)], because: { left: error(k), right: { kind: "plus", terms: [target(k), negative(v(subject.layers, k))] } } },
    ];
  }
  return [{ factor: partial(cost, v(subject.layers, k)), value: [...costSlope(subject, k)], because }];
}
