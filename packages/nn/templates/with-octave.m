% A backprop by hand, for `chainrule check backprop.m --net 2-3-1:sigmoid --cost crossEntropy`. Replace the loop's lines by yours.
1;
function y = sigmoid (u)
  y = 1 ./ (1 + exp (-u));
end

X = [0.1 0.7; 0.9 -0.3; -0.5 0.4; 0.2 0.2];
y = [1; 0; 1; 0];
W1 = [0.3 -0.2; 0.5 0.1; -0.4 0.6];
b1 = [0.1 0.2 -0.1];
W2 = [0.7 -0.3 0.2];
b2 = 0.05;
n = rows (X);

for epoch = 1:10
  a1 = sigmoid (X * W1' + b1);
  a2 = sigmoid (a1 * W2' + b2);
  delta2 = a2 - y;
  dW2 = delta2' * a1 / n;
  db2 = sum (delta2) / n;
  delta1 = (delta2 * W2) .* a1 .* (1 - a1);
  dW1 = delta1' * X / n;
  db1 = sum (delta1) / n;
  W1 -= 0.5 * dW1;
  b1 -= 0.5 * db1;
  W2 -= 0.5 * dW2;
  b2 -= 0.5 * db2;
end
