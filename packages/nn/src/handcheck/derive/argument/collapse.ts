/**
 * The third section: the factors that all weights of a neuron share become δ, and δ of one layer follows from the next.
 */

import { derivation } from "../../../locales/derivation.ts";
import type { Block, EquationBlock, Section } from "../language/ast.ts";
import { chain, equation, partial, prose, remark, said, sum, symbol } from "../language/build.ts";
import { layerWords, whichLayer } from "../language/phrases.ts";
import { isElementwise, isLast, letterOf, type Subject } from "../language/subject.ts";
import {
  arriving,
  bias,
  cost,
  costIn,
  delta,
  deltaByChain,
  deltaOfHidden,
  deltaOfLast,
  hasError,
  reached,
  scaled,
  slopeBy,
  target,
  u,
  v,
  weight,
} from "./entries.ts";

export function collapse(subject: Subject, sharesSumToOne: boolean): Section {
  const j = letterOf(subject, subject.layers);
  const blocks: Block[] = [
    equation(delta(subject.layers, j), [scaled(subject, partial(cost, u(subject.layers, j)))], {
      why: said(derivation.sharedFactors),
    }),
    ...signRemark(subject),
  ];
  for (let l = subject.layers; l >= 1; l--) {
    blocks.push(...(isLast(subject, l) ? ofLast(subject, sharesSumToOne) : ofHidden(subject, l)));
    blocks.push(...gradients(subject, l));
  }
  return { title: prose(derivation.collapsingTitle, { delta: symbol("delta") }), blocks };
}

function signRemark(subject: Subject): Block[] {
  const { notation, reduction, layers } = subject;
  const one = delta(layers, letterOf(subject, layers));
  if (notation.deltaSign === -1) {
    return [remark(prose(derivation.minusInside, { delta: one, eta: symbol("eta"), deltas: symbol("delta") }))];
  }
  if (notation.delta === "reduced" && reduction === "mean") {
    return [remark(said(derivation.meanEntersOnce))];
  }
  if (notation.name !== "document" || !hasError(subject)) return [];
  return [remark(prose(derivation.minusOneBelongs, { delta: one }))];
}

function ofLast(subject: Subject, sharesSumToOne: boolean): EquationBlock[] {
  const layer = subject.layers;
  const j = letterOf(subject, layer);
  const { steps, normalized } = deltaOfLast(subject, j);
  const which = whichLayer(subject, layer);
  const plain = isElementwise(subject, layer);
  const cancels = costIn(subject).squares === undefined && steps.length > 1;
  const why = plain
    ? prose(derivation.noSum, { layer: which, output: v(layer, j), input: u(layer, j), cancels })
    : prose(derivation.wholeJacobian, { input: u(layer, j), cancels });
  const first = equation(delta(layer, j), [deltaByChain(subject, layer, j), ...steps], { label: "BP1", why });
  if (normalized === null || !sharesSumToOne) return [first];
  const total = sum(j, target(j));
  return [
    first,
    equation(delta(layer, j), [normalized], {
      sharesSumToOne: true,
      why: prose(derivation.whatIsLeft, { total }),
    }),
  ];
}

function ofHidden(subject: Subject, layer: number): EquationBlock[] {
  const i = letterOf(subject, layer);
  const k = reached(subject, layer, i);
  const above = letterOf(subject, layer + 1);
  const which = whichLayer(subject, layer);
  const one = delta(layer, i);
  const bySum = scaled(
    subject,
    sum(above, chain(partial(cost, u(layer + 1, above)), partial(u(layer + 1, above), v(layer, k)))),
  );
  return [
    equation(scaled(subject, partial(cost, v(layer, k))), [bySum, arriving(subject, layer, k)], {
      why: prose(derivation.partsAdded, {
        output: v(layer, k),
        inputs: u(layer + 1, above),
        layer: layerWords(subject, layer + 1),
      }),
    }),
    equation(delta(layer, i), [deltaByChain(subject, layer, i), ...deltaOfHidden(subject, layer, i)], {
      label: "BP2",
      why: prose(derivation.comesBack, { layer: which, delta: one }),
    }),
  ];
}

function gradients(subject: Subject, layer: number): EquationBlock[] {
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const ofBias = slopeBy(subject, bias(layer, j), delta(layer, j));
  const ofWeight = slopeBy(subject, weight(layer, j, i), chain(delta(layer, j), v(layer - 1, i)));
  return [
    equation(ofBias.left, [ofBias.right], {
      label: "BP3",
      why: !isLast(subject, layer) ? null : prose(derivation.biasWithFactorOne, { input: u(layer, j) }),
    }),
    equation(ofWeight.left, [ofWeight.right], {
      label: "BP4",
      why: !isLast(subject, layer) ? null : prose(derivation.whereWeightEnds, { delta: delta(layer, j) }),
    }),
  ];
}
