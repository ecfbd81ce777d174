/**
 * Layouts are tried without a word to the judge between them, and what needs no Python is done while one imports its
 * modules.
 */

import { describe, expect, it } from "vitest";
import type { Programs } from "../../../src/cli/bridge.ts";
import { attemptsOf } from "../../../src/cli/python-attempts.ts";
import { checkPython, type PythonJob } from "../../../src/cli/python-work.ts";
import { Drawn, probeProblems } from "../../../src/handcheck/claims/generic.ts";
import { backprop } from "../../../src/handcheck/equations/index.ts";
import { fromCode } from "../../../src/handcheck/intake/sources/code.ts";
import { SourceError, type GivenRecord } from "../../../src/handcheck/intake/given.ts";
import type { Called, PythonCall, PythonText } from "../../../src/handcheck/intake/sources/python/python.ts";
import { unpackedRecord } from "../../../src/handcheck/intake/sources/python/values.ts";
import { isNumbers, plain, recordOf } from "../../../src/handcheck/intake/values.ts";
import { alike } from "../../../src/locales/words.ts";

const refusal = (what: string): SourceError => new SourceError(alike(what), null, { line: 3, column: 1 });

describe("layouts of a function of Python", () => {
  const call = (name: string): PythonCall => ({ function: name, arguments: { record: [] } });

  /** A function that answers by these names, as `file.call` is asked. */
  function answering(...names: readonly string[]) {
    const asked: string[] = [];
    return {
      asked,
      file: {
        call: ({ function: name }: PythonCall): Promise<Called> => {
          asked.push(name);
          if (!names.includes(name)) return Promise.reject(refusal(name));
          return Promise.resolve({ value: name, changed: [] });
        },
      },
    };
  }

  it("are tried up to the first in which all calls are answered", async () => {
    const { file, asked } = answering("b", "d", "e", "f");
    const tried = await attemptsOf(file, [[call("a")], [call("b"), call("c")], [call("d"), call("e")], [call("f")]]);
    const refused = (what: string) => ({
      refused: { says: alike(what), advises: alike(""), place: { line: 3, column: 1 } },
    });
    expect(tried).toEqual([
      refused("a"),
      refused("c"),
      {
        called: [
          { value: "d", changed: [] },
          { value: "e", changed: [] },
        ],
      },
    ]);
    expect(asked).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("end with what is no refusal", async () => {
    const file = { call: () => Promise.reject(new TypeError("ours")) };
    await expect(attemptsOf(file, [[call("a")], [call("b")]])).rejects.toThrow("ours");
  });
});

describe("the numbers of a check", () => {
  const networks = [
    { sizes: [2, 3, 1], activations: ["tanh", "sigmoid"], cost: "quadratic" },
    { sizes: [2, 3, 1], activations: ["relu", "sigmoid"], cost: "crossEntropy", unbiased: [1] },
    { sizes: [3, 4], activations: ["softmax"], cost: "categoricalCrossEntropy", classes: true },
    { sizes: [3, 4], activations: ["softmax"], cost: "categoricalCrossEntropy" },
    { sizes: [3, 2], activations: ["linear"], cost: "hinge" },
  ] as const;

  it("are what is drawn for one call alone, and drawn once", () => {
    const drawn = new Drawn();
    for (const seed of [0, 7])
      for (const known of networks)
        for (const samples of [5, 7, 1]) {
          const problem = drawn.problems(known, seed)(samples);
          expect(problem).toEqual(probeProblems(known, seed)(samples));
          expect(drawn.problems({ ...known }, seed)(samples)).toBe(problem);
        }
  });

  it("do for several costs of the same targets", () => {
    const drawn = new Drawn();
    const [known] = networks;
    const one = drawn.problems(known, 0)(5);
    const other = drawn.problems({ ...known, cost: "crossEntropy" }, 0)(5);
    expect([one.cost, other.cost]).toEqual(["quadratic", "crossEntropy"]);
    expect(other.W).toBe(one.W);
  });
});

describe("a function of Python that takes W out × in, samples in rows, b flat or as a row", () => {
  const text: PythonText = {
    functions: [
      {
        name: "backward",
        parameters: ["X", "y", "W1", "b1", "W2", "b2"].map((name) => ({ name, optional: false })),
        returns: ["dW1", "db1", "dW2", "db2"],
        line: 3,
      },
    ],
    classes: [],
    assigned: ["dW1", "db1", "dW2", "db2"],
    imports: [],
    backward: false,
  };

  /** A backprop of 2-3-1, with σ′ of the hidden layer forgotten where there is a `slip`. */
  function answerTo({ arguments: given }: PythonCall, slip: boolean): Called {
    const { entries } = unpackedRecord(given);
    const [X, W1, b1] = [entries.get("X"), entries.get("W1"), entries.get("b1")];
    const fits =
      isNumbers(X) && isNumbers(W1) && isNumbers(b1) && X.shape.length === 2 && X.shape[1] === 2 && W1.shape[0] === 3;
    if (!fits || (b1.shape.length === 2 && b1.shape[0] !== 1)) throw refusal("shapes do not fit");
    const at = (name: string): number[][] => plain(entries.get(name)!) as number[][];
    const flat = (name: string): number[] => (plain(entries.get(name)!) as number[]).flat();
    const net = {
      weights: [at("W1"), at("W2")],
      biases: [flat("b1"), flat("b2")],
      activations: ["sigmoid", "sigmoid"] as const,
      cost: "quadratic" as const,
    };
    const [first, second] = backprop(net, at("X"), at("y")).layers;
    const gradW = slip ? first!.gradW.map((row) => row.map((g) => 3 * g)) : first!.gradW;
    return { value: fromCode([gradW, first!.gradB, second!.gradW, second!.gradB])!, changed: [] };
  }

  /** Judges it; gives what the judge asked, in order, and its verdict. */
  async function judged(slip: boolean) {
    const events: string[] = [];
    const answer = (name: string, request: unknown): unknown => {
      if (name === "open") return text;
      if (name === "load") return recordOf(new Map()) satisfies GivenRecord;
      if (name === "call") return answerTo(request as PythonCall, slip);
      if (name !== "attempts") throw refusal("no pass");
      const attempts: unknown[] = [];
      for (const [call] of request as readonly (readonly PythonCall[])[]) {
        try {
          return [...attempts, { called: [answerTo(call!, slip)] }];
        } catch (thrown) {
          const { says, advises, place } = thrown as SourceError;
          attempts.push({ refused: { says, advises, place } });
        }
      }
      return attempts;
    };
    const begin = (name: string, request: unknown) => {
      events.push(name);
      return () => {
        if (name === "open" || name === "load") events.push(`${name}ed`);
        return answer(name, request);
      };
    };
    const programs = { begin, ask: (name, request) => begin(name, request)() } as Partial<Programs> as Programs;
    const job: PythonJob = {
      file: "work.py",
      seed: null,
      function: null,
      hasNetwork: true,
      shown: false,
      surroundings: { command: fromCode({ sizes: [2, 3, 1], activations: "sigmoid" }) as GivenRecord },
      options: {
        convention: "auto",
        // Whoever draws numbers reads it.
        get seed() {
          if (["open", "load"].includes(events.at(-1)!)) events.push("drawn");
          return 0;
        },
      },
    };
    const found = await checkPython(programs, job, () => {
      throw refusal("no script");
    });
    return { events, verdict: "report" in found ? found.report.verdict : found.message };
  }

  /** The network is small, and the numbers of the check are there before Python has started. */
  const begun = ["open", "drawn", "opened", "load", "drawn", "loaded"];

  it("is called in all layouts up to the first that it takes by one question, with numbers drawn while Python starts", async () => {
    const { events, verdict } = await judged(false);
    expect(verdict).toBe("correct");
    expect(events).toEqual([...begun, "attempts", "call", "call", "call", "call"]);
  });

  it("with a slip is judged once where it gives the same, and asked twice more", async () => {
    const { events, verdict } = await judged(true);
    expect(verdict).toBe("mistake");
    const calls = events.filter((name) => name === "call");
    expect(events.filter((name) => name !== "call")).toEqual([...begun, "attempts", "attempts", "attempts", "script"]);
    expect(calls.length).toBe(5);
  });
});
