import numpy as np
xs = np.array([[2.0, 3.0, -1.0],[3.0, -1.0, 0.5],[0.5, 1.0, 1.0],[1.0, 1.0, -1.0]])
ys = np.array([1.0, -1.0, -1.0, 1.0])
rng = np.random.default_rng(1337)
w1 = rng.standard_normal((3,4))*.5; b1 = np.zeros(4)
w2 = rng.standard_normal((4,1))*.5; b2 = np.zeros(1)
for k in range(20):
  # forward
  hpreact = xs @ w1 + b1
  h = np.tanh(hpreact)
  ypred = (h @ w2 + b2)[:, 0]
  loss = ((ypred - ys)**2).sum()
  # backward
  dypred = 2*(ypred - ys)
  dw2 = h.T @ dypred[:, None]
  db2 = dypred.sum(0)
  dh = dypred[:, None] @ w2.T
  dhpreact = (1 - hpreact**2) * dh
  dw1 = xs.T @ dhpreact
  db1 = dhpreact.sum(0)
  # update
  for p, g in zip((w1,b1,w2,b2), (dw1,db1,dw2,db2)):
    p += -0.05 * g
  print(k, loss)
