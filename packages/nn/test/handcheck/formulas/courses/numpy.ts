/** Lines of NumPy: CS231n, Ng's deep learning course, iamtrask, Denny Britz, books and posts. */

import type { Course } from "./course.ts";

export const numpyCourses: readonly Course[] = [
  {
    name: "CS231n, two layers with a mask",
    net: "3-4-3:relu,softmax",
    text: `
# forward
hidden_layer = np.maximum(0, np.dot(X, W) + b) # note, ReLU activation
scores = np.dot(hidden_layer, W2) + b2
num_examples = X.shape[0]
# backward
dscores = probs
dscores[range(num_examples),y] -= 1
dscores /= num_examples
dW2 = np.dot(hidden_layer.T, dscores)
db2 = np.sum(dscores, axis=0, keepdims=True)
dhidden = np.dot(dscores, W2.T)
dhidden[hidden_layer <= 0] = 0
dW = np.dot(X.T, dhidden)
db = np.sum(dhidden, axis=0, keepdims=True)`,
    slips: [
      ["dhidden[hidden_layer <= 0] = 0", "dhidden[dhidden <= 0] = 0", ["B12 BP2 1"]],
      ["dhidden[hidden_layer <= 0] = 0\n", "", ["B1 BP2 1"]],
      ["db = np.sum(dhidden, axis=0, keepdims=True)", "db = np.mean(dhidden, axis=0, keepdims=True)", ["C1 BP3 1"]],
    ],
  },
  {
    name: "CS231n, a linear classifier with regularization",
    net: "3-4:softmax",
    text: `
scores = np.dot(X, W) + b
dscores = probs
dscores[range(N), y] -= 1
dscores /= N
dW = np.dot(X.T, dscores)
db = np.sum(dscores, axis=0, keepdims=True)
W += -step_size * dW
b += -step_size * db`,
    slips: [
      ["dscores /= N\n", "dscores /= N\ndscores /= N\n", ["A7 BP1 1"]],
      ["W += -step_size", "W += step_size", ["E5 STEP 1"]],
    ],
  },
  {
    name: "Denny Britz",
    net: "2-3-2:tanh,softmax",
    text: `
z1 = X.dot(W1) + b1
a1 = np.tanh(z1)
z2 = a1.dot(W2) + b2
delta3 = probs
delta3[range(num_examples), y] -= 1
dW2 = (a1.T).dot(delta3)
db2 = np.sum(delta3, axis=0, keepdims=True)
delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
dW1 = np.dot(X.T, delta2)
db1 = np.sum(delta2, axis=0)`,
    says: ["the layers of δ are counted from the input as 1"],
    slips: [
      ["(1 - np.power(a1, 2))", "(1 - np.power(z1, 2))", ["A9 BP2 1"]],
      ["db1 = np.sum(delta2, axis=0)", "db1 = np.sum(delta2)", ["C3 BP3 1"]],
      ["(a1.T).dot(delta3)", "(z1.T).dot(delta3)", ["D3 BP4 2"]],
    ],
  },
  {
    name: "Denny Britz, with his dictionary and the step",
    net: "2-3-2:tanh,softmax",
    text: `
delta3 = probs
delta3[np.arange(num_examples), y] -= 1
dW2 = (a1.T).dot(delta3)
db2 = np.sum(delta3, axis=0, keepdims=True)
delta2 = delta3.dot(model['W2'].T) * (1 - np.power(a1, 2))
dW1 = np.dot(X.T, delta2)
db1 = np.sum(delta2, axis=0)
model['W1'] += -epsilon * dW1
model['b1'] += -epsilon * db1
model['W2'] += -epsilon * dW2
model['b2'] += -epsilon * db2`,
    slips: [["model['W2'].T) *", "model['W2'].T) * (1 - np.power(a1, 2)) *", ["B10 BP2 1"]]],
  },
  {
    name: "Ng, deep learning specialization",
    net: "2-4-1:tanh,sigmoid",
    cost: "crossEntropy",
    text: `
m = X.shape[1]
Z1 = np.dot(W1, X) + b1
A1 = np.tanh(Z1)
Z2 = np.dot(W2, A1) + b2
A2 = sigmoid(Z2)
dZ2 = A2 - Y
dW2 = 1 / m * np.dot(dZ2, A1.T)
db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
dZ1 = np.multiply(np.dot(W2.T, dZ2), 1 - np.power(A1, 2))
dW1 = 1 / m * np.dot(dZ1, X.T)
db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)`,
    slips: [
      ["1 - np.power(A1, 2)", "A1 * (1 - A1)", ["B11 BP2 1"]],
      ["dW2 = 1 / m * np.dot(dZ2, A1.T)", "dW2 = np.dot(dZ2, A1.T)", ["D7 BP4 2"]],
      [
        "db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)",
        "db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True) * 4",
        ["C9 BP3 1"],
      ],
    ],
  },
  {
    name: "Ng, three layers with dA",
    net: "3-4-3-1:relu,relu,sigmoid",
    cost: "crossEntropy",
    text: `
dZ3 = A3 - Y
grads["dW3"] = 1./m * np.dot(dZ3, cache["A2"].T)
grads["db3"] = 1./m * np.sum(dZ3, axis=1, keepdims = True)
dA2 = np.dot(W3.T, dZ3)
dZ2 = np.multiply(dA2, np.int64(A2 > 0))
grads["dW2"] = 1./m * np.dot(dZ2, A1.T)
grads["db2"] = 1./m * np.sum(dZ2, axis=1, keepdims = True)
dA1 = np.dot(W2.T, dZ2)
dZ1 = np.multiply(dA1, np.int64(A1 > 0))
grads["dW1"] = 1./m * np.dot(dZ1, X.T)
grads["db1"] = 1./m * np.sum(dZ1, axis=1, keepdims = True)`,
    slips: [
      ['dW2"] = 1./m * np.dot(dZ2, A1.T)', 'dW2"] = 1./m * np.dot(dZ2, A1.T) * 2', ["D8 BP4 2"]],
      ["dZ1 = np.multiply(dA1, np.int64(A1 > 0))", "dZ1 = np.array(dA1)", ["B1 BP2 1"]],
    ],
  },
  {
    name: "iamtrask, eleven lines",
    net: "3-4-1:sigmoid",
    text: `
import numpy as np

def nonlin(x,deriv=False):
\tif(deriv==True):
\t    return x*(1-x)
\treturn 1/(1+np.exp(-x))

np.random.seed(1)
syn0 = 2*np.random.random((3,4)) - 1
syn1 = 2*np.random.random((4,1)) - 1

for j in range(60000):
    l0 = X
    l1 = nonlin(np.dot(l0,syn0))
    l2 = nonlin(np.dot(l1,syn1))
    l2_error = y - l2
    if (j% 10000) == 0:
        print("Error:" + str(np.mean(np.abs(l2_error))))
    l2_delta = l2_error*nonlin(l2,deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1,deriv=True)
    syn1 += l1.T.dot(l2_delta)
    syn0 += l0.T.dot(l1_delta)`,
    says: ["syn0 = W¹", "no bias is written", "this line is not used"],
    slips: [
      ["l1_delta = l1_error * nonlin(l1,deriv=True)", "l1_delta = l1_error * nonlin(l1)", ["unknown BP2 1"]],
      ["l1_error = l2_delta.dot(syn1.T)", "l1_error = l2_error.dot(syn1.T)", ["B6 BP2 1"]],
    ],
  },
  {
    name: "iamtrask, with alpha",
    net: "3-4-1:sigmoid",
    text: `
layer_0 = X
layer_1 = sigmoid(np.dot(layer_0,synapse_0))
layer_2 = sigmoid(np.dot(layer_1,synapse_1))
layer_2_error = layer_2 - y
layer_2_delta = layer_2_error*sigmoid_output_to_derivative(layer_2)
layer_1_error = layer_2_delta.dot(synapse_1.T)
layer_1_delta = layer_1_error * sigmoid_output_to_derivative(layer_1)
synapse_1 -= alpha * (layer_1.T.dot(layer_2_delta))
synapse_0 -= alpha * (layer_0.T.dot(layer_1_delta))`,
    slips: [["layer_1_error * sigmoid_output_to_derivative(layer_1)", "layer_1_error", ["B1 BP2 1"]]],
  },
  {
    name: "Grokking Deep Learning",
    net: "3-4-1:relu,linear",
    text: `
layer_1 = relu(np.dot(layer_0,weights_0_1))
layer_2 = np.dot(layer_1,weights_1_2)
layer_2_delta = (layer_2 - y)
layer_1_delta=layer_2_delta.dot(weights_1_2.T)*relu2deriv(layer_1)
weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)
weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)`,
    slips: [["*relu2deriv(layer_1)", "", ["B1 BP2 1"]]],
  },
  {
    name: "James Loy",
    net: "3-4-1:sigmoid",
    text: `
self.layer1 = sigmoid(np.dot(self.input, self.weights1))
self.output = sigmoid(np.dot(self.layer1, self.weights2))
d_weights2 = np.dot(self.layer1.T, (2*(self.y - self.output) * sigmoid_derivative(self.output)))
d_weights1 = np.dot(self.input.T,  (np.dot(2*(self.y - self.output) * sigmoid_derivative(self.output), self.weights2.T) * sigmoid_derivative(self.layer1)))
self.weights1 += d_weights1
self.weights2 += d_weights2`,
    says: ["the gradients are −∂C/∂w"],
    slips: [["self.weights2.T) * sigmoid_derivative(self.layer1)", "self.weights2.T) * self.layer1", ["B9 BP2 1"]]],
  },
  {
    name: "Analytics Vidhya",
    net: "4-3-1:sigmoid",
    text: `
hidden_layer_input1=np.dot(X,wh)
hidden_layer_input=hidden_layer_input1 + bh
hiddenlayer_activations = sigmoid(hidden_layer_input)
output_layer_input1=np.dot(hiddenlayer_activations,wout)
output_layer_input= output_layer_input1+ bout
output = sigmoid(output_layer_input)
E = y-output
slope_output_layer = derivatives_sigmoid(output)
slope_hidden_layer = derivatives_sigmoid(hiddenlayer_activations)
d_output = E * slope_output_layer
Error_at_hidden_layer = d_output.dot(wout.T)
d_hiddenlayer = Error_at_hidden_layer * slope_hidden_layer
wout += hiddenlayer_activations.T.dot(d_output) *lr
bout += np.sum(d_output, axis=0,keepdims=True) *lr
wh += X.T.dot(d_hiddenlayer) *lr
bh += np.sum(d_hiddenlayer, axis=0,keepdims=True) *lr`,
    slips: [["Error_at_hidden_layer = d_output.dot(wout.T)", "Error_at_hidden_layer = E.dot(wout.T)", ["B6 BP2 1"]]],
  },
  {
    name: "Rashid, Make Your Own Neural Network, mended",
    net: "3-4-2:sigmoid",
    text: `
hidden_inputs = numpy.dot(self.wih, inputs)
hidden_outputs = self.activation_function(hidden_inputs)
final_inputs = numpy.dot(self.who, hidden_outputs)
final_outputs = self.activation_function(final_inputs)
output_errors = targets - final_outputs
hidden_errors = numpy.dot(self.who.T, output_errors * final_outputs * (1.0 - final_outputs))
self.who += self.lr * numpy.dot((output_errors * final_outputs * (1.0 - final_outputs)), numpy.transpose(hidden_outputs))
self.wih += self.lr * numpy.dot((hidden_errors * hidden_outputs * (1.0 - hidden_outputs)), numpy.transpose(inputs))`,
    slips: [
      [
        "numpy.dot(self.who.T, output_errors * final_outputs * (1.0 - final_outputs))",
        "numpy.dot(self.who.T, output_errors)",
        ["B6 BP2 1"],
      ],
    ],
  },
  {
    name: "Nielsen's loop",
    net: "4-5-3:sigmoid",
    text: `
delta = self.cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
nabla_b[-1] = delta
nabla_w[-1] = np.dot(delta, activations[-2].transpose())
for l in range(2, self.num_layers):
    z = zs[-l]
    sp = sigmoid_prime(z)
    delta = np.dot(self.weights[-l+1].transpose(), delta) * sp
    nabla_b[-l] = delta
    nabla_w[-l] = np.dot(delta, activations[-l-1].transpose())`,
    slips: [
      [
        "delta = np.dot(self.weights[-l+1].transpose(), delta) * sp",
        "delta = np.dot(self.weights[-l+1].transpose(), delta)",
        ["B1 BP2 1"],
      ],
      ["* sigmoid_prime(zs[-1])", "* sigmoid_prime(activations[-1])", ["A8 BP1 2"]],
    ],
  },
  {
    name: "a class with own functions",
    net: "3-4-2:tanh,sigmoid",
    text: `
def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))

def tanh_deriv(y):
    return 1.0 - y ** 2

def sig_deriv(a):
    s = a
    return s * (1 - s)

h1 = np.tanh(x @ W1 + b1)
out = sigmoid(h1 @ W2 + b2)
d_out = (out - y) * sig_deriv(out)
d_h1 = (d_out @ W2.T) * tanh_deriv(h1)
dW2 = h1.T @ d_out
db2 = d_out.sum(axis=0)
dW1 = x.T @ d_h1
db1 = d_h1.sum(axis=0)`,
    slips: [
      ["return 1.0 - y ** 2", "return 1.0 - np.tanh(y) ** 2", ["A8 BP2 1"]],
      ["db1 = d_h1.sum(axis=0)", "db1 = d_out.sum(axis=0)", 1],
    ],
  },
  {
    name: "PyTorch by hand",
    net: "3-4-2:relu,linear",
    text: `
h = x.mm(w1)
h_relu = torch.relu(h)
y_pred = h_relu.mm(w2)
grad_y_pred = 2.0 * (y_pred - y)
grad_w2 = h_relu.t().mm(grad_y_pred)
grad_h_relu = grad_y_pred.mm(w2.t())
grad_h = grad_h_relu.clone()
grad_h[h < 0] = 0
grad_w1 = x.t().mm(grad_h)
w1 -= learning_rate * grad_w1
w2 -= learning_rate * grad_w2`,
    says: ["no bias is written"],
    slips: [["grad_h[h < 0] = 0\n", "", ["B1 BP2 1"]]],
  },
];
