/** The second section: the chain rule along every path from a weight to the cost, and the reason of each factor. */

import { derivation } from "../../../locales/derivation.ts";
import type { Block, Factor, Letter, Section } from "../language/ast.ts";
import { equation, negative, number, partial, prose, said, text, times } from "../language/build.ts";
import { layerWords, whichLayer } from "../language/phrases.ts";
import { isElementwise, isLast, letterOf, type Subject } from "../language/subject.ts";
import { at, writtenOut } from "../values/expand.ts";
import {
  cost,
  costFactors,
  costIn,
  costOf,
  costSlope,
  error,
  hasError,
  inputOf,
  jacobianOf,
  outputOf,
  paths,
  reached,
  slopeOf,
  sumOfPaths,
  target,
  u,
  v,
  weight,
} from "./entries.ts";

/** A weight by its layer and the neurons that it connects, counted from 0. */
export interface TracedWeight {
  readonly layer: number;
  readonly to: number;
  readonly from: number;
}

/** More paths than this are counted, not printed. */
const PATHS = 8;

export function chains(subject: Subject, traced: readonly TracedWeight[]): Section {
  const blocks: Block[] = [text(said(derivation.chainRule))];
  for (let l = subject.layers; l >= 1; l--)
    blocks.push(
      ...ofLayer(
        subject,
        l,
        traced.find(({ layer }) => layer === l)!,
      ),
    );
  return { title: said(derivation.chainRuleTitle), blocks };
}

function ofLayer(subject: Subject, layer: number, { to, from }: TracedWeight): Block[] {
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const which = whichLayer(subject, layer);
  const why = !isLast(subject, layer)
    ? prose(derivation.pathsSummed, { layer: which, output: v(layer, j) })
    : isElementwise(subject, layer)
      ? prose(derivation.onePath, { layer: which, weight: weight(layer, j, i) })
      : prose(derivation.pathThroughEach, { layer: which, input: u(layer, j) });
  const blocks: Block[] = [
    equation(partial(cost, weight(layer, j, i)), [sumOfPaths(subject, layer, j, i)], { why }),
    { kind: "factors", factors: factorsOf(subject, layer) },
  ];
  const count = pathsFrom(subject, layer, to, from);
  if (count > 1 && count <= PATHS) {
    const product = at(
      sumOfPaths(subject, layer, j, i),
      new Map([
        [j.letter, to],
        [i.letter, from],
      ]),
    );
    blocks.push(
      equation(
        partial(cost, weight(layer, to, from)),
        [writtenOut(product, (over) => subject.sizes[over.layer as number]!)],
        {
          why: said(derivation.writtenOut({ layer: layerWords(subject, layer), count })),
        },
      ),
    );
  }
  return blocks;
}

function pathsFrom(subject: Subject, layer: number, to: number, from: number): number {
  return paths(subject, layer, to, from).over.reduce(
    (count: number, over) => count * subject.sizes[(over as Letter).layer as number]!,
    1,
  );
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
    value: isElementwise(subject, layer)
      ? [{ kind: "apply", name: "slope", layer, of: u(layer, j) }, slopeOf(subject, layer, j)]
      : [jacobianOf(layer, k, j)],
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
      {
        factor: byError!,
        value: [times(number(costIn(subject).squares!.scale(subject.sizes.at(-1)!)), error(k))],
        because,
      },
      {
        factor: byOutput!,
        value: [number(-1)],
        because: { left: error(k), right: { kind: "plus", terms: [target(k), negative(v(subject.layers, k))] } },
      },
    ];
  }
  return [{ factor: partial(cost, v(subject.layers, k)), value: [...costSlope(subject, k)], because }];
}
