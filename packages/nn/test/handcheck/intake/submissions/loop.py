import numpy as np
np.random.seed(0)
X=np.random.randn(6,2); y=(X.sum(1,keepdims=True)>0)*1.0
W1=np.random.randn(2,3); b1=np.zeros((1,3)); W2=np.random.randn(3,1); b2=np.zeros((1,1))
sig=lambda z:1/(1+np.exp(-z))
for epoch in range(1000):
    a1=sig(X@W1+b1); a2=sig(a1@W2+b2)
    delta2=(a2-y)*a2*(1-a2)
    dW2=a1.T@delta2; db2=delta2.sum(0,keepdims=True)
    delta1=delta2@W2.T*a1*(1-a1)
    dW1=X.T@delta1
    db1=delta1.sum(0,keepdims=True)
    W1-=0.1*dW1; b1-=0.1*db1; W2-=0.1*dW2; b2-=0.1*db2
    if epoch%100==0: print(epoch)
