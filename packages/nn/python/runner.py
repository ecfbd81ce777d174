"""Runs a person's Python for `chainrule check`: one JSON request a line on a pipe of its own, one answer a line on the same.

What the person's code prints stays on the streams for that, and it has nothing to read. It is given arrays and gives arrays; whether they
are right is judged elsewhere. Needs Python 3.8 or newer, and NumPy only where the person's code does.
"""

import ast
import copy
import json
import os
import sys
import types
from array import array
from binascii import a2b_base64, b2a_base64

os.set_inheritable(3, False)
requests = os.fdopen(os.dup(3), "r", encoding="utf-8", newline="\n")
answers = os.fdopen(3, "w", encoding="utf-8", newline="\n")
os.environ.setdefault("MPLBACKEND", "Agg")

#: More entries than this are not copied while a script runs: no backprop that is checked has as many.
MOST_ENTRIES = 20_000_000


# -- values ------------------------------------------------------------------------------------------------------------------------

def packed(numbers, shape, kind):
    """Numbers as the bytes of float64, so that every bit arrives."""
    data = array("d", numbers)
    if sys.byteorder == "big":
        data.byteswap()
    return packed_bytes(data.tobytes(), shape, kind)


def packed_bytes(data, shape, kind):
    return {"shape": list(shape), "type": kind, "data": b2a_base64(data, newline=False).decode("ascii")}


def kind_of(dtype):
    """The name of a type of NumPy, PyTorch, JAX or TensorFlow; None for what holds no real numbers."""
    name = str(getattr(dtype, "name", dtype)).replace("torch.", "")
    if name in ("float64", "float32", "float16", "bool"):
        return name
    if name == "bfloat16":
        return "float16"
    return "int" if name.startswith(("int", "uint")) else None


def as_numpy(value):
    """The array of NumPy behind a tensor of any library; None where there is none."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return value
    for way in ("detach", "numpy", "to_numpy", "__array__"):
        if hasattr(value, way) and not isinstance(value, type):
            try:
                return numpy.asarray(value.detach().cpu()) if way == "detach" else numpy.asarray(value)
            except Exception:
                return None
    return None


def encoded(value, depth=0):
    """A value as JSON: arrays packed, lists and dictionaries by their entries, anything else by the name of its type."""
    if value is None or isinstance(value, (bool, str)):
        return value if not isinstance(value, bool) else packed([float(value)], [], "bool")
    if isinstance(value, int):
        return packed([value], [], "int") if -(2 ** 53) <= value <= 2 ** 53 else {"other": "a whole number above 2^53"}
    if isinstance(value, float):
        return packed([value], [], "float64")
    if depth > 20:
        return {"other": "something nested more than 20 deep"}
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.nn.Module):
        return {"record": [[name, encoded(one, depth + 1)] for name, one in parameters_of(value)]}
    found = as_numpy(value)
    if found is not None and getattr(found, "dtype", None) is not None:
        if found.dtype == object:
            return {"list": [encoded(one, depth + 1) for one in found]} if found.ndim > 0 else encoded(found.item(), depth + 1)
        kind = kind_of(getattr(value, "dtype", found.dtype)) or kind_of(found.dtype)
        if kind is None:
            return {"other": "an array of " + str(found.dtype)}
        return packed_bytes(found.astype("<f8").tobytes(), found.shape, kind)
    if torch is not None and isinstance(value, torch.Tensor):
        return packed(value.detach().cpu().double().flatten().tolist(), value.shape, kind_of(value.dtype) or "float64")
    if isinstance(value, dict):
        return {"record": [[str(key), encoded(one, depth + 1)] for key, one in value.items()]}
    if isinstance(value, (list, tuple)):
        return {"list": [encoded(one, depth + 1) for one in value]}
    if hasattr(value, "_asdict"):
        return encoded(value._asdict(), depth + 1)
    return {"other": type(value).__name__}


def parameters_of(module):
    """The parameters of a module of PyTorch by their names, and their gradients where they have any."""
    for name, one in module.named_parameters():
        yield name, one
        if one.grad is not None:
            yield name + ".grad", one.grad


def decoded(value):
    """A value that was handed over, in the arrays that the person's code works with."""
    if isinstance(value, dict) and "record" in value:
        return {key: decoded(one) for key, one in value["record"]}
    if isinstance(value, dict) and "list" in value:
        return [decoded(one) for one in value["list"]]
    if not isinstance(value, dict) or "data" not in value:
        return value
    shape, kind = value["shape"], value["type"]
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if shape and numpy is not None and not (torch is not None and "numpy" not in submission.imported):
        # A copy, since nobody may write to the bytes.
        return numpy.frombuffer(a2b_base64(value["data"]), dtype="<f8").astype("int64" if kind == "int" else "float64").reshape(shape)
    data = array("d")
    data.frombytes(a2b_base64(value["data"]))
    if sys.byteorder == "big":
        data.byteswap()
    if not shape:
        return int(data[0]) if kind == "int" else data[0]
    if numpy is None and torch is None:
        return nested(data.tolist() if kind != "int" else [int(x) for x in data], shape)
    return torch.tensor(data.tolist(), dtype=torch.int64 if kind == "int" else torch.get_default_dtype()).reshape(shape)


def nested(numbers, shape):
    if len(shape) == 1:
        return numbers
    size = len(numbers) // shape[0] if shape[0] else 0
    return [nested(numbers[i * size:(i + 1) * size], shape[1:]) for i in range(shape[0])]


def copied(value):
    """A copy that later updates in place do not reach; None for what is no number, array, or list or dictionary of such."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {key: copied(one) for key, one in value.items() if isinstance(key, (str, int))}
    if isinstance(value, (list, tuple)):
        return [copied(one) for one in value]
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.nn.Module):
        return {name: one.detach().clone() for name, one in value.named_parameters()}
    if torch is not None and isinstance(value, torch.Tensor):
        return value.detach().clone() if value.numel() <= MOST_ENTRIES else None
    found = as_numpy(value)
    if found is not None:
        return found.copy() if getattr(found, "size", 1) <= MOST_ENTRIES else None
    return None


# -- the person's file -------------------------------------------------------------------------------------------------------------

class Refused(Exception):
    """The request cannot be met; the words are for the person."""

    def __init__(self, message, line=None):
        super().__init__(message)
        self.line = line


class Submission:
    """The person's file: its text, what it defines, and the module that it makes when it runs."""

    def __init__(self):
        self.path, self.source, self.tree, self.module, self.cells = "", "", None, None, []
        self.imported = set()

    def read(self, path, cell):
        self.path = path
        with open(path, "rb") as file:
            raw = file.read()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        self.source = self.of_notebook(text, cell) if path.endswith(".ipynb") else text
        try:
            self.tree = ast.parse(self.source, path)
        except SyntaxError as error:
            raise Refused("SyntaxError: " + str(error.msg), error.lineno)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                self.imported.update(one.name.split(".")[0] for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                self.imported.add(node.module.split(".")[0])
        own = os.path.splitext(os.path.basename(path))[0]
        if own in self.imported:
            raise Refused("the file is named %s, and so hides the module %s that it imports: give it another name" % (os.path.basename(path), own))

    def of_notebook(self, text, last):
        """The code cells in order, up to `last`; commands of the notebook become empty lines."""
        try:
            cells = json.loads(text)["cells"]
        except (ValueError, KeyError, TypeError):
            raise Refused("no notebook: it is no JSON with cells")
        lines, number = [], 0
        for cell in cells:
            if cell.get("cell_type") != "code":
                continue
            number += 1
            if last is not None and number > last:
                break
            body = cell.get("source", "")
            body = (body if isinstance(body, str) else "".join(body)).split("\n")
            if body[0].lstrip().startswith("%%"):
                # `%%time` measures what stands below it; `%%bash` is no Python.
                kept = body[0].split()[0] in ("%%time", "%%timeit", "%%capture")
                body = [""] + (body[1:] if kept else [""] * (len(body) - 1))
            self.cells.append((len(lines) + 1, number))
            lines.extend(self.without_commands(body))
        if last is not None and number < last:
            raise Refused("the notebook has %d code cells: --cell %d is none of them" % (number, last))
        return "\n".join(lines)

    @staticmethod
    def without_commands(body):
        kept = []
        for line in body:
            bare = line.lstrip()
            command = bare.startswith(("!", "%")) or bare.endswith("?") and not bare.startswith("#")
            kept.append(line[:len(line) - len(bare)] + "pass" if command else line)
        return kept

    def prepare(self):
        """Imports NumPy where the file does, while nobody asks: its own import finds it there. What hides NumPy is found as ever."""
        own = os.path.join(os.path.dirname(os.path.abspath(self.path)), "numpy")
        if "numpy" in self.imported and not os.path.exists(own) and not os.path.exists(own + ".py"):
            try:
                __import__("numpy")
            except BaseException:  # the file's import says what is wrong
                pass

    def place(self, line):
        """Line of the file, or cell and line of the notebook."""
        if line is None or not self.cells:
            return {"line": line}
        start, cell = [one for one in self.cells if one[0] <= line][-1]
        return {"line": line - start + 1, "cell": cell}

    def new_module(self, name):
        module = types.ModuleType(name)
        module.__file__ = self.path
        sys.modules[name] = module
        folder = os.path.dirname(os.path.abspath(self.path))
        if folder not in sys.path:
            sys.path.insert(0, folder)
        return module

    def run(self, tree, name):
        import linecache
        linecache.cache[self.path] = (len(self.source), None, self.source.splitlines(True), self.path)
        self.module = self.new_module(name)
        code = compile(tree, self.path, "exec")
        try:
            exec(code, self.module.__dict__)
        except SystemExit:
            pass

    def failure(self, error):
        """What the person's code threw, with the last of their lines on the way there."""
        line, step = None, error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == self.path:
                line = step.tb_lineno
            step = step.tb_next
        text = str(error).split("\n")[0]
        said = type(error).__name__ + (": " + text if text else "")
        lines = self.source.split("\n")
        answer = {"message": said, **self.place(line)}
        if line is not None and 0 < line <= len(lines):
            answer["text"] = lines[line - 1].strip()
        return answer


submission = Submission()


# -- what a file defines -----------------------------------------------------------------------------------------------------------

def names_of_return(function):
    """The names on the last `return` of a function: those of a tuple, or of one value."""
    found = None
    stack = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Return) and node.value is not None and (found is None or node.lineno > found.lineno):
            found = node
        stack.extend(ast.iter_child_nodes(node))
    if found is None:
        return []
    values = found.value.elts if isinstance(found.value, (ast.Tuple, ast.List)) else [found.value]
    return [name_of(value) or "" for value in values]


def name_of(node):
    """`dW1`, `self.dW1`, `grads["dW1"]`, `dW[1]`: the name that a place goes by."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return name_of(node.value) + ".grad" if node.attr == "grad" and name_of(node.value) else node.attr
    if isinstance(node, ast.Subscript):
        key = node.slice.value if type(node.slice).__name__ == "Index" else node.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
        base = name_of(node.value)
        if base and isinstance(key, ast.Constant) and isinstance(key.value, int):
            return "%s[%d]" % (base, key.value)
        return base
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return name_of(node.func.value)
    return None


def described(function):
    arguments = function.args
    named = list(getattr(arguments, "posonlyargs", [])) + list(arguments.args)
    needed = len(named) - len(arguments.defaults)
    parameters = [{"name": one.arg, "optional": index >= needed} for index, one in enumerate(named)]
    parameters += [{"name": one.arg, "optional": default is not None} for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    return {"name": function.name, "parameters": parameters, "returns": names_of_return(function), "line": function.lineno}


def describe():
    functions, classes = [], []
    for node in submission.tree.body:
        if isinstance(node, ast.FunctionDef):
            functions.append(described(node))
        elif isinstance(node, ast.ClassDef):
            methods = [described(one) for one in node.body if isinstance(one, ast.FunctionDef)]
            classes.append({"name": node.name, "methods": methods, "line": node.lineno})
    assigned = []
    for node in ast.walk(submission.tree):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For)) else []
        for target in targets:
            for one in flat(target):
                name = name_of(one)
                if name is not None and name not in assigned:
                    assigned.append(name)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assigned.extend(one.arg for one in node.args.args + node.args.kwonlyargs if one.arg != "self" and one.arg not in assigned)
    backward = any(is_call(node, "backward") for node in ast.walk(submission.tree))
    return {"functions": functions, "classes": classes, "assigned": assigned, "imports": sorted(submission.imported), "backward": backward}


def flat(target):
    if isinstance(target, (ast.Tuple, ast.List)):
        return [one for entry in target.elts for one in flat(entry)]
    return [target.value] if isinstance(target, ast.Starred) else [target]


def is_call(node, method):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method


# -- calls -------------------------------------------------------------------------------------------------------------------------

def function_of(request):
    """The function of a request: one of the module, or a method of a new object of a class whose attributes are set."""
    name = request["function"]
    if request.get("class") is None:
        return getattr(submission.module, name)
    kind = getattr(submission.module, request["class"])
    made = kind(*decoded(request["constructor"]))
    for attribute, value in request["attributes"]["record"]:
        setattr(made, attribute, decoded(value))
    return getattr(made, name)


def call(request):
    function = function_of(request)
    given = {key: decoded(value) for key, value in request["arguments"]["record"]}
    before = {key: encoded(value) for key, value in given.items()}
    value = function(**given)
    changed = [key for key, one in given.items() if encoded(one) != before[key]]
    return {"value": encoded(value), "changed": changed}


def attributes(request):
    """The attributes that a new object of a class has: what may be set before a call."""
    made = getattr(submission.module, request["class"])(*decoded(request["constructor"]))
    return {"attributes": encoded(getattr(made, "__dict__", {}))}


# -- scripts -----------------------------------------------------------------------------------------------------------------------

class Done(BaseException):
    """The pass that was asked for is over: the rest of the script need not run."""


class Recorder:
    """Copies what one pass of a script computes: everything else where the first gradient is assigned, gradients until parameters move."""

    def __init__(self, wanted, gradients, data, which):
        self.moves = False
        self.wanted, self.gradients, self.data, self.which = set(wanted), set(gradients), data, which
        self.passes, self.first, self.before_, self.found = 0, None, {}, {}
        self.at = {"first": None, "last": None}
        self.stepped = False

    def visible(self, scope):
        """What the code at this place sees by the names that are wanted: locals, globals, and the attributes of `self`."""
        seen = {}
        # A batch that a function is given stands before the whole of the data that the module has.
        near = [group for group in self.data if scope is not vars(submission.module) and any(name in scope for name in group)]
        hidden = {name for group in near for name in group if name not in scope}
        for names in (vars(submission.module), getattr(scope.get("self"), "__dict__", {}), scope):
            for name, value in names.items():
                if name in self.wanted and name not in hidden:
                    seen[name] = value
        # Parameters may lie in an object: `net.W1`, or a dataclass.
        for names in (scope, vars(submission.module)):
            for value in list(names.values()):
                if type(value).__module__ in (submission.module.__name__, "types"):
                    for name, inner in getattr(value, "__dict__", {}).items():
                        if name in self.wanted:
                            seen.setdefault(name, inner)
        torch = sys.modules.get("torch")
        if torch is not None:
            for names in (vars(submission.module), scope):
                for value in list(names.values()):
                    if isinstance(value, torch.nn.Module):
                        seen.update(parameters_of(value))
        return seen

    def before(self, name, line, plain, scope):
        """A gradient is about to be assigned; its first place, reached again, begins another pass."""
        # A function may be called for each layer of one pass: where parameters move at all, only that ends it.
        again = self.first == (name, line) and len(self.found) > 1 and not self.moves or self.stepped and (self.first == (name, line) or name in self.found)
        if again and plain:
            self.end()
        if self.first is None:
            self.first = (name, line)
            self.at["first"] = line
            seen = self.visible(scope)
            self.before_ = {key: copied(value) for key, value in seen.items() if key not in self.gradients and not key.endswith(".grad")}

    def after(self, name, line, scope, value):
        if isinstance(value, int) and not self.found:
            # `D = 2` is a size and no gradient: nothing has begun.
            self.first = None
            return
        self.found[name] = copied(value)
        self.at["last"] = line

    def graded(self, line, scope):
        """`loss.backward()`: the gradients lie beside the parameters."""
        self.before("backward", line, True, scope)
        for key, value in self.visible(scope).items():
            if key.endswith(".grad"):
                self.found[key] = copied(value)
            elif getattr(value, "is_leaf", True) and getattr(value, "grad", None) is not None:
                self.found[key + ".grad"] = copied(value.grad)
        self.at["last"] = line

    def complete(self):
        """At the end of a script that has no step: parameters and data may have got their names behind the gradients."""
        if self.found and not self.stepped:
            for key, value in self.visible(vars(submission.module)).items():
                if key not in self.before_ and key not in self.found and key not in self.gradients and not key.endswith(".grad"):
                    self.before_[key] = copied(value)

    def moved(self, last=True):
        """Parameters are about to move: gradients belong to those before, but for such as are computed behind, by a slip or not."""
        if self.found and last:
            self.end()
        self.stepped = bool(self.found)

    def end(self):
        self.passes += 1
        if self.passes == self.which:
            raise Done()
        self.first, self.before_, self.found, self.stepped = None, {}, {}, False


class Marks(ast.NodeTransformer):
    """Puts the recorder's calls around each assignment of a gradient, and before each of a parameter."""

    def __init__(self, gradients, parameters, tree):
        self.gradients, self.parameters = set(gradients), set(parameters)
        self.bodies, self.adds, self.moves = [], False, False
        self.of_body(tree, None)
        #: The line of the first gradient: parameters that are assigned before are only made.
        self.earliest = min((line for body in self.bodies for line in body["lines"]), default=0)

    def of_body(self, node, body):
        """Notes for each loop and function which lines of it assign gradients; a function's are its own."""
        inner = body
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.For, ast.While)):
            inner = {"from": getattr(node, "lineno", 0), "to": getattr(node, "end_lineno", 10 ** 9), "lines": []}
            inner["around"] = body if isinstance(node, (ast.For, ast.While)) else None
            self.bodies.append(inner)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else []
        if any({name_of(one), base_of(one)} & self.gradients for target in targets for one in flat(target)):
            around = inner
            while around is not None:
                around["lines"].append(node.lineno)
                around = around["around"]
        for part in ast.iter_child_nodes(node):
            self.of_body(part, inner)

    def is_last(self, line):
        """Whether the innermost loop or function around a line assigns no gradient behind it."""
        body = max((one for one in self.bodies if one["from"] <= line <= one["to"]), key=lambda one: one["from"])
        return all(other <= line for other in body["lines"])

    def around(self, node, targets, plain):
        before, after = [], []
        for target in targets:
            name, base = name_of(target), base_of(target)
            if name not in self.gradients and base in self.gradients:
                # `dW2[0][j] += …` is a part of dW2.
                name = base
            if name in self.gradients:
                whole = ast.unparse(whole_of(target, name))
                before.append("__chainrule__.before(%r, %d, %r, locals())" % (name, node.lineno, plain))
                after.append("__chainrule__.after(%r, %d, locals(), %s)" % (name, node.lineno, whole))
            elif self.is_step(node, target) and (name in self.parameters or base_of(target) in self.parameters or isinstance(target, ast.Attribute) and target.attr == "data"):
                before.append("__chainrule__.moved(%r)" % self.is_last(node.lineno))
                self.moves = self.moves or node.lineno > self.earliest
                self.adds = self.adds or is_added(node, target)
        return [*self.statements(before, node), node, *self.statements(after, node)]

    def is_step(self, node, target):
        """A step reads what it changes, or a gradient: `A_prev, W, b = cache` is none."""
        if isinstance(node, ast.AugAssign):
            return True
        read = [part for part in ast.walk(node.value) if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript))]
        names = {name_of(part) for part in read} | {base_of(part) for part in read}
        return base_of(target) in names or name_of(target) in names or bool(names & self.gradients)

    @staticmethod
    def statements(texts, like):
        made = [ast.parse(text).body[0] for text in dict.fromkeys(texts)]
        for one in made:
            for part in ast.walk(one):
                ast.copy_location(part, like)
        return made

    def visit_Assign(self, node):
        return self.around(node, [one for target in node.targets for one in flat(target)], True)

    def visit_AugAssign(self, node):
        return self.around(node, [node.target], False)

    def visit_AnnAssign(self, node):
        return self.around(node, [node.target], True) if node.value is not None else node

    def visit_Expr(self, node):
        if is_call(node.value, "backward"):
            return [node, *self.statements(["__chainrule__.graded(%d, locals())" % node.lineno], node)]
        if is_call(node.value, "step") or is_call(node.value, "zero_grad") or is_call(node.value, "sub_") or is_call(node.value, "add_"):
            self.moves = True
            return [*self.statements(["__chainrule__.moved()"], node), node]
        return node


def is_added(node, target):
    """`W += …` and `W = W + …`: the step adds what was computed; a minus before it, or a number below 0, takes it off."""
    if isinstance(node, ast.AugAssign):
        change = node.value if isinstance(node.op, ast.Add) else None
    else:
        value = getattr(node, "value", None)
        own = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and ast.dump(value.left) == ast.dump(whole_of(target, None))
        change = value.right if own else None
    while isinstance(change, ast.BinOp) and isinstance(change.op, (ast.Mult, ast.Div, ast.MatMult)):
        change = change.left
    return change is not None and not isinstance(change, ast.UnaryOp)


def base_of(target):
    """W1 of W1[0][i]."""
    while isinstance(target, ast.Subscript):
        target = target.value
    return name_of(target)


def whole_of(target, name):
    """The array that an assignment to a part of it changes: dW of dW[:, 0] = …; grads["dW1"] is one by itself."""
    while isinstance(target, ast.Subscript) and (name_of(target.value) == name or base_of(target) == name):
        target = target.value
    loaded = copy.deepcopy(target)
    for part in ast.walk(loaded):
        if hasattr(part, "ctx"):
            part.ctx = ast.Load()
    return loaded


def script(request):
    """Runs the file as a script and gives what one pass of it computed."""
    if not hasattr(ast, "unparse"):
        raise Refused("Python %d.%d cannot follow a script: Python 3.9 or newer can" % sys.version_info[:2])
    recorder = Recorder(request["wanted"], request["gradients"], request["data"], request["pass"])
    marks = Marks(request["gradients"], request["parameters"], submission.tree)
    tree = ast.fix_missing_locations(marks.visit(copy.deepcopy(submission.tree)))
    recorder.moves = marks.moves
    import builtins
    builtins.__chainrule__ = recorder
    # Objects of the script are pickled, inspected and looked up by the name of the main module.
    sys.argv = [submission.path]
    stopped = None
    try:
        submission.run(tree, "__main__")
    except Done:
        pass
    except Exception as error:
        # What it computed before that is there; what it lacks the check will say.
        if recorder.passes + 1 < request["pass"] or not recorder.found:
            raise
        stopped = submission.failure(error)
        recorder.passes += 1
    else:
        recorder.passes += 1 if recorder.found else 0
        recorder.complete()
        if recorder.passes < request["pass"]:
            return {"passes": recorder.passes, "values": encoded({}), "found": encoded({}), "at": None, "stopped": None}
    at = {key: submission.place(line) for key, line in recorder.at.items()}
    return {"passes": recorder.passes, "values": encoded(recorder.before_), "found": encoded(recorder.found), "at": at, "stopped": stopped, "adds": marks.adds}


# -- requests ----------------------------------------------------------------------------------------------------------------------

def answer(request):
    what = request["do"]
    if what == "read":
        submission.read(request["path"], request.get("cell"))
        return describe()
    if what == "load":
        submission.run(submission.tree, "submission")
        values = {name: vars(submission.module)[name] for name in request["wanted"] if name in vars(submission.module)}
        return {"values": encoded(values)}
    if what == "attributes":
        return attributes(request)
    if what == "call":
        return call(request)
    if what == "script":
        return script(request)
    raise Refused("unknown request " + what)


def printed():
    """Sends out what was printed, where it can."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def main():
    write, dumps, loads = answers.write, json.dumps, json.loads
    write('{"ready": true}\n')
    answers.flush()
    for line in requests:
        request = loads(line)
        try:
            said = {"ok": answer(request)}
        except Refused as refused:
            said = {"error": {"message": str(refused), **submission.place(refused.line)}}
        except BaseException as error:  # what the person's code throws is theirs, Ctrl-C of a group included
            said = {"error": submission.failure(error)}
        printed()
        said["id"] = request["id"]
        write(dumps(said) + "\n")
        answers.flush()
        if request["do"] == "read":
            submission.prepare()
    os._exit(0)


main()
