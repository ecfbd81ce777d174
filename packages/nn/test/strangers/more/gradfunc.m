1;
function [J, grad] = costFunction(theta, X, y)
  m = length(y);
  h = 1 ./ (1 + exp(-X * theta));
  J = -1 / m * sum(y .* log(h) + (1 - y) .* log(1 - h));
  grad = 1 / m * X' * (h - y);
end
data = [34.62 78.02 0; 30.28 43.89 0; 35.84 72.90 0; 60.18 86.30 1; 79.03 75.34 1];
X = [ones(5, 1) data(:, 1:2) / 100]; y = data(:, 3);
theta = [-0.2; 0.3; 0.5];
[J, grad] = costFunction(theta, X, y);
fprintf('Cost: %f\n', J); fprintf(' %f \n', grad);
