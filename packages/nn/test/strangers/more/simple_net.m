X = [0 0 1; 0 1 1; 1 0 1; 1 1 1];
y = [0; 1; 1; 0];
rand("twister", 3);
W1 = 2 * rand(3, 4) - 1;
W2 = 2 * rand(4, 1) - 1;
for iter = 1:50
  hidden = 1 ./ (1 + exp(-X * W1));
  output = 1 ./ (1 + exp(-hidden * W2));
  dz2 = (output - y) .* output .* (1 - output);
  dW2 = hidden' * dz2;
  dz1 = (dz2 * W2') .* hidden .* (1 - hidden);
  dW1 = X' * dz1;
  W2 -= 0.5 * dW2;
  W1 -= 0.5 * dW1;
  if mod(iter, 10) == 0
    printf("iter %d error %f\n", iter, sum((output - y) .^ 2));
  end
end
