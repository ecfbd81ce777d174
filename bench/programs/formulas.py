"""What PyTorch and JAX write alike of the programs; a subclass for each library says where they differ.

`fit` of a subclass gives value and gradient of a loss of named arrays; `xp` is its module of functions.
"""

import math

try:
    import numpy
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

    def energy(self, data, settings):
        xp, points = self.xp, 100
        pairs = [(i, j) for i in range(points) for j in range(i + 1, min(points, i + 51))]
        first, second = (self.array(numpy.array(list(ends))) for ends in zip(*pairs))
        neighbors = self.array(numpy.array([j == i + 1 for i, j in pairs]))

        def loss(d):
            dx, dy = d["x"][first] - d["x"][second], d["y"][first] - d["y"][second]
            square = dx * dx + dy * dy
            return self.masked(neighbors, (xp.sqrt(square) - 1) ** 2, 1 / (square + 0.1)).sum()

        # Numbers one by one are arrays here, as a user of these libraries has them.
        names = {axis: [f"{axis}{k}" for k in range(points)] for axis in "xy"}
        arrays = {axis: xp.stack([data[name].reshape(()) for name in list]) for axis, list in names.items()}
        program = self.fit(arrays, ["x", "y"], loss)
        single = lambda r: {name: r[axis][k] for axis, list in names.items() for k, name in enumerate(list)}
        program.results = lambda r: {"value": r["value"], **single(r)}
        return program
