/** The first section: layers, sizes, what a neuron computes, what the cost is. */

import { derivation } from "../../../locales/derivation.ts";
import { alike, type Words } from "../../../locales/words.ts";
import { activationWords, costPhrase } from "../../../network/on-paper.ts";
import type { Block, Expression, Section } from "../language/ast.ts";
import {
  equation,
  fraction,
  number,
  ofSample,
  plus,
  prose,
  remark,
  said,
  sampleSum,
  symbol,
  text,
  times,
} from "../language/build.ts";
import { indexName, layerName } from "../language/names.ts";
import { layerWords } from "../language/phrases.ts";
import { hasLetters, isElementwise, letterOf, type Subject } from "../language/subject.ts";
import {
  bias,
  classWeight,
  cost,
  costOf,
  count,
  error,
  hasError,
  hasShares,
  hasWeights,
  inputOf,
  outputOf,
  share,
  shareOf,
  target,
  u,
  v,
  weight,
} from "./entries.ts";

export function setUp(subject: Subject): Section {
  const { sizes, layers } = subject;
  const hidden = letterOf(subject, 1);
  const input = letterOf(subject, 0);
  const blocks: Block[] = [
    text(said(derivation.layersAndCost({ layers, inputs: sizes[0]!, cost: costPhrase(subject.cost) }))),
    {
      kind: "table",
      head: [derivation.layerHead, derivation.unitsHead, derivation.letterHead, derivation.activationHead].map(said),
      rows: sizes.map((units, l) => [
        said(alike(layerName(l, subject))),
        said(alike(String(units))),
        said(alike(indexName(letterOf(subject, l), subject))),
        said(l === 0 ? derivation.input : activationWords(subject.activations[l - 1]!)),
      ]),
    },
    text(
      prose(derivation.whereWeightLeads, {
        weight: weight(1, hidden, input),
        neuron: u(1, hidden),
        output: v(0, input),
        order: indexWords(subject),
      }),
    ),
  ];
  for (let l = 1; l <= layers; l++) {
    const j = letterOf(subject, l);
    const which = layerWords(subject, l);
    blocks.push(
      equation(u(l, j), [inputOf(subject, l, j)], {
        why: said(derivation.weightedInputs({ layer: which })),
      }),
      equation(v(l, j), [outputOf(subject, l, j)], {
        why: isElementwise(subject, l) ? said(derivation.outputIsActivation) : said(derivation.softmaxShares),
      }),
    );
  }
  const j = letterOf(subject, layers);
  if (hasError(subject)) {
    const lack = plus(target(j), { kind: "negative", of: v(layers, j) });
    blocks.push(equation(error(j), [lack], { why: said(derivation.errorOfOutput) }));
  }
  if (hasShares(subject)) {
    blocks.push(equation(share(j), [shareOf(subject, j)], { why: said(derivation.outputsToShares) }));
  }
  if (hasWeights(subject)) {
    blocks.push(text(prose(derivation.weightOfClass, { weight: classWeight(j), index: indexName(j, subject) })));
  }
  blocks.push(
    equation(cost, [costOf(subject)], { why: said(derivation.costOfSample) }),
    equation(symbol("cost"), [batchCost(subject)], {
      why:
        subject.reduction === "mean" ? prose(derivation.meanOverSamples, { count }) : said(derivation.sumOverSamples),
    }),
  );
  blocks.push(...remarksOf(subject));
  return { title: said(derivation.networkTitle), blocks };
}

function batchCost({ reduction }: Subject): Expression {
  const total = sampleSum(ofSample(cost));
  return reduction === "mean" ? times(fraction(number(1), count), total) : total;
}

function indexWords(subject: Subject): Words {
  const fromTo = subject.notation.weightIndices === "from-to" || hasLetters(subject);
  return fromTo ? derivation.indicesFromTo : derivation.indicesToFrom;
}

/** Returns what a reader of this notation must know. */
function remarksOf(subject: Subject): Block[] {
  const j = letterOf(subject, subject.layers);
  switch (subject.notation.name) {
    case "document":
      if (!hasLetters(subject)) return [];
      return [remark(prose(derivation.lettersOfDocument, { bias: bias(2, j), input: u(2, j) }))];
    case "nielsen":
      return [remark(said(derivation.layersOfNielsen))];
    case "haykin":
      return [remark(prose(derivation.samplesOfHaykin, { input: symbol("u", null) }))];
    case "ng":
      return [remark(prose(derivation.batchesOfNg, { delta: symbol("delta", null) }))];
    case "cs231n":
      return [remark(said(derivation.arraysOfCs231n))];
  }
}
