W1 = [[0.5, -0.5]]; b1 = [0.1]
x = [[1.0, 2.0]]; t = [[0.0]]
v1 = [[sum(w*a for w, a in zip(W1[0], x[0])) + b1[0]]]
delta1 = [[v1[0][0] - t[0][0]]]
dW1 = [[delta1[0][0] * a for a in x[0]]]
db1 = [delta1[0][0]]
for i in range(2):
    W1[0][i] -= 0.1 * dW1[0][i]
