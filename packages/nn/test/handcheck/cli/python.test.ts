/**
 * Files of other languages through the command: scripts, functions, notebooks, arrays of NumPy, standard input,
 * templates.
 */

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hasOctave, pythonWithNumPy } from "../intake/programs.ts";
import { chainrule, newFolder, patient, put, runAside, spawned } from "./command.ts";

const folder = newFolder();
const submissions = fileURLToPath(new URL("../intake/submissions/", import.meta.url));
const printed = fileURLToPath(new URL("../intake/printed/", import.meta.url));

/** A submission with a part of it replaced, in the folder of this test. */
function changed(name: string, from: string, to: string, own: string): string {
  const text = readFileSync(join(submissions, name), "utf8");
  if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
  return put(
    folder,
    own,
    text.replace(from, () => to),
  );
}

interface Told {
  readonly verdict: string;
  readonly roots: readonly { readonly equation: string; readonly layer: number; readonly id: string }[];
  readonly readAs?: readonly { readonly en: string }[];
  readonly contract: readonly { readonly en: string }[];
}

/** What the command says of a file, as JSON. */
async function told(...words: readonly string[]): Promise<Told & { readonly status: number | null }> {
  const python = pythonWithNumPy === null ? [] : ["--python", pythonWithNumPy];
  const { status, stdout } = await chainrule(["check", ...words, ...python, ...patient, "--json"], {
    cwd: folder,
    run: runAside,
  });
  return { ...(JSON.parse(stdout) as Told), status };
}

const rootsOf = ({ roots }: Told): string[] => roots.map(({ equation, layer, id }) => `${equation}@${layer} ${id}`);

const readAs = ({ readAs: said = [] }: Told): string => said.map(({ en }) => en).join("; ");

describe.skipIf(pythonWithNumPy === null).concurrent("a file of Python with NumPy", () => {
  it("that trains in a loop is judged at its first pass", async () => {
    const right = await told(join(submissions, "loop.py"), "--net", "2-3-1:sigmoid");
    expect([right.status, right.verdict]).toEqual([0, "correct"]);
    expect(readAs(right)).toContain(
      "the arrays of pass 1: parameters and data as they were before line 8, gradients behind line 12",
    );
  });

  it("may have δ alone; what it prints is no part of the report", async () => {
    const trask = await spawned(
      [
        "check",
        join(submissions, "trask.py"),
        "--net",
        "3-4-1:sigmoid",
        "--python",
        pythonWithNumPy!,
        ...patient,
        "--json",
      ],
      { cwd: folder },
    );
    expect([trask.status, trask.stderr]).toEqual([0, "Error:0.4964100319027255\n"]);
    expect(readAs(JSON.parse(trask.stdout) as Told)).toContain("no biases were handed in");
  });

  it("with a slip is told its equation", async () => {
    const file = changed("loop.py", "delta2@W2.T*a1*(1-a1)", "delta2@W2.T", "forgotten.py");
    const wrong = await told(file, "--net", "2-3-1:sigmoid");
    expect([wrong.status, rootsOf(wrong)]).toEqual([1, ["BP2@1 B1"]]);
  });

  it("with a function is judged on numbers of the check's own, in the layout that the function takes", async () => {
    const right = await told(join(submissions, "function.py"), "--net", "2-3-1:sigmoid");
    expect(right.status).toBe(0);
    expect(readAs(right)).toContain(
      "the function backward, line 3; your function is called with W in × out, samples in rows, b flat",
    );
    const file = changed("function.py", "db1 = dZ1.mean(axis=0)", "db1 = dZ1.sum(axis=0)", "sums.py");
    const wrong = await told(file, "--net", "2-3-1:sigmoid");
    expect([wrong.status, rootsOf(wrong)]).toEqual([1, ["BP3@1 C1"]]);
  });

  it("with a class is judged sample by sample, and with dictionaries in columns", async () => {
    const nielsen = await told(join(submissions, "nielsen.py"), "--net", "2-3-1:sigmoid");
    expect([nielsen.status, nielsen.verdict]).toEqual([0, "correct"]);
    const file = changed("nielsen.py", "* sp\n", "* sigmoid(z)\n", "wrong_nielsen.py");
    const wrong = await told(file, "--net", "2-3-1:sigmoid", "--function", "Network.backprop");
    expect([wrong.status, wrong.roots.map(({ equation, layer }) => `${equation}@${layer}`)]).toEqual([1, ["BP2@1"]]);
    const coursera = await told(
      join(submissions, "coursera.py"),
      "--net",
      "2-4-1:tanh,sigmoid",
      "--cost",
      "crossEntropy",
    );
    expect([coursera.status, coursera.verdict]).toEqual([0, "correct"]);
  });

  it("may be a notebook; a wrong function, or one whose arguments nobody knows, is said by name", async () => {
    const notebook = await told(join(submissions, "notebook.ipynb"), "--net", "2-1:linear");
    expect([notebook.status, notebook.verdict]).toEqual([0, "correct"]);
    const none = await chainrule(
      [
        "check",
        join(submissions, "function.py"),
        "--net",
        "2-3-1",
        "--function",
        "backwards",
        "--python",
        pythonWithNumPy!,
        ...patient,
      ],
      { cwd: folder, run: runAside },
    );
    expect([none.status, none.stderr]).toEqual([
      64,
      "chainrule: the file has no function backwards; did you mean backward?\n  it has sigmoid, backward\n",
    ]);
    const odd = await told(
      put(folder, "odd.py", "def backward(X, y, W1, b1, state_of_mind):\n    return {}\n"),
      "--net",
      "2-1",
      "--function",
      "backward",
    );
    expect([odd.status, odd.contract[0]?.en]).toEqual([
      3,
      expect.stringContaining("what its parameter state_of_mind should be is not known"),
    ]);
  });

  it("that fails is told its line", async () => {
    const file = changed("function.py", "A2 = sigmoid(A1 @ W2 + b2)", "A2 = sigmoid(A1 @ W3 + b2)", "fails.py");
    const said = await told(file, "--net", "2-3-1:sigmoid");
    expect([said.status, said.contract[0]?.en]).toEqual([
      3,
      expect.stringMatching(/fails\.py:5.*NameError: name 'W3' is not defined/s),
    ]);
  });
});

describe.skipIf(!hasOctave)("a script of Octave", () => {
  it("is judged at its first pass", async () => {
    copyFileSync(
      fileURLToPath(new URL("../../../templates/with-octave.m", import.meta.url)),
      join(folder, "backprop.m"),
    );
    const right = await told("backprop.m", "--net", "2-3-1:sigmoid", "--cost", "crossEntropy");
    expect([right.status, right.verdict]).toEqual([0, "correct"]);
    const text = readFileSync(join(folder, "backprop.m"), "utf8");
    writeFileSync(join(folder, "wrong.m"), text.replace(".* a1 .* (1 - a1)", ""));
    const wrong = await told("wrong.m", "--net", "2-3-1:sigmoid", "--cost", "crossEntropy");
    expect([wrong.status, rootsOf(wrong)]).toEqual([1, ["BP2@1 B1"]]);
  });
});

/** A linear layer with everything that NumPy printed. */
const linear =
  "x = [[1. 2.]\n [3. 4.]]\nt = [[0.5]\n [1. ]]\nW1 = [[ 0.25 -0.5 ]]\nb1 = [0.1]\ndelta1 = [[-1.15]\n [-2.15]]\ndW1 = [[-3.8  -5.45]]\ndb1 = [-1.65]\n";

describe.concurrent("arrays", () => {
  it("may be printed, in a file or on standard input", async () => {
    const { status, stdout } = await chainrule(["check", put(folder, "printed.txt", linear), "--net", "2-1:linear"], {
      cwd: folder,
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining("Right: every equation that you gave holds")]);
    const wrong = await chainrule(
      [
        "check",
        put(folder, "wrong.txt", linear.replace("-3.8 ", "-7.6 ").replace("-5.45", "-10.9")),
        "--net",
        "2-1:linear",
      ],
      { cwd: folder },
    );
    expect([wrong.status, wrong.stdout]).toEqual([1, expect.stringContaining("BP4 at layer 1")]);
  });

  it("may come in tables, one for each", async () => {
    for (const [name, text] of [
      ["x", "1,2\n3,4"],
      ["t", "0.5\n1"],
      ["W1", "0.25,-0.5"],
      ["b1", "0.1"],
      ["dW1", "-3.8,-5.45"],
      ["db1", "-1.65"],
    ] as const)
      put(folder, `${name}.csv`, `${text}\n`);
    const files = ["x.csv", "t.csv", "W1.csv", "b1.csv", "dW1.csv", "db1.csv"];
    const { status, stdout } = await chainrule(["check", ...files, "--net", "2-1:linear"], { cwd: folder });
    expect([status, stdout]).toEqual([0, expect.stringContaining("Right")]);
    const twice = await chainrule(["check", "x.csv", "backprop.py"], { cwd: folder });
    expect([twice.status, twice.stderr]).toEqual([
      64,
      expect.stringContaining("one FILE at a time: x.csv, backprop.py"),
    ]);
  });

  it("of NumPy's files that say too little are told what is missing", async () => {
    copyFileSync(join(printed, "plain.npz"), join(folder, "plain.npz"));
    const { status, stdout } = await chainrule(["check", "plain.npz"], { cwd: folder });
    expect(status).toBe(3);
    expect(stdout).toMatch(/missing|lacks|needs/);
    copyFileSync(join(printed, "objects.npz"), join(folder, "objects.npz"));
    const objects = await chainrule(["check", "objects.npz"], { cwd: folder });
    expect([objects.status, objects.stdout.replaceAll(/\s+/g, " ")]).toEqual([
      3,
      expect.stringContaining("W: the array holds Python objects, which only Python can open"),
    ]);
  });

  it("may be strings of a JSON file", async () => {
    const file = put(
      folder,
      "strings.json",
      JSON.stringify({
        network: { sizes: [2, 1], activations: "linear" },
        data: { x: "[[1. 2.]\n [3. 4.]]", t: "tensor([[0.5000], [1.0000]])" },
        parameters: { W1: "[[ 0.25 -0.5 ]]", b1: "[0.1]" },
        hand: { dW1: "[[-3.8  -5.45]]" },
      }),
    );
    const { status, stdout } = await chainrule(["check", file], { cwd: folder });
    expect([status, stdout]).toEqual([0, expect.stringContaining("Right")]);
  });
});

describe("standard input", () => {
  it("is read where FILE is -", async () => {
    const { status, stdout } = await spawned(["check", "-", "--net", "2-1:linear"], { cwd: folder, input: linear });
    expect([status, stdout]).toEqual([0, expect.stringContaining("Right")]);
    const empty = await spawned(["check", "-", "--net", "2-1:linear"], { cwd: folder });
    expect([empty.status, empty.stdout]).toEqual([3, expect.stringContaining("standard input is empty")]);
  });
});

describe("init", () => {
  it("writes a file that is right, and never over another", async () => {
    const here = { cwd: newFolder() };
    const { status, stdout } = await chainrule(["init", "typescript", "mine.ts"], here);
    expect([status, stdout]).toEqual([
      0,
      "mine.ts is written. Put your own backprop into it, then:\n\n  chainrule check mine.ts\n",
    ]);
    expect(await chainrule(["init", "typescript", "mine.ts"], here)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("mine.ts is there already, and stays as it is") as string,
    });
    expect(await chainrule(["init", "nmpy"], here)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("there is no template nmpy; did you mean numpy?") as string,
    });
    expect(await chainrule(["init"], here)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("no kind of file") as string,
    });
  });

  it.skipIf(pythonWithNumPy === null)("for Python is right as it stands", async () => {
    const cwd = newFolder();
    for (const kind of ["numpy", "notebook"]) {
      const { stdout } = await chainrule(["init", kind], { cwd });
      const words = /chainrule (check .*)\n/.exec(stdout)![1]!.split(" ");
      const checked = await chainrule([...words, "--python", pythonWithNumPy!, ...patient], { cwd, run: runAside });
      expect([checked.status, checked.stdout, checked.stderr]).toEqual([
        0,
        expect.stringContaining("Right: every equation that you gave holds"),
        "",
      ]);
    }
  });
});
