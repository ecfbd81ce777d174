import numpy as np

def backward(X, y, W1, b1, W2, b2):
  """ CS231n assignment 1: two-layer net, softmax loss; y are labels (N,) """
  N = X.shape[0]
  h = np.maximum(0, X.dot(W1) + b1)
  scores = h.dot(W2) + b2
  scores -= np.max(scores, axis=1, keepdims=True)
  p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
  dscores = p.copy()
  dscores[np.arange(N), y] -= 1
  dscores /= N
  grads = {}
  grads['W2'] = h.T.dot(dscores)
  grads['b2'] = dscores.sum(axis=0)
  dh = dscores.dot(W2.T)
  dh[h <= 0] = 0
  grads['W1'] = X.T.dot(dh)
  grads['b1'] = dh.sum()*np.ones_like(b1)
  return grads
