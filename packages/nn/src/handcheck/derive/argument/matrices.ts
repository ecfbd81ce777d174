/** The matrix form: the same equations for whole layers, with the shape under every symbol. */

import type { Block, EquationBlock, Section, TextBlock } from "../language/ast.ts";
import { apply, both, equation, prose, text } from "../language/build.ts";
import { whichLayer } from "../language/phrases.ts";
import { isElementwise, isLast, type Subject } from "../language/subject.ts";
import {
  arrayOf, biasSlopes, comingBack, costSlopes, deltasOfHidden, deltasOfLast, inputsOf, ofOneSample, slopeByOutputs, slopeByParameters, weightSlopes,
} from "./arrays.ts";
import { count } from "./entries.ts";

export function matrices(subject: Subject, sharesSumToOne: boolean): Section {
  const blocks: Block[] = [layout(subject)];
  for (let l = 1; l <= subject.layers; l++) {
    blocks.push(shaped("", arrayOf("u", l), inputsOf(subject, l)), shaped("", arrayOf("v", l), apply("sigma", arrayOf("u", l), l)));
  }
  for (let l = subject.layers; l >= 1; l--) blocks.push(...backward(subject, l, sharesSumToOne));
  if (subject.notation.arrays === "sample") {
    blocks.push(
      subject.reduction === "mean"
        ? text("A batch takes the mean of its samples' gradients:", "一批样本的梯度是各样本梯度的平均：")
        : text("A batch takes the sum of its samples' gradients:", "一批样本的梯度是各样本梯度之和："),
    );
    for (let l = subject.layers; l >= 1; l--) blocks.push(...ofBatch(subject, l));
  }
  return { title: both("Matrix form", "矩阵形式"), blocks };
}

function shaped(label: string, left: EquationBlock["left"], ...steps: EquationBlock["steps"]): EquationBlock {
  return equation(left, steps, { label: label === "" ? null : label, shapes: true });
}

function backward(subject: Subject, layer: number, sharesSumToOne: boolean): Block[] {
  const blocks: Block[] = [];
  const { en, zh } = whichLayer(subject, layer);
  const named = subject.notation.derivatives === "named";
  blocks.push(text(`Backward through ${en}:`, `反向经过${zh}：`));
  if (isLast(subject, layer)) {
    const { steps, normalized } = deltasOfLast(subject);
    const slopes = costSlopes(subject);
    if (named && slopes !== null) blocks.push(shaped("", slopeByOutputs(subject, layer), slopes));
    blocks.push(shaped("BP1", arrayOf("delta", layer), ...steps));
    if (!isElementwise(subject, layer)) {
      blocks.push(text(
        "Multiplying by the outputs, and taking off the mean that they weigh, is the Jacobian of softmax applied without building it.",
        "乘以输出，并减去以输出为权重的平均值，就等于乘上 softmax 的雅可比矩阵，而不必把它写出来。",
      ));
    }
    if (normalized !== null && sharesSumToOne) {
      blocks.push(equation(arrayOf("delta", layer), [normalized], { label: "BP1", shapes: true, sharesSumToOne: true, why: both("For targets that sum to 1.", "目标之和为 1 时。") }));
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
      return text(
        "Vectors are columns, W is out × in, and ⊙ multiplies entry by entry (Hadamard; it is not the scalar product). Shapes stand under the symbols.",
        "向量是列向量，W 的布局是“输出 × 输入”，⊙ 是逐项相乘（Hadamard 乘积，不是标量积）。形状写在符号下面。",
      );
    case "columns":
      return text(
        prose`Each column is one of the ${count} samples, W is out × in, ⊙ multiplies entry by entry, and b is repeated for every column. Shapes stand under the symbols.`,
        prose`每列是 ${count} 个样本之一，W 的布局是“输出 × 输入”，⊙ 是逐项相乘，b 对每一列重复。形状写在符号下面。`,
      );
    case "rows":
      return text(
        prose`Each row is one of the ${count} samples, W is in × out, * multiplies entry by entry, @ is the matrix product, and b is repeated for every row. Shapes stand under the symbols.`,
        prose`每行是 ${count} 个样本之一，W 的布局是“输入 × 输出”，* 是逐项相乘，@ 是矩阵乘法，b 对每一行重复。形状写在符号下面。`,
      );
  }
}
