/** Octave and MATLAB: Ng's machine learning course, UFLDL, scripts. */

import type { Course } from "./course.ts";

export const octaveCourses: readonly Course[] = [
  {
    name: "Ng ex4, sample by sample",
    net: "4-5-3:sigmoid",
    cost: "crossEntropy",
    text: `
% backpropagation
for t = 1:m
  d3 = a3 - y;
  d2 = (Theta2' * d3) .* sigmoidGradient(z2);
  Delta2 = Delta2 + d3 * a2';
  Delta1 = Delta1 + d2 * a1';
end
Theta1_grad = Delta1 / m;
Theta2_grad = Delta2 / m;`,
    says: ["layers are counted from the input as 1"],
    slips: [
      ["Theta2_grad = Delta2 / m", "Theta2_grad = Delta2 / m / m", ["D7 BP4 2"]],
      [" .* sigmoidGradient(z2)", "", ["B1 BP2 1"]],
    ],
  },
  {
    name: "Ng ex4, in matrices",
    net: "4-5-3:sigmoid",
    cost: "crossEntropy",
    text: `
delta3 = a3 - Y;
delta2 = (delta3 * Theta2(:,2:end)) .* sigmoidGradient(z2);
Theta2_grad = (1/m) * (delta3' * a2);
Theta1_grad = (1/m) * (delta2' * a1);`,
    slips: [
      ["delta3' * a2", "delta3' * a3", ["D2 BP4 2"]],
      ["Theta2(:,2:end)) .* sigmoidGradient(z2)", "Theta2(:,2:end)) .* sigmoidGradient(z3)", ["B5 BP2 1"]],
    ],
  },
  {
    name: "own functions in Octave",
    net: "3-4-2:sigmoid",
    text: `
function g = sigmoid(z)
  g = 1.0 ./ (1.0 + exp(-z));
end
function g = dsigmoid(z)
  g = sigmoid(z) .* (1 - sigmoid(z));
end
delta2 = (a2 - t) .* dsigmoid(z2);
delta1 = (W2' * delta2) .* dsigmoid(z1);
dW2 = delta2 * a1' / N;
db2 = sum(delta2, 2) / N;
dW1 = delta1 * x' / N;
db1 = sum(delta1, 2) / N;`,
    slips: [
      ["dsigmoid(z1)", "dsigmoid(a1)", ["A8 BP2 1"]],
      ["db1 = sum(delta1, 2) / N", "db1 = sum(delta1, 1) / N", 3],
    ],
  },
  {
    name: "lists in braces",
    net: "3-4-3-2:tanh,tanh,sigmoid",
    text: `
delta{3} = (a{3} - t) .* a{3} .* (1 - a{3});
delta{2} = (W{3}' * delta{3}) .* (1 - a{2}.^2);
delta{1} = (W{2}' * delta{2}) .* (1 - a{1}.^2);
dW{3} = delta{3} * a{2}';
dW{2} = delta{2} * a{1}';
dW{1} = delta{1} * x';`,
    slips: [
      ["dW{2} = delta{2} * a{1}'", "dW{2} = delta{3} * a{1}'", ["D9 BP4 2"]],
      ["(W{3}' * delta{3}) .* (1 - a{2}.^2)", "(W{3}' * delta{3}) .* (1 - a{2})", ["B9 BP2 2"]],
    ],
  },
];
