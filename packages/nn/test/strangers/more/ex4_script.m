%% Machine Learning Online Class - Exercise 4 Neural Network Learning
clear ; close all; clc
input_layer_size  = 4;
hidden_layer_size = 5;
num_labels = 3;
rand('seed', 1);
X = rand(12, 4) - 0.5;
y = mod(1:12, 3)' + 1;
m = size(X, 1);
Theta1 = rand(5, 5) * 2 * 0.5 - 0.5;
Theta2 = rand(3, 6) * 2 * 0.5 - 0.5;
lambda = 1;

sigmoid = @(z) 1.0 ./ (1.0 + exp(-z));
Y = eye(num_labels)(y, :);

% Part 1: forward
a1 = [ones(m, 1) X];
z2 = a1 * Theta1';
a2 = [ones(m, 1) sigmoid(z2)];
z3 = a2 * Theta2';
a3 = sigmoid(z3);
J = sum(sum(-Y .* log(a3) - (1 - Y) .* log(1 - a3))) / m;
J = J + lambda / (2 * m) * (sum(sum(Theta1(:, 2:end) .^ 2)) + sum(sum(Theta2(:, 2:end) .^ 2)));
fprintf('Cost at parameters: %f\n', J);

% Part 2: backpropagation
delta3 = a3 - Y;
delta2 = (delta3 * Theta2)(:, 2:end) .* sigmoid(z2) .* (1 - sigmoid(z2));
Theta1_grad = delta2' * a1 / m;
Theta2_grad = delta3' * a2 / m;
Theta1_grad(:, 2:end) = Theta1_grad(:, 2:end) + lambda / m * Theta1(:, 2:end);
Theta2_grad(:, 2:end) = Theta2_grad(:, 2:end) + lambda / m * Theta2(:, 2:end);
