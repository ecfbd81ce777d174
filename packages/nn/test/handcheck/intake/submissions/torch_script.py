import torch
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(2,3), torch.nn.Tanh(), torch.nn.Linear(3,1))
x = torch.randn(5,2); y = torch.randn(5,1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    opt.zero_grad()
    loss = ((model(x)-y)**2).mean()
    loss.backward()
    opt.step()
