"""The programs in PyTorch (eager) and JAX (jit, CPU), for the benchmark that starts this script, as it does peers.py.

    python3 reference.py torch|jax THREADS

What both libraries write alike stands here once; where they differ, a method of each says how. Results are named as in the
programs of chainrule.
"""

import importlib
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers"))
peers = importlib.import_module("peers")
try:
    numpy = importlib.import_module("numpy")
except ImportError:
    # Said by `peers.main`, which looks again.
    numpy = None

JOINTS = [("z", 0.4), ("y", 0.5), ("y", 0.4), ("x", 0.2), ("y", 0.2), ("z", 0.1)]


def loop(step, state, rows):
    for row in rows:
        state = step(state, row)
    return state


class Programs:
    """Each method makes one program ready; `fit` gives value and gradient of a loss of named arrays."""

    def gaussian_mixture(self, data, settings):
        def loss(d):
            z = (d["x"].reshape(500, 1, 4) - d["means"]) / self.xp.exp(d["logStd"])
            density = (-0.5 * z * z - d["logStd"] - 0.5 * math.log(2 * math.pi)).sum(2)
            return self.logsumexp(density + self.log_softmax(d["logits"], 0), 1).sum()

        return self.fit(data, ["logits", "means", "logStd"], loss)

    def kalman(self, data, walk):
        xp, H = self.xp, self.array(numpy.eye(2, 4))

        def loss(d):
            A, Q, R = d["A"], xp.diag(xp.exp(d["logQ"])), xp.diag(xp.exp(d["logR"]))

            def step(state, y):
                m, P, total = state
                m, P = A @ m, A @ P @ A.T + Q
                e, S = y - H @ m, H @ P @ H.T + R
                inverse = xp.linalg.inv(S)
                K = P @ H.T @ inverse
                density = -0.5 * (e @ (inverse @ e) + xp.linalg.slogdet(S)[1] + 2 * math.log(2 * math.pi))
                return m + K @ e, P - K @ H @ P, total + density

            begin = (self.array(numpy.zeros(4)), self.array(numpy.eye(4)), self.array(numpy.zeros(())))
            return walk(step, begin, d["ys"])[2]

        return self.fit(data, ["A", "logQ", "logR"], loss)

    def kalman_loop(self, data, settings):
        return self.kalman(data, loop)

    def kalman_scan(self, data, settings):
        return self.kalman(data, self.scan)

    def ode(self, data, walk):
        def loss(d):
            field = lambda x: self.xp.tanh(x @ d["w1"] + d["b1"]) @ d["w2"] + d["b2"]

            def step(x, _, h=0.1):
                k1 = field(x)
                k2 = field(x + h / 2 * k1)
                k3 = field(x + h / 2 * k2)
                return x + h / 6 * (k1 + 2 * k2 + 2 * k3 + field(x + h * k3))

            return ((walk(step, d["x"], self.array(numpy.zeros(20))) - d["target"]) ** 2).mean()

        return self.fit(data, ["w1", "b1", "w2", "b2"], loss)

    def ode_loop(self, data, settings):
        return self.ode(data, loop)

    def ode_scan(self, data, settings):
        return self.ode(data, self.scan)

    def logistic(self, w, x, y):
        u = x @ w
        return (self.softplus(u) - u * y).mean() + 0.005 * (w * w).sum()

    def lstm(self, data, walk):
        xp = self.xp

        def loss(d):
            def step(state, x):
                h, c = state
                i, f, g, o = self.four(x @ d["wx"] + h @ d["wh"] + d["b"])
                c = self.sigmoid(f) * c + self.sigmoid(i) * xp.tanh(g)
                return self.sigmoid(o) * xp.tanh(c), c

            zeros = self.array(numpy.zeros((16, 32)))
            return ((walk(step, (zeros, zeros), d["xs"])[0] @ d["out"] - d["target"]) ** 2).mean()

        return self.fit(data, ["wx", "wh", "b", "out"], loss)

    def lstm_loop(self, data, settings):
        return self.lstm(data, loop)

    def lstm_scan(self, data, settings):
        return self.lstm(data, self.scan)

    def transformer(self, data, settings):
        xp, earlier = self.xp, self.array(numpy.tril(numpy.ones((16, 16), bool)))

        def normed(x, gain, shift):
            centered = x - self.mean(x)
            return centered / xp.sqrt(self.mean(centered**2) + 1e-5) * gain + shift

        def loss(d):
            x, y = d["x"], normed(d["x"], d["gain1"], d["shift1"])
            q, k, v = ((y @ d[w]).reshape(2, 16, 4, 8).swapaxes(1, 2) for w in ("wq", "wk", "wv"))
            scores = self.masked(earlier, q @ k.swapaxes(2, 3) / math.sqrt(8), -math.inf)
            a = x + (self.softmax(scores, -1) @ v).swapaxes(1, 2).reshape(2, 16, 32) @ d["wo"]
            u = normed(a, d["gain2"], d["shift2"]) @ d["w1"] + d["b1"]
            u = u * (1 + self.erf(u / math.sqrt(2))) * 0.5
            return ((a + u @ d["w2"] + d["b2"] - d["target"]) ** 2).mean()

        return self.fit(data, [name for name in data if name not in ("x", "target")], loss)

    def price(self, spot, strike, volatility, rate, time):
        xp, normal = self.xp, lambda x: 0.5 * (1 + self.erf(x / math.sqrt(2)))
        deviation = volatility * xp.sqrt(time)
        d1 = (xp.log(spot / strike) + (rate + volatility * volatility / 2) * time) / deviation
        return spot * normal(d1) - strike * xp.exp(-rate * time) * normal(d1 - deviation)

    def hand(self, angles):
        xp, turned, place = self.xp, self.array(numpy.eye(3)), self.array(numpy.zeros(3))
        for k, (axis, length) in enumerate(JOINTS):
            c, s, zero = xp.cos(angles[k]), xp.sin(angles[k]), 0 * angles[k]
            one = zero + 1
            rows = {
                "z": [c, -s, zero, s, c, zero, zero, zero, one],
                "y": [c, zero, s, zero, one, zero, -s, zero, c],
                "x": [one, zero, zero, zero, c, -s, zero, s, c],
            }[axis]
            turned = turned @ xp.stack(rows).reshape(3, 3)
            place = place + turned @ self.array(numpy.array([0, 0, length]))
        return place

    def n_body(self, data, settings):
        other = self.array(~numpy.eye(32, dtype=bool))

        def loss(d):
            between = d["places"][:, None] - d["places"][None]
            # The root of what was replaced has a derivative; that of 0 has none.
            distance = self.xp.sqrt(self.masked(other, (between * between).sum(2), 1.0))
            return -0.5 * self.masked(other, d["masses"][:, None] * d["masses"] / distance, 0.0).sum()

        return self.fit(data, ["places"], loss)

    def potential(self, x):
        v, z = x[0], x[1:]
        return v * v / 18 + 0.5 * (z * z).sum() * self.xp.exp(-v) + 5 * v

    def steps(self, slope, x, p, size):
        energy, gradient = slope(x)
        for _ in range(20):
            p = p - 0.5 * size * gradient
            x = x + size * p
            energy, gradient = slope(x)
            p = p - 0.5 * size * gradient
        return {"x": x, "p": p, "energy": energy}

    def residuals(self, scene, seen):
        xp, cameras, points = self.xp, scene[:18].reshape(3, 6), scene[18:].reshape(20, 3)

        def rotated(w, x):
            angle2 = (w * w).sum()
            small = angle2 < 1e-12
            safe = xp.where(small, 1 + 0 * angle2, angle2)
            angle = xp.sqrt(safe)
            first = xp.where(small, 1 - angle2 / 6, xp.sin(angle) / angle)
            second = xp.where(small, 0.5 - angle2 / 24, (1 - xp.cos(angle)) / safe)
            w = w.reshape(1, 3) + 0 * x
            once = self.cross(w, x)
            return x + first * once + second * self.cross(w, once)

        moved = [rotated(cameras[k, :3], points) + cameras[k, 3:] for k in range(3)]
        return xp.stack([y[:, :2] / y[:, 2:3] - seen[k] for k, y in enumerate(moved)]).reshape(-1)

    def autoencoder(self, data, settings):
        def loss(d):
            hidden = self.relu(d["x"] @ d["we"] + d["be"])
            mean, log_var = hidden @ d["wm"], hidden @ d["wv"]
            latent = mean + self.xp.exp(0.5 * log_var) * d["noise"]
            logits = self.relu(latent @ d["wd"] + d["bd"]) @ d["wo"] + d["bo"]
            reconstruction = (self.softplus(logits) - logits * d["x"]).sum(1)
            return (reconstruction + 0.5 * (mean**2 + self.xp.exp(log_var) - log_var - 1).sum(1)).mean()

        return self.fit(data, [name for name in data if name not in ("x", "noise")], loss)

    def gaussian_process(self, data, settings):
        xp, eye = self.xp, self.array(numpy.eye(20))

        def loss(d):
            between = (d["x"][:, None] - d["x"][None]) / xp.exp(d["logLength"])
            kernel = xp.exp(-0.5 * (between * between).sum(2)) * xp.exp(d["logScale"])
            L = xp.linalg.cholesky(kernel + eye * xp.exp(d["logNoise"]))
            a = self.solved(L, d["y"])
            return -0.5 * (a * a).sum() - xp.log(xp.diagonal(L)).sum() - 10 * math.log(2 * math.pi)

        return self.fit(data, ["logLength", "logScale", "logNoise"], loss)


class TorchPrograms(Programs, peers.TorchWorks):
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
        self.scan = loop

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


class JaxPrograms(Programs, peers.JaxWorks):
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
