/** Scripts of Python, notebooks and scripts of Octave: the arrays of one pass, and what is said where there is none. */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SourceError, type Given, type NumberArray, type Source } from "../../../src/handcheck/intake/given.ts";
import { assignedIn, marked } from "../../../src/handcheck/intake/sources/octave/marks.ts";
import { readOctave } from "../../../src/handcheck/intake/sources/octave/octave.ts";
import { pythons } from "../../../src/handcheck/intake/sources/process/interpreter.ts";
import { PythonFile, type PythonOptions } from "../../../src/handcheck/intake/sources/python/python.ts";
import { packedNumbers } from "../../../src/handcheck/intake/sources/python/values.ts";
import { anyPython, hasOctave, pythonWithNumPy } from "./programs.ts";

const submissions = fileURLToPath(new URL("submissions/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "chain rule scripts "));
/** No limit of time decides: what never ends has one of its own. */
const patient = { milliseconds: 1_000_000, memory: 100_000, tell: () => undefined };

async function opened<T>(
  file: string,
  use: (python: PythonFile) => Promise<T>,
  options: Partial<PythonOptions> = {},
): Promise<T> {
  const python = await PythonFile.open(file, {
    python: pythonWithNumPy ?? anyPython,
    pass: 1,
    cell: null,
    ...patient,
    ...options,
  });
  try {
    return await use(python);
  } finally {
    await python.end();
  }
}

const script = (name: string, options: Partial<PythonOptions> = {}): Promise<Source> =>
  opened(join(submissions, name), (python) => python.script(), options);

let count = 0;
/** A script of these lines. */
function written(text: string, ending = "py"): string {
  const file = join(folder, `script${count++}.${ending}`);
  writeFileSync(file, text);
  return file;
}

const scriptOf = (text: string, options: Partial<PythonOptions> = {}, ending = "py"): Promise<Source> =>
  opened(written(text, ending), (python) => python.script(), options);

const shapesOf = ({ values }: Source): Record<string, string> => {
  const show = (value: Given): string =>
    typeof value !== "object" || value === null
      ? String(value)
      : value.kind === "numbers"
        ? value.shape.join("×")
        : value.kind === "list"
          ? `(${value.entries.map(show).join(" ")})`
          : `{${[...value.entries].map(([name, entry]) => `${name} ${show(entry)}`).join(" ")}}`;
  return Object.fromEntries([...values.entries].map(([name, value]) => [name, show(value)]));
};

const dataOf = ({ values }: Source, name: string): number[] => [...(values.entries.get(name) as NumberArray).data];

const failure = async (making: Promise<unknown>): Promise<string> => {
  const thrown: unknown = await making.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof SourceError)) throw thrown instanceof Error ? thrown : new Error("nothing was thrown");
  return `${thrown.place === null ? "" : `line ${thrown.place.line}: `}${thrown.message}`;
};

describe.skipIf(pythonWithNumPy === null).concurrent("a script of Python with NumPy", () => {
  it("gives the arrays of one pass, before the step in place reaches them", async () => {
    const source = await script("loop.py");
    expect(shapesOf(source)).toEqual({
      X: "6×2",
      y: "6×1",
      W1: "2×3",
      b1: "1×3",
      W2: "3×1",
      b2: "1×1",
      a1: "6×3",
      a2: "6×1",
      delta2: "6×1",
      dW2: "3×1",
      db2: "1×1",
      delta1: "6×3",
      dW1: "2×3",
      db1: "1×3",
    });
    // The first pass has biases of 0; the second moved them against the gradient of the first.
    expect(dataOf(source, "b1")).toEqual([0, 0, 0]);
    const second = await script("loop.py", { pass: 2 });
    expect(dataOf(second, "b1")).toEqual(dataOf(source, "db1").map((g) => 0 - 0.1 * g));
    expect(source.notes.map(({ en }) => en)).toEqual([
      "the arrays of pass 1: parameters and data as they were before line 8, gradients behind line 12",
    ]);
  });

  it("may have δ alone, and a step that adds", async () => {
    expect(shapesOf(await script("trask.py"))).toEqual({
      X: "4×3",
      y: "4×1",
      syn0: "3×4",
      syn1: "4×1",
      l0: "4×3",
      l1: "4×4",
      l2: "4×1",
      l2_delta: "4×1",
      l1_delta: "4×4",
    });
  });

  it("may keep everything in dictionaries and compute in functions", async () => {
    const shapes = shapesOf(await script("coursera.py"));
    expect(shapes).toMatchObject({
      X: "2×6",
      Y: "1×6",
      parameters: "{W1 4×2 b1 4×1 W2 1×4 b2 1×1}",
      dW1: "4×2",
      db1: "4×1",
      dW2: "1×4",
      db2: "1×1",
      dZ2: "1×6",
    });
  });

  it("in mini-batches gives the batch that the pass used, and what an object holds", async () => {
    const source = await script("batches.py");
    expect(shapesOf(source)).toMatchObject({ X_batch: "8×3", y_batch: "8×1", W1: "3×5", dW1: "3×5", a1: "8×5" });
    expect([...source.values.entries.keys()]).not.toContain("X");
    expect(dataOf(source, "dW1").some((g) => g !== 0)).toBe(true);
  });

  it("is a notebook, its commands left out; what stops it later is said", async () => {
    const source = await script("notebook.ipynb");
    expect(shapesOf(source)).toMatchObject({ x: "1×2", t: "1×1", W1: "1×2", dW1: "1×2" });
    expect(source.notes.map(({ en }) => en)).toEqual([
      "the arrays of pass 1: parameters and data as they were before cell 2, line 5, gradients behind cell 2, line 7",
      "the script then stopped at cell 3, line 1: ZeroDivisionError: division by zero",
    ]);
    expect((await script("notebook.ipynb", { cell: 2 })).notes).toHaveLength(1);
    expect(await failure(script("notebook.ipynb", { cell: 9 }))).toBe(
      "the notebook has 3 code cells: --cell 9 is none of them",
    );
  });

  it("calls a function by the names of its parameters, and hears what it changes", async () => {
    await opened(join(submissions, "function.py"), async (python) => {
      expect(python.text.functions.at(-1)).toMatchObject({ name: "backward", returns: ["dW1", "db1", "dW2", "db2"] });
      await python.load([]);
      const given = (shape: number[]) =>
        packedNumbers(
          shape,
          Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => 0.1 * i),
        );
      const call = {
        function: "backward",
        arguments: {
          record: [
            ["X", given([5, 2])],
            ["y", given([5, 1])],
            ["W1", given([2, 3])],
            ["b1", given([3])],
            ["W2", given([3, 1])],
            ["b2", given([1])],
          ] as const,
        },
      };
      const { value, changed } = await python.call(call);
      expect(changed).toEqual([]);
      expect(
        shapesOf({ name: "", values: { kind: "record", entries: new Map([["value", value]]) }, notes: [] }),
      ).toEqual({ value: "(2×3 3 3×1 1)" });
      expect(await failure(python.call({ ...call, arguments: { record: [] } }))).toMatch(
        /^TypeError: backward\(\) missing 6 required positional arguments/,
      );
    });
  });

  it("calls the method of a class with lists by layer", async () => {
    await opened(join(submissions, "nielsen.py"), async (python) => {
      await python.load([]);
      const sizes = { list: [{ list: [2, 3, 1].map((n) => packedNumbers([], [n], "int")) }] };
      expect(shapesOf({ name: "", values: await python.attributes("Network", sizes), notes: [] })).toMatchObject({
        biases: "(3×1 1×1)",
        weights: "(3×2 1×3)",
      });
      const { value } = await python.call({
        class: "Network",
        constructor_: sizes,
        function: "backprop",
        arguments: {
          record: [
            ["x", packedNumbers([2, 1], [1, 2])],
            ["y", packedNumbers([1, 1], [1])],
          ],
        },
      });
      expect(
        shapesOf({ name: "", values: { kind: "record", entries: new Map([["value", value]]) }, notes: [] }),
      ).toEqual({ value: "((3×1 1×1) (3×2 1×3))" });
    });
  });
});

describe.skipIf(anyPython === null).concurrent("a script of Python", () => {
  it("needs no NumPy: lists are arrays", async () => {
    const source = await script("lists.py", { python: anyPython });
    expect(shapesOf(source)).toMatchObject({ W1: "1×2", dW1: "1×2", delta1: "1×1" });
    expect(dataOf(source, "W1")).toEqual([0.5, -0.5]);
  });

  it("prints where the report is not, and has nothing to read", async () => {
    let said = "";
    await scriptOf("print('hello')\nimport os\nos.system('echo from a program')\ndW1 = [1.0]", {
      tell: (text) => void (said += text),
    });
    expect(
      said
        .split(/\r?\n/)
        .filter((line) => line !== "")
        .sort(),
    ).toEqual(["from a program", "hello"]);
    expect(await failure(scriptOf("x = input()\ndW1 = [1.0]"))).toBe("line 1: EOFError: EOF when reading a line");
  });

  it("that closes or redirects what it prints to is answered all the same", async () => {
    for (const line of ["os.close(2)", "os.dup2(os.open(os.devnull, os.O_WRONLY), 2)", "sys.stderr = None"]) {
      expect(dataOf(await scriptOf(`import os, sys\n${line}\ndW1 = [1.0]`), "dW1")).toEqual([1]);
    }
  });

  it("has gradients that are computed when parameters have begun to move, and names that only look like theirs", async () => {
    const source = await scriptOf(
      "D = 2\nW1, W2 = [2.0], [4.0]\nfor i in range(2):\n    dW2 = [1.0]\n    W2 = [W2[0] - dW2[0]]\n    V, W = [0.0], W1\n    dW1 = [W2[0]]\n    W1 = [W1[0] - dW1[0]]",
    );
    expect([shapesOf(source), dataOf(source, "W2"), dataOf(source, "dW1")]).toEqual([
      { W1: "1", W2: "1", dW2: "1", dW1: "1" },
      [4],
      [3],
    ]);
  });

  it("stands in its own folder, as itself", async () => {
    writeFileSync(join(folder, "beside.py"), "value = 3.0");
    const source = await scriptOf(
      "import beside, os, sys\nassert os.getcwd() == os.path.dirname(os.path.abspath(__file__))\nif __name__ == '__main__':\n    dW1 = [beside.value, len(sys.argv)]\nsys.exit(1)",
    );
    expect(dataOf(source, "dW1")).toEqual([3, 1]);
  });

  it.each([
    ["dW1 = [1.0", /^line 1: SyntaxError: /],
    ["x = 1", /^the script assigns no gradient by a name that is known$/],
    ["def f():\n    dW1 = [2.0]", /^no gradient was assigned while the script ran$/],
    ["a = 1\ndW1 = undefined", /^line 2: NameError: name 'undefined' is not defined$/],
    ["def g():\n    raise ValueError('no\\nmore')\ndW1 = g()", /^line 2: ValueError: no$/],
    ["import os\ndW1 = [1.0]\nos._exit(3)", /^it ends the process with status 3$/],
    [
      "W1 = [2.0]\nfor i in range(2):\n    dW1 = [1.0]\n    W1 = [w - g for w, g in zip(W1, dW1)]",
      /^the script has 2 passes: pass 5 is none of them$/,
      5,
    ],
  ])("%j is refused by name", async (text, said, pass = 1) => {
    expect(await failure(scriptOf(text, { pass }))).toMatch(said);
  });

  it("that never ends is ended, with all that it has started", async () => {
    const text =
      "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'])\nwhile True:\n    pass\ndW1 = [1.0]";
    expect(await failure(scriptOf(text, { milliseconds: 300 }))).toBe("it takes more than 0.3 s");
    expect(await failure(scriptOf("import time\ntime.sleep(1000)\ndW1 = [1.0]", { milliseconds: 100 }))).toBe(
      "it takes more than 0.1 s",
    );
  });

  it("that writes into the answers forges none", async () => {
    const text =
      "import os\nfor fd in range(3, 12):\n    try:\n        os.write(fd, b'no answer\\n')\n    except OSError:\n        pass\ndW1 = [1.0]";
    expect(await failure(scriptOf(text))).toBe("it writes into what is not its own: print to standard output");
  });
});

describe("Python", () => {
  it("is looked for where it was named, in the environment, on the system", () => {
    const of = (named: string | null, env: NodeJS.ProcessEnv = {}) =>
      pythons(named, env).map(({ command, words }) => [command, ...words].join(" "));
    expect(of("/opt/python")).toEqual(["/opt/python"]);
    expect(of(null)).toEqual(["python3", "python", "py -3"]);
    expect(of(null, { VIRTUAL_ENV: "/nowhere" })).toEqual(["python3", "python", "py -3"]);
  });

  it("that is not there is said", async () => {
    expect(
      await failure(
        PythonFile.open(join(submissions, "lists.py"), { python: "/nowhere/python", pass: 1, cell: null, ...patient }),
      ),
    ).toBe("/nowhere/python cannot be started");
  });
});

describe("a script of Octave", () => {
  it("is marked where gradients and parameters are assigned, line by line", () => {
    const text =
      "x = [1 2]; W1 = [0.5 % a remark; dW1 = 3\n  0.5];\n%{\ndW1 = 9\n%}\ndW1 = 'a%b'; s.dW2(:, 1) = x';\n[db1, W1] = f(x, ...\n  2);\nif dW1 == 1, end";
    expect(assignedIn(text)).toEqual(["x", "W1", "dW1", "s", "db1"]);
    const lines = marked(text, { gradients: ["dW1", "db1"], parameters: ["W1"] }).split("\n");
    expect(lines).toEqual([
      "1; chainrule_moved(); x = [1 2]; W1 = [0.5 ",
      "  0.5];",
      "%{",
      "dW1 = 9",
      "%}",
      'chainrule_before("dW1"); dW1 = \'a%b\'; s.dW2(:, 1) = x\'; chainrule_after("dW1");',
      'chainrule_before("db1"); chainrule_moved(); [db1, W1] = f(x, ...',
      '  2); chainrule_after("db1");',
      "if dW1 == 1, end",
      "",
    ]);
  });

  describe.skipIf(!hasOctave)("that is run", () => {
    const run = (file: string, pass = 1) => readOctave(file, { pass, ...patient });

    it("gives the arrays of one pass with every digit", async () => {
      const first = await run(join(submissions, "coursera.m"));
      expect(shapesOf(first)).toMatchObject({
        X: "3×2",
        y: "3×1",
        Theta1: "2×3",
        Theta2: "3",
        z2: "3×2",
        delta3: "3×1",
        delta2: "3×2",
        Theta1_grad: "2×3",
      });
      const second = await run(join(submissions, "coursera.m"), 2);
      expect(dataOf(second, "Theta1")).toEqual(
        dataOf(first, "Theta1").map((w, i) => w - 0.5 * dataOf(first, "Theta1_grad")[i]!),
      );
      expect(await failure(run(join(submissions, "coursera.m"), 9))).toBe("the script has no pass 9");
    });

    it("is said to be wrong at its line", async () => {
      expect(await failure(run(written("x = 1;\ndW1 = undefined_thing * 2;\n", "m")))).toBe(
        "line 2: 'undefined_thing' undefined",
      );
      expect(await failure(run(written("x = 1;\n", "m")))).toBe(
        "the script assigns no gradient by a name that is known",
      );
    });
  });
});
