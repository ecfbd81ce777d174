% a two layer net
1;
function y = sig(x)
  y = 1 ./ (1 + exp(-x));
end
X = [0.1 0.2; 0.3 -0.4; 0.5 0.6]; y = [1; 0; 1];
Theta1 = [0.1 0.2 0.3; -0.1 0.4 0.2]; Theta2 = [0.3 -0.2 0.1];
m = size(X, 1);
for it = 1:3
  a1 = [ones(m,1) X];
  z2 = a1 * Theta1';
  a2 = [ones(m,1) sig(z2)];
  a3 = sig(a2 * Theta2');
  delta3 = a3 - y;
  delta2 = (delta3 * Theta2(:, 2:end)) .* sig(z2) .* (1 - sig(z2));
  Theta2_grad = delta3' * a2 / m   % shown
  Theta1_grad = delta2' * ...
     a1 / m;
  Theta1 -= 0.5 * Theta1_grad;
  Theta2 = Theta2 - 0.5 * Theta2_grad;
end
c = {Theta1, Theta2}; s.W1 = Theta1;
