"""The works in PyTorch (eager) and JAX (jit, CPU), asked for one after another by the benchmark that starts this script.

    python3 peers.py torch|jax THREADS

Reads one request in JSON from each line of its input, writes one answer to each line of its output. Data and results are files
of plain numbers. The benchmark validates the results and decides how often a work is timed; nothing is decided here.
"""

import importlib
import json
import os
import sys
import time

ENGINE, THREADS = sys.argv[1], int(sys.argv[2])

# Read when XLA starts: how many threads it makes.
os.environ["NPROC"] = str(THREADS)
os.environ["JAX_PLATFORMS"] = "cpu"


def answer(**fields):
    print(json.dumps(fields), flush=True)


class Program:
    """A work made ready: `once` does it, `results` names what came of it, `begin` goes back to where every round begins."""

    def __init__(self, once, results, begin=lambda: None):
        self.once, self.results, self.begin = once, results, begin


class TorchWorks:
    """Each method makes one work ready."""

    def __init__(self):
        self.torch = importlib.import_module("torch")
        self.torch.set_num_threads(THREADS)
        self.version = self.torch.__version__
        self.threads = self.torch.get_num_threads()

    def array(self, numbers):
        return self.torch.from_numpy(numbers.copy())

    def network(self, data, settings, hidden, cost):
        torch, layers = self.torch, settings["layers"]
        names = [f"{kind}{l}" for l in range(1, layers + 1) for kind in "Wb"]
        parameters = [data[name].clone().requires_grad_() for name in names]
        x, t = data["x"], data["t"]

        def begin():
            with torch.no_grad():
                for name, w in zip(names, parameters):
                    w.copy_(data[name])

        def step():
            v = x
            for l in range(layers):
                v = torch.addmm(parameters[2 * l + 1], v, parameters[2 * l])
                v = hidden(v) if l < layers - 1 else v
            value = cost(v, t)
            gradient = torch.autograd.grad(value, parameters)
            with torch.no_grad():
                for w, slope in zip(parameters, gradient):
                    w.sub_(slope, alpha=settings["eta"])
            return value.item()

        return Program(step, lambda value: {"cost": value, **dict(zip(names, parameters))}, begin)

    def sigmoid_step(self, data, settings):
        torch = self.torch
        return self.network(data, settings, torch.sigmoid, lambda u, t: 0.5 * (torch.sigmoid(u) - t).square().sum() / len(t))

    def relu_step(self, data, settings):
        torch = self.torch
        return self.network(data, settings, torch.relu, lambda u, t: torch.nn.functional.cross_entropy(u, t))

    def elementwise(self, data, settings):
        torch = self.torch
        x, w = data["x"].requires_grad_(), data["w"].requires_grad_()

        def once():
            value = (torch.sigmoid(x * w + 1) * torch.tanh(x) * torch.exp(-w * w)).sum()
            by_x, by_w = torch.autograd.grad(value, (x, w))
            return {"value": value, "x": by_x, "w": by_w}

        return Program(once, lambda result: result)

    def rosenbrock(self, data, settings):
        f = self.torch.func.hessian(lambda x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())
        return Program(lambda: f(data["x"]), lambda result: {"hessian": result})

    def scalar(self, data, f):
        torch = self.torch

        def once():
            x = data["x"].detach().requires_grad_()
            value = f(x)
            (derivative,) = torch.autograd.grad(value, x)
            return {"value": value.item(), "derivative": derivative.item()}

        return Program(once, lambda result: result)

    def chain(self, data, settings):
        def f(x):
            for _ in range(settings["length"]):
                x = x * settings["factor"]
            return x

        return self.scalar(data, f)

    def mixed(self, data, settings):
        def f(x):
            y = x
            for _ in range(settings["rounds"]):
                y = (self.torch.sin(y) + x) * 0.5 - 0.1
            return y

        return self.scalar(data, f)

    def per_example_gradients(self, data, settings):
        torch = self.torch

        def loss(w, x, t):
            v = torch.sigmoid(x @ w["W1"] + w["b1"])
            return 0.5 * (torch.sigmoid(v @ w["W2"] + w["b2"]) - t).square().sum()

        f = torch.func.vmap(torch.func.grad(loss), (None, 0, 0))
        w = {name: data[name] for name in ("W1", "b1", "W2", "b2")}
        return Program(lambda: f(w, data["x"], data["t"]), lambda result: result)

    def matmul(self, data, settings):
        return Program(lambda: data["a"] @ data["b"], lambda result: {"product": result})


class JaxWorks:
    """As above; every result is waited for, and every array that a work reads is an argument of its compiled program."""

    def __init__(self):
        self.jax = importlib.import_module("jax")
        self.jnp = importlib.import_module("jax.numpy")
        self.jax.config.update("jax_enable_x64", True)
        self.version = self.jax.__version__
        self.threads = THREADS

    def array(self, numbers):
        return self.jnp.array(numbers)

    def finish(self, value):
        return self.jax.block_until_ready(value)

    def network(self, data, settings, hidden, cost):
        jax, layers, eta = self.jax, settings["layers"], settings["eta"]

        def loss(parameters, x, t):
            v = x
            for l in range(1, layers + 1):
                v = v @ parameters[f"W{l}"] + parameters[f"b{l}"]
                v = hidden(v) if l < layers else v
            return cost(v, t)

        @jax.jit
        def step(parameters, x, t):
            value, gradient = jax.value_and_grad(loss)(parameters, x, t)
            return value, jax.tree.map(lambda w, slope: w - eta * slope, parameters, gradient)

        state = {}

        def begin():
            state["parameters"] = {name: w for name, w in data.items() if name not in ("x", "t")}

        def once():
            value, state["parameters"] = self.finish(step(state["parameters"], data["x"], data["t"]))
            return value

        return Program(once, lambda value: {"cost": value, **state["parameters"]}, begin)

    def sigmoid_step(self, data, settings):
        sigmoid, jnp = self.jax.nn.sigmoid, self.jnp
        return self.network(data, settings, sigmoid, lambda u, t: 0.5 * jnp.square(sigmoid(u) - t).sum() / len(t))

    def relu_step(self, data, settings):
        nn = self.jax.nn
        return self.network(data, settings, nn.relu, lambda u, t: -(nn.log_softmax(u) * t).sum() / len(t))

    def elementwise(self, data, settings):
        jax, jnp = self.jax, self.jnp
        f = jax.jit(jax.value_and_grad(lambda x, w: (jax.nn.sigmoid(x * w + 1) * jnp.tanh(x) * jnp.exp(-w * w)).sum(), (0, 1)))
        return Program(lambda: self.finish(f(data["x"], data["w"])), lambda r: {"value": r[0], "x": r[1][0], "w": r[1][1]})

    def rosenbrock(self, data, settings):
        jax = self.jax
        f = jax.jit(jax.hessian(lambda x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()))
        return Program(lambda: self.finish(f(data["x"])), lambda result: {"hessian": result})

    def scalar(self, data, f):
        g = self.jax.jit(self.jax.value_and_grad(f))
        return Program(lambda: self.finish(g(data["x"])), lambda r: {"value": r[0], "derivative": r[1]})

    def chain(self, data, settings):
        # A loop that is compiled as a loop: unrolled, this many operations take XLA minutes.
        def f(x):
            y, _ = self.jax.lax.scan(lambda y, _: (y * settings["factor"], None), x, length=settings["length"])
            return y

        return self.scalar(data, f)

    def mixed(self, data, settings):
        def f(x):
            y = x
            for _ in range(settings["rounds"]):
                y = (self.jnp.sin(y) + x) * 0.5 - 0.1
            return y

        return self.scalar(data, f)

    def per_example_gradients(self, data, settings):
        jax, jnp = self.jax, self.jnp

        def loss(w, x, t):
            v = jax.nn.sigmoid(x @ w["W1"] + w["b1"])
            return 0.5 * jnp.square(jax.nn.sigmoid(v @ w["W2"] + w["b2"]) - t).sum()

        f = jax.jit(jax.vmap(jax.grad(loss), (None, 0, 0)))
        w = {name: data[name] for name in ("W1", "b1", "W2", "b2")}
        return Program(lambda: self.finish(f(w, data["x"], data["t"])), lambda result: result)

    def matmul(self, data, settings):
        f = self.jax.jit(lambda a, b: a @ b)
        return Program(lambda: self.finish(f(data["a"], data["b"])), lambda result: {"product": result})


def load(numpy, engine, asked):
    data = {}
    for name, field in asked["data"].items():
        data[name] = engine.array(numpy.fromfile(field["file"], dtype=field["type"]).reshape(field["shape"]))
    return getattr(engine, asked["work"].replace("-", "_"))(data, asked["settings"])


def write(numpy, folder, results):
    for name, value in results.items():
        value = value.detach().numpy() if hasattr(value, "detach") else numpy.asarray(value)
        value.astype("float64").tofile(os.path.join(folder, name))
    return list(results)


def timed(program, times):
    program.begin()
    began = time.perf_counter()
    for _ in range(times):
        program.once()
    return (time.perf_counter() - began) * 1000


def serve(numpy, engine):
    program = None
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if asked["do"] == "load":
                program = load(numpy, engine, asked)
                answer(names=[])
            elif asked["do"] == "values":
                program.begin()
                answer(names=write(numpy, asked["folder"], program.results(program.once())))
            else:
                answer(milliseconds=timed(program, asked["times"]))
        except Exception as error:
            answer(error=f"{type(error).__name__}: {error}")


def main(torch_works=TorchWorks, jax_works=JaxWorks):
    """Serves works of each library: those above, or others that follow them."""
    try:
        numpy = importlib.import_module("numpy")
        engine = torch_works() if ENGINE == "torch" else jax_works()
    except ImportError as error:
        answer(absent=str(error))
        return
    answer(version=engine.version, threads=engine.threads)
    serve(numpy, engine)


if __name__ == "__main__":
    main()
