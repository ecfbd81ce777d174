"""Prints the same arrays in every way that people print them: made numpy.txt, torch.txt, jax.txt and the .npz and .npy files beside."""

import json
import sys

import numpy as np

W1 = np.array([[2.0409191213851825, -2.5556650313141818], [0.41809884672577885, -0.5677696061279298], [-0.45264929211044586, -0.2155971630897659]])
b1 = np.array([-0.0020199867, -0.00023193, -0.0008652131])
wide = np.sin(np.arange(1, 29).reshape(2, 14))


def section(name, *names):
    print("#####", " ".join([name, *names]))


def numpy_ways():
    section("str of one array", "W1"); print(W1)
    section("print with names"); print("W1 =", W1); print("b1:", b1); print("db1", b1); print("loss", 0.25)
    section("repr"); print("W1 = " + repr(W1)); print(f"{b1=}"); print("x =", repr(W1.astype(np.float32)))
    section("dictionary"); print({"W1": W1, "b1": b1, "cost": np.float64(0.3), "samples": 3})
    section("numbers of a list"); print("b1 =", [np.float64(x) for x in b1])
    section("precision 4")
    with np.printoptions(precision=4, suppress=True):
        print("W1 =\n", W1); print("b1 =\n", b1)
    section("scientific"); print("b1 =", b1 * 1e-6)
    section("wide"); print("wide =", wide)
    section("lists of Python"); print("W1 =", W1.tolist()); print("b1 =", tuple(b1.tolist()))
    section("tuple", "W1", "b1"); print((W1, b1))
    section("one print of two", "W1", "b1"); print(W1, b1)
    section("masks and whole numbers"); print("t =", np.array([[1, 0], [0, 1]])); print("gate =", np.array([[True, False]])); print("x =", np.array([1.0, 2.0]))


def torch_ways():
    import torch
    t = torch.tensor(W1, dtype=torch.float32, requires_grad=True)
    section("tensors with names"); print("W1 =", t); print("x:", (t @ t.T)[:1]); print("b1 =", torch.tensor(b1, dtype=torch.float64)); print("loss:", torch.tensor(0.25)); print("y:", torch.tensor([1.0, 0.0])); print("labels:", torch.tensor([1, 0]))
    section("small"); print("b1 =", torch.tensor(b1 * 1e-3))
    section("parameters")
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor(W1)); model[0].bias.copy_(torch.tensor(b1)); model[2].weight.copy_(torch.tensor(W1[:, 0])); model[2].bias.fill_(0.5)
    for name, parameter in model.named_parameters():
        print(name, parameter)
    section("state dict"); print(model.state_dict())
    section("data of parameters")
    for name, parameter in model.named_parameters():
        print(name, parameter.data)
    section("list"); print("fc1.weight =", t.tolist())


def jax_ways():
    import jax.numpy as jnp
    section("print with names"); print("W1 =", jnp.array(W1)); print("b1 =", repr(jnp.array(b1)))
    section("dictionary"); print({"W1": jnp.array(W1), "b1": jnp.array(b1)})


def files():
    f = np.asfortranarray
    np.savez("plain.npz", W1=W1, b1=b1, activation="tanh", loss=0.25)
    np.savez_compressed("packed.npz", W1=f(W1), b1=b1.astype(">f4"), t=np.array([[1, 0]], dtype="i8"), gate=np.array([True, False]), half=np.array([0.5, -2.0, 65504, 6e-8], dtype="f2"), u=np.array([3], dtype=">u2"))
    np.save("W1.npy", W1.astype("f4"))
    ragged = np.empty(2, dtype=object); ragged[:] = [W1, b1]
    np.savez("objects.npz", W=ragged)
    np.savez("nameless.npz", W1, b1)


if sys.argv[1] == "exact":
    print(json.dumps({"W1": W1.tolist(), "b1": b1.tolist(), "wide": wide.tolist()}))
else:
    {"numpy": numpy_ways, "torch": torch_ways, "jax": jax_ways, "files": files}[sys.argv[1]]()
