import numpy as np
# Ng's first exercise in Python
data = np.array([[6.1101,17.592],[5.5277,9.1302],[8.5186,13.662],[7.0032,11.854],[5.8598,6.8233],[8.3829,11.886]])
X = np.c_[np.ones(len(data)), data[:, 0]]
y = data[:, 1:]
m = len(y)
theta = np.zeros((2, 1)) + 0.1
alpha = 0.01
for _ in range(100):
    h = X @ theta
    grad = X.T @ (h - y) / m
    theta = theta - alpha * grad
print(theta)
