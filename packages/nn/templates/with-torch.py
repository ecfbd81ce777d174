"""A training script of PyTorch, for `chainrule check backprop.py`: the gradients of its first backward pass are checked."""

import torch

network = {"activations": ["tanh", "linear"], "cost": "mse"}

model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
x, y = torch.randn(8, 2), torch.randn(8, 1)

for epoch in range(10):
    loss = ((model(x) - y) ** 2).mean()
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= 0.1 * parameter.grad
