/** The fixed levels, from easy to hard: a right backward pass with one slip in it, of a kind that was published. */

import { asPublished } from "./as-published.ts";
import { bases, type BaseName } from "./bases.ts";
import type { Level } from "./level.ts";
import type { PublishedName } from "./published.ts";

/** A right pass, what stands there and what instead; roots with commas between them. */
type Row = readonly [
  key: string,
  base: BaseName,
  there: string,
  instead: string,
  roots: string,
  published: PublishedName,
];

/** Something that should be there is missing, or stands there too often. */
const easy: readonly Row[] = [
  ["sums-of-weights", "columns", "dW2 = 1/m * np", "dW2 = np", "BP4@2 D7", "zeroToAll"],
  ["slope-lost", "torch", "(1 - h**2) * ", "", "BP2@1 B1", "grokking"],
  ["planted-weights", "deep", "dZ2 @ A1.T", "dZ2 @ A1.T * 2", "BP4@2 D8", "gradientChecking"],
  ["planted-bias", "deep", "db1 = 1/m", "db1 = 4/m", "BP3@1 C9", "gradientChecking"],
  ["error-alone", "plain", "(a2 - y) .* s'(z2)", "(a2 - y)", "BP1@2 A2", "threeLayers"],
  ["misprint", "columns", "dZ1 = np", "dZ1 = 1/m * np", "BP2@1 B13", "codeBook"],
  ["mean-of-bias", "rows", "np.sum(dhidden, axis=0)", "np.mean(dhidden, axis=0)", "BP3@1 C1", "notes"],
  ["gate-lost", "rows", " * (hidden > 0)", "", "BP2@1 B1", "grokking"],
  ["slope-kept", "columns", "dZ2 = A2 - Y", "dZ2 = (A2 - Y) * A2 * (1 - A2)", "BP1@2 A3", "onlineBook"],
  ["untransposed", "torch", "dlogits @ W2.T", "dlogits @ W2", "BP2@1 B2", "cs336"],
  ["twice", "regression", "dW1 = X.T @ dz1", "dW1 = 2 * X.T @ dz1", "BP4@1 D8", "gradientChecking"],
  ["one-number", "rows", "db2 = np.sum(dscores, axis=0)", "db2 = np.sum(dscores)", "BP3@2 C3", "stat453"],
  ["no-decay", "decayed", " + lambd/m * W1", "", "REG@1 E1", "twoLayerNet"],
  ["logistic-mean", "logistic", "1/m * np.dot(dZ, X.T)", "np.dot(dZ, X.T)", "BP4@1 D7", "zeroToAll"],
  ["unicode-slope", "unicode", " ⊙ σ′(u¹)", "", "BP2@1 B1", "grokking"],
  ["logistic-slope", "logistic", "dZ = A - Y", "dZ = (A - Y) * A * (1 - A)", "BP1@1 A3", "onlineBook"],
  ["frozen", "plain", "db1 = delta1", "db1 = 0 delta1", "BP3@1 C5", "stepByStep"],
  ["octave-sums", "octave", "Theta1_grad = (1/m) * ", "Theta1_grad = ", "BP4@1 D7", "demystified"],
  ["deep-misprint", "deep", "dZ2 = (W3.T", "dZ2 = 1/m * (W3.T", "BP2@2 B13", "codeBook"],
];

/** Something stands there that looks right. */
const medium: readonly Row[] = [
  ["slope-of-output", "plain", "s'(z1)", "s'(a1)", "BP2@1 A8", "gophernet"],
  ["slope-of-tanh", "columns", "(1 - np.power(A1, 2))", "(1 - np.tanh(A1)**2)", "BP2@1 A8", "neural2d"],
  ["slope-above", "plain", "s'(z1)", "s'(z2)", "BP2@1 B5", "fromScratch"],
  ["sigmoid-habit", "columns", "(1 - np.power(A1, 2))", "A1 * (1 - A1)", "BP2@1 B11", "javascript"],
  [
    "gradient-cut",
    "rows",
    "np.dot(dscores, W2.T) * (hidden > 0)",
    "np.maximum(0, np.dot(dscores, W2.T))",
    "BP2@1 B12",
    "writeUp",
  ],
  [
    "row-sums-too",
    "columns",
    "db1 = 1/m * np.sum(dZ1, axis=1, keepdims=True)",
    "db1 = np.sum(1/m * np.dot(dZ1, X.T), axis=1, keepdims=True)",
    "BP3@1 C10",
    "languageCourse",
  ],
  [
    "all-units-too",
    "columns",
    "db1 = 1/m * np.sum(dZ1, axis=1, keepdims=True)",
    "db1 = 1/m * np.sum(dZ1)",
    "BP3@1 C3",
    "stat453",
  ],
  ["input-for-output", "regression", "dW2 = h.T @ dy", "dW2 = z1.T @ dy", "BP4@2 D3", "simpleNet"],
  ["own-output", "unicode", "(v¹)ᵀ", "(v²)ᵀ", "BP4@2 D2", "recognizer"],
  ["error-not-delta", "script", "(W_ho.T @ output_delta)", "(W_ho.T @ (output - target))", "BP2@1 B6", "ownNetwork"],
  ["of-input", "script", "hidden * (1 - hidden)", "z1 * (1 - z1)", "BP2@1 A9", "interviews"],
  ["output-of-input", "script", "output * (1 - output)", "z2 * (1 - z2)", "BP1@2 A9", "interviews"],
  ["of-input-tanh", "torch", "(1 - h**2)", "(1 - hpreact**2)", "BP2@1 A9", "interviews"],
  ["halves", "decayed", "lambd/m * W2", "2 * lambd/m * W2", "REG@2 E2", "linearSvm"],
  [
    "biases-too",
    "decayed",
    "db1 = 1/m * np.sum(dZ1, axis=1, keepdims=True)",
    "db1 = 1/m * np.sum(dZ1, axis=1, keepdims=True) + lambd/m * b1",
    "BP3@1 C6",
    "exercise4",
  ],
  ["averaged-again", "torch", "db2 = dlogits.sum(0)", "db2 = dlogits.mean(0)", "BP3@2 C1", "dl4j"],
  ["unreduced", "rows", "db1 = np.sum(dhidden, axis=0)", "db1 = dhidden", "BP3@1 C4", "mlpack"],
  ["deep-cut", "deep", "(W2.T @ dZ2) * (A1 > 0)", "np.maximum(0, W2.T @ dZ2)", "BP2@1 B12", "deepLearning"],
  ["deep-untransposed", "square", "((W^2)^T delta^2)", "(W^2 delta^2)", "BP2@1 B2", "cs336"],
  ["turned", "square", "dC/dW^2 = delta^2 (a^1)^T", "dC/dW^2 = a^1 (delta^2)^T", "BP4@2 D1", "grokkingDeltas"],
  ["chapter-output", "chapter", "a^{l-1}_k", "a^{l}_k", "BP4@2 D2, BP4@1 D2", "recognizer"],
  ["chapter-slope", "chapter", String.raw` \odot \sigma'(z^l)`, "", "BP2@1 B1", "grokking"],
  ["octave-above", "octave", "sigmoidGradient(z2)", "sigmoidGradient(z3)", "BP2@1 B5", "fromScratch"],
  ["relu-everywhere", "plain", "s'(z1)", "(z1 > 0)", "BP2@1 B11", "javascript"],
];

/** It takes a close look, or an equation to be written down again. */
const hard: readonly Row[] = [
  ["wrong-layer", "square", "((W^2)^T delta^2)", "(W^1 delta^2)", "BP2@1 B4", "document"],
  ["wrong-layer-higher", "square", "((W^3)^T delta^3)", "((W^2)^T delta^3)", "BP2@2 B3", "document"],
  ["new-weights", "plain", "(W2^T delta2)", "((W2 - eta dW2)^T delta2)", "BP2@1 B7", "stepByStep"],
  [
    "new-weights-too",
    "columns",
    "np.dot(W2.T, dZ2)",
    "np.dot((W2 - learning_rate * dW2).T, dZ2)",
    "BP2@1 B7",
    "scratch",
  ],
  ["error-in-deep", "square", "((W^3)^T delta^3)", "((W^3)^T (a^3 - y))", "BP2@2 B6", "question"],
  ["output-slope", "plain", "s'(z2)", "s'(a2)", "BP1@2 A8", "gophernet"],
  ["tanh-for-sigmoid", "script", "output * (1 - output)", "(1 - output**2)", "BP1@2 A10", "javascript"],
  ["last-relu", "deep", "(W3.T @ dZ3) * (A2 > 0)", "(W3.T @ dZ3) * (A1 > 0)", "BP2@2 B5", "fromScratch"],
  ["square-output", "square", "dC/dW^2 = delta^2 (a^1)^T", "dC/dW^2 = delta^2 (a^2)^T", "BP4@2 D2", "recognizer"],
  ["square-input", "square", "dC/dW^3 = delta^3 (a^2)^T", "dC/dW^3 = delta^3 (z^2)^T", "BP4@3 D3", "simpleNet"],
  ["two-of-n", "regression", "dy = (y_pred - y) / N", "dy = (y_pred - y) / N / N", "BP1@2 A7", "dl4j"],
  ["square-turned", "square", "dC/dW^1 = delta^1 x^T", "dC/dW^1 = x (delta^1)^T", "BP4@1 D1", "document"],
];

/** A row as a level: what it replaces stands once in its base. */
function levelOf([key, base, there, instead, roots, from]: Row, rank: number): Level {
  const { net, cost, text } = bases[base];
  if (text.split(there).length !== 2) throw new Error(`level ${key}: "${there}" does not stand once in ${base}`);
  return { key, rank, net, cost, text: text.replace(there, () => instead), roots: roots.split(", "), published: from };
}

/** Every fixed level, in the order in which they are offered. */
export const levels: readonly Level[] = [
  ...asPublished,
  ...[easy, medium, hard].flatMap((rows, k) => rows.map((row) => levelOf(row, k + 1))),
].sort((a, b) => a.rank - b.rank);
