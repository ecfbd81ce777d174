/** The matrix form: the same equations for whole layers, with the shape under every symbol. */

import { derivation } from "../../../locales/derivation.ts";
import type { Block, EquationBlock, Section, TextBlock } from "../language/ast.ts";
import { apply, equation, prose, said, text } from "../language/build.ts";
import { whichLayer } from "../language/phrases.ts";
import { isElementwise, isLast, type Subject } from "../language/subject.ts";
import {
  arrayOf,
  biasSlopes,
  comingBack,
  costSlopes,
  deltasOfHidden,
  deltasOfLast,
  inputsOf,
  ofOneSample,
  slopeByOutputs,
  slopeByParameters,
  weightSlopes,
} from "./arrays.ts";
import { count } from "./entries.ts";

export function matrices(subject: Subject, sharesSumToOne: boolean): Section {
  const blocks: Block[] = [layout(subject)];
  for (let l = 1; l <= subject.layers; l++) {
    blocks.push(
      shaped("", arrayOf("u", l), inputsOf(subject, l)),
      shaped("", arrayOf("v", l), apply("sigma", arrayOf("u", l), l)),
    );
  }
  for (let l = subject.layers; l >= 1; l--) blocks.push(...backward(subject, l, sharesSumToOne));
  if (subject.notation.arrays === "sample") {
    blocks.push(subject.reduction === "mean" ? text(said(derivation.meanOfBatch)) : text(said(derivation.sumOfBatch)));
    for (let l = subject.layers; l >= 1; l--) blocks.push(...ofBatch(subject, l));
  }
  return { title: said(derivation.matrixTitle), blocks };
}

function shaped(label: string, left: EquationBlock["left"], ...steps: EquationBlock["steps"]): EquationBlock {
  return equation(left, steps, { label: label === "" ? null : label, shapes: true });
}

function backward(subject: Subject, layer: number, sharesSumToOne: boolean): Block[] {
  const blocks: Block[] = [];
  const which = whichLayer(subject, layer);
  const named = subject.notation.derivatives === "named";
  blocks.push(text(said(derivation.backwardThrough({ layer: which }))));
  if (isLast(subject, layer)) {
    const { steps, normalized } = deltasOfLast(subject);
    const slopes = costSlopes(subject);
    if (named && slopes !== null) blocks.push(shaped("", slopeByOutputs(subject, layer), slopes));
    blocks.push(shaped("BP1", arrayOf("delta", layer), ...steps));
    if (!isElementwise(subject, layer)) {
      blocks.push(text(said(derivation.softmaxWithoutJacobian)));
    }
    if (normalized !== null && sharesSumToOne) {
      blocks.push(
        equation(arrayOf("delta", layer), [normalized], {
          label: "BP1",
          shapes: true,
          sharesSumToOne: true,
          why: said(derivation.targetsSumToOne),
        }),
      );
    }
  } else {
    if (named) blocks.push(shaped("BP2", slopeByOutputs(subject, layer), comingBack(subject, layer + 1)));
    blocks.push(shaped("BP2", arrayOf("delta", layer), ...deltasOfHidden(subject, layer)));
  }
  if (subject.notation.arrays !== "sample") return [...blocks, ...ofBatch(subject, layer)];
  const [ofBias, ofWeight] = [ofOneSample(subject, "b", layer), ofOneSample(subject, "W", layer)];
  return [...blocks, shaped("BP3", ofBias.left, ofBias.right), shaped("BP4", ofWeight.left, ofWeight.right)];
}

function ofBatch(subject: Subject, layer: number): EquationBlock[] {
  return [
    shaped("BP3", slopeByParameters(subject, "b", layer), biasSlopes(subject, layer)),
    shaped("BP4", slopeByParameters(subject, "W", layer), weightSlopes(subject, layer)),
  ];
}

function layout({ notation }: Subject): TextBlock {
  switch (notation.arrays) {
    case "sample":
      return text(said(derivation.columnVectors));
    case "columns":
      return text(prose(derivation.samplesInColumns, { count }));
    case "rows":
      return text(prose(derivation.samplesInRows, { count }));
  }
}
