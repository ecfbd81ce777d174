"""The programs in PyTorch (eager) and JAX (jit, CPU), for the benchmark that starts this script, as it does peers.py.

    python3 reference.py torch|jax THREADS

Results are named as in the programs of chainrule.
"""

import importlib
import math
import os
import sys

# Nothing is left beside the sources.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
peers = importlib.import_module("peers")
formulas = importlib.import_module("formulas")


class TorchPrograms(formulas.Programs, peers.TorchWorks):
    def __init__(self):
        peers.TorchWorks.__init__(self)
        torch = self.xp = self.torch
        self.erf, self.sigmoid, self.relu = torch.erf, torch.sigmoid, torch.relu
        self.softmax, self.log_softmax, self.logsumexp = torch.softmax, torch.log_softmax, torch.logsumexp
        self.softplus = lambda u: torch.logaddexp(u, torch.zeros_like(u))
        self.four = lambda gates: gates.chunk(4, 1)
        self.mean = lambda x: x.mean(-1, keepdim=True)
        self.masked = lambda mask, x, other: torch.where(mask, x, other)
        self.cross = lambda a, b: torch.linalg.cross(a, b)
        self.solved = lambda L, b: torch.linalg.solve_triangular(L, b[:, None], upper=False)[:, 0]
        self.scan = formulas.loop

    def both(self, loss, inputs):
        value = loss(*inputs)
        return value, self.torch.autograd.grad(value, inputs)

    def fit(self, data, names, loss):
        def once():
            p = [data[name].detach().requires_grad_() for name in names]
            value, gradient = self.both(lambda *p: loss({**data, **dict(zip(names, p))}), p)
            return {"value": value, **dict(zip(names, gradient))}

        return peers.Program(once, lambda result: result)

    def logistic_hessian(self, data, settings):
        f = self.torch.func.hessian(self.logistic)

        def once():
            value, (gradient,) = self.both(
                lambda w: self.logistic(w, data["x"], data["y"]), [data["w"].detach().requires_grad_()]
            )
            return {"value": value, "gradient": gradient, "hessian": f(data["w"], data["x"], data["y"])}

        return peers.Program(once, lambda result: result)

    def convolution(self, data, settings):
        F = self.torch.nn.functional

        def layer(x, w, b, below, above):
            filters = w.reshape(3, 3, below, above).permute(3, 2, 0, 1)
            return F.max_pool2d(F.relu(F.conv2d(x, filters, b)), 2)

        def loss(d):
            x = layer(d["x"].permute(0, 3, 1, 2), d["w1"], d["b1"], 1, 8)
            x = layer(x, d["w2"], d["b2"], 8, 16).permute(0, 2, 3, 1).reshape(8, -1)
            return -(self.torch.log_softmax(x @ d["w3"] + d["b3"], 1) * d["labels"]).sum() / 8

        return self.fit(data, ["w1", "b1", "w2", "b2", "w3", "b3"], loss)

    def greeks(self, data, settings):
        def once():
            x = {name: numbers.detach().requires_grad_() for name, numbers in data.items()}
            by = lambda y, name: self.torch.autograd.grad(y.sum(), x[name], create_graph=True)[0]
            price = self.price(**x)
            delta, vega = by(price, "spot"), by(price, "volatility")
            gamma = by(delta, "spot")
            return {
                "price": price,
                "delta": delta,
                "gamma": gamma,
                "vega": vega,
                "theta": by(price, "time"),
                "rho": by(price, "rate"),
                "vanna": by(delta, "volatility"),
                "volga": by(vega, "volatility"),
                "speed": by(gamma, "spot"),
            }

        return peers.Program(once, lambda result: result)

    def arm(self, data, settings):
        jacobian = self.torch.autograd.functional.jacobian
        once = lambda: {"hand": self.hand(data["angles"]), "jacobian": jacobian(self.hand, data["angles"])}
        return peers.Program(once, lambda result: result)

    def leapfrog(self, data, settings):
        def slope(x):
            value, (gradient,) = self.both(self.potential, [x.detach().requires_grad_()])
            return value.detach(), gradient

        return peers.Program(lambda: self.steps(slope, **data), lambda result: result)

    def bundle_adjustment(self, data, settings):
        f = lambda scene: self.residuals(scene, data["seen"])
        jacobian = self.torch.autograd.functional.jacobian
        once = lambda: {"residuals": f(data["scene"]), "jacobian": jacobian(f, data["scene"], vectorize=True)}
        return peers.Program(once, lambda result: result)


class JaxPrograms(formulas.Programs, peers.JaxWorks):
    def __init__(self):
        peers.JaxWorks.__init__(self)
        jax, jnp = self.jax, self.jnp
        self.xp, nn = jnp, jax.nn
        self.erf, self.sigmoid, self.relu, self.softplus = jax.scipy.special.erf, nn.sigmoid, nn.relu, nn.softplus
        self.softmax, self.log_softmax, self.logsumexp = nn.softmax, nn.log_softmax, nn.logsumexp
        self.four = lambda gates: jnp.split(gates, 4, 1)
        self.mean = lambda x: x.mean(-1, keepdims=True)
        self.masked, self.cross = jnp.where, jnp.cross
        self.solved = lambda L, b: jax.scipy.linalg.solve_triangular(L, b, lower=True)

    def scan(self, step, state, rows):
        return self.jax.lax.scan(lambda state, row: (step(state, row), None), state, rows)[0]

    def kalman_loop(self, data, settings):
        # A loop that is compiled as a loop: unrolled, its factorizations take XLA half a minute.
        return self.kalman(data, self.scan)

    def ready(self, f, *arguments):
        compiled = self.jax.jit(f)
        return peers.Program(lambda: self.finish(compiled(*arguments)), lambda result: result)

    def fit(self, data, names, loss):
        def both(p, others):
            value, gradient = self.jax.value_and_grad(lambda p: loss({**others, **p}))(p)
            return {"value": value, **gradient}

        others = {name: numbers for name, numbers in data.items() if name not in names}
        return self.ready(both, {name: data[name] for name in names}, others)

    def logistic_hessian(self, data, settings):
        def all(*d):
            value, gradient = self.jax.value_and_grad(self.logistic)(*d)
            return {"value": value, "gradient": gradient, "hessian": self.jax.hessian(self.logistic)(*d)}

        return self.ready(all, data["w"], data["x"], data["y"])

    def convolution(self, data, settings):
        lax = self.jax.lax

        def layer(x, w, b, below, above):
            filters, places = w.reshape(3, 3, below, above), ("NHWC", "HWIO", "NHWC")
            x = self.relu(lax.conv_general_dilated(x, filters, (1, 1), "VALID", dimension_numbers=places) + b)
            return lax.reduce_window(x, -math.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

        def loss(d):
            x = layer(layer(d["x"], d["w1"], d["b1"], 1, 8), d["w2"], d["b2"], 8, 16).reshape(8, -1)
            return -(self.log_softmax(x @ d["w3"] + d["b3"], 1) * d["labels"]).sum() / 8

        return self.fit(data, ["w1", "b1", "w2", "b2", "w3", "b3"], loss)

    def greeks(self, data, settings):
        names = ["spot", "strike", "volatility", "rate", "time"]
        by = lambda f, name: self.jax.grad(f, names.index(name))
        price = self.price
        delta, vega = by(price, "spot"), by(price, "volatility")
        gamma = by(delta, "spot")
        derivatives = {
            "delta": delta,
            "gamma": gamma,
            "vega": vega,
            "theta": by(price, "time"),
            "rho": by(price, "rate"),
            "vanna": by(delta, "volatility"),
            "volga": by(vega, "volatility"),
            "speed": by(gamma, "spot"),
        }
        all = lambda *x: {"price": price(*x), **{name: self.jax.vmap(f)(*x) for name, f in derivatives.items()}}
        return self.ready(all, *(data[name] for name in names))

    def arm(self, data, settings):
        return self.ready(lambda q: {"hand": self.hand(q), "jacobian": self.jax.jacrev(self.hand)(q)}, data["angles"])

    def leapfrog(self, data, settings):
        slope = self.jax.value_and_grad(self.potential)
        return self.ready(lambda x, p, size: self.steps(slope, x, p, size), data["x"], data["p"], data["size"])

    def bundle_adjustment(self, data, settings):
        f = self.residuals
        both = lambda *d: {"residuals": f(*d), "jacobian": self.jax.jacfwd(f)(*d)}
        return self.ready(both, data["scene"], data["seen"])


peers.main(TorchPrograms, JaxPrograms)
