/** Sentences about formulas that cannot be read, in English. */

export const syntax = {
  argumentsInParentheses: ({ name }: { name: string }): string => `the arguments of ${name} in parentheses`,
  axisAndKeepdims: ({ name, key }: { name: string; key: string }): string =>
    `${name} has no argument ${key} here: axis and keepdims are known`,
  axis: ({ zeroBased }: { zeroBased: boolean }): string => `expected an axis, ${zeroBased ? "0 or 1" : "1 or 2"}`,
  argumentCount: ({ name, count, given }: { name: string; count: number; given: number }): string =>
    `${name} takes ${count} argument${count === 1 ? "" : "s"}, ${given} given`,
  castInParentheses: "the arguments of cast in parentheses",
  onlyMaxOfZero: "of the larger of two only max(0, x) is known here",
  oneArgument: ({ name, given }: { name: string; given: number }): string => `${name} takes 1 argument, ${given} given`,
  parenthesesOf: ({ name }: { name: string }): string => `the parentheses of ${name}`,
  shapeIndex: "[0] or [1] behind .shape",
  unknownMethod: ({ name }: { name: string }): string => `${name} is not known here: .T, .dot, .sum and .mean are`,
  secondDerivative: "a second derivative does not occur in backpropagation",
  needsArgument: ({ name }: { name: string }): string => `${name} needs its argument in parentheses: ${name}(u)`,
  argumentInParentheses: ({ name }: { name: string }): string => `the argument of ${name} in parentheses`,
  notInDefinition: ({ name, derivative }: { name: string; derivative: boolean }): string =>
    `${name} has no ${derivative ? "derivative" : "value"} in its definition`,
  axisFromZero: "expected an axis, 0 or 1",
  derivOrOne: "deriv=True, or one argument alone",
  onlyDeriv: ({ found }: { found: string }): string =>
    `expected deriv=True, found ${found}: only a derivative can be asked for here`,
  noArgument: ({ name }: { name: string }): string => `${name} has no argument`,
  indexOfSum: "the index of the sum, as in Σ_k",
  noIndex: ({ name }: { name: string }): string => `${name} is no index: write a small letter, as in Σ_k`,
  index: "an index",
  closedBy: ({ open, found, partner }: { open: string; found: string; partner: string }): string =>
    `${open} is closed by ${found}: expected ${partner}`,
  neverClosed: ({ open, partner }: { open: string; partner: string }): string =>
    `this ${open} is never closed: one ${partner} is missing`,
  operatorOr: ({ partner }: { partner: string }): string => `an operator or ${partner}`,
  endOfText: "the end of the text",
  endOfFormula: "the end of the formula",
  tooManyClosed: ({ sign }: { sign: string }): string =>
    `one closing ${sign === ")" ? "parenthesis" : sign === "]" ? "bracket" : "brace"} too many: ` +
    "nothing is open here",
  expected: ({ expected, found }: { expected: string; found: string }): string =>
    `expected ${expected}, found ${found}`,
  hugeNumber: "this number is larger than any that can be computed with",
  noMeaning: ({ text }: { text: string }): string => `${text} has no meaning in a formula`,
  emptyCommand: "a backslash without a command",
  unknownCommand: ({ name }: { name: string }): string => `the command ${name} is not known here`,
  nothingToTheRight: "nothing stands to the right of this sign",
  tooDeep: ({ most }: { most: number }): string => `more than ${most} parentheses inside each other`,
  emptyParentheses: "nothing stands in these parentheses",
  operand: "a quantity, a number or a parenthesis",
  emptyBraces: "nothing stands in these braces",
  nothingToSum: "nothing follows that could be summed",
  unknownFunction: ({ name }: { name: string }): string => `the function ${name} is not known here`,
  outputAndTarget: ({ name }: { name: string }): string =>
    `expected the output and the target: ${name}(a, y) is ∂C/∂v of the last layer`,
  noLayerOfThis: "only a quantity such as W has a layer",
  partOfArray: "of an array all can be taken, or all but the bias, as with (:,2:end): this part has no meaning here",
  secondLayer: "a second layer on one symbol",
  secondIndices: "a second subscript with indices on one symbol",
  noStepOfThis: "only W and b are changed by a step",
  primeOfQuantity: "a prime belongs to a function such as σ: for a transpose write ^T",
  noNextOfThis: "only W and b have a next value",
  quantityAfterPartial: "a quantity after ∂",
  partialOfQuantity: "∂ and a quantity",
  transposedDerivative: "put the derivative in parentheses to transpose it: (∂C/∂W)^T",
  denominator: "the denominator in braces",
  differentiatedBy: "/ and what is differentiated by",
  notDifferentiable: ({ name }: { name: string }): string => `${name} is no quantity that can be differentiated here`,
  noDerivativeOfCost: "the cost has no derivative with respect to this quantity here",
  gradientBy: "what the gradient is taken by, as in ∇_v C",
  noGradientBy: ({ name }: { name: string }): string => `there is no gradient with respect to ${name} here`,
  costAfterNabla: "the cost C after ∇",
  changeOf: "W or b after Δ",
  underHat: "y under the hat: ŷ is the output",
  script: "a superscript or subscript",
  indexCount: ({ indices, many }: { indices: readonly (string | number)[]; many: number }): string =>
    `${indices.length} indices, ${indices.join(" and ")}, where ${many === 1 ? "one is" : `${many} are`} needed`,
  layerOrIndices: ({ many, found }: { many: number; found: string }): string =>
    `expected a layer such as 2 or l+1, or indices such as ${many === 1 ? "j" : "jk"}, ` +
    `found ${found === "" ? "nothing" : found}`,
  operatorOrEndOfLine: "an operator or the end of the line",
  noFormula: "there is no formula: expected one such as δ² = (v² - t) ⊙ σ′(u²)",
  approximation: "an approximation is no formula to check: expected =",
  equalsSign: "= after the left side",
  leftSide: "the left side must be one quantity, such as δ², ∂C/∂W², ∂C/∂b², u¹, v¹ or ΔW²",
  signOrEnd: ({ sign }: { sign: string }): string => `expected ${sign} or the end of the formula`,
  definesFunction: "this defines a function, and is not judged: σ is the network's own",
  operatorOrEnd: "an operator or the end of the formula",
  tooLong: ({ most }: { most: number }): string => `a formula of more than ${most} symbols`,
  maskedValue: ({ byClass }: { byClass: boolean }): string =>
    byClass ? "expected -= 1: v - t is what this is for" : "expected = 0: what is cut off is 0",
  classes: "the classes, as in p[range(N), y]",
};
