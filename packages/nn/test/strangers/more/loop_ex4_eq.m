% vectorless, one example at a time
sigmoid = @(z) 1 ./ (1 + exp(-z));
X = [0.1 0.5 -0.3; 0.9 -0.2 0.4; -0.6 0.7 0.2; 0.3 0.3 -0.8];
Y = [1 0; 0 1; 1 0; 0 1];
Theta1 = [0.1 0.2 -0.3 0.4; -0.2 0.5 0.1 -0.6];
Theta2 = [0.3 -0.4 0.5; -0.1 0.2 0.6];
m = size(X, 1);
Delta1 = zeros(size(Theta1));
Delta2 = zeros(size(Theta2));
for t = 1:m
  a1 = [1; X(t, :)'];
  z2 = Theta1 * a1;
  a2 = [1; sigmoid(z2)];
  z3 = Theta2 * a2;
  a3 = sigmoid(z3);
  d3 = a3 - Y(t, :)';
  d2 = Theta2(:, 2:end)' * d3 .* sigmoid(z2) .* (1 - sigmoid(z2));
  Delta2 = Delta2 + d3 * a2';
  Delta1 = d2 * a1';
end
Theta1_grad = Delta1 / m;
Theta2_grad = Delta2 / m;
