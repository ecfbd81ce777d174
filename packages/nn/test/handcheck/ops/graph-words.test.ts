// Paths of a graph that carry nothing back are named from the final gradients alone; what has no name is said in words;
// numbers may be printed ones.
import { add, matmul, mul, sigmoid, sum, tanh, tensor, type Tensor } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { seed, sized } from "../../../../autograd/test/size.ts";
import { handcheckGraph } from "../../../src/handcheck/index.ts";
import {
  impliedGradients,
  trueGradients,
  valuesOf,
  type Graph,
  type Values,
} from "../../../src/handcheck/ops/graph/flows.ts";
import { nested, read } from "../../../src/handcheck/bounds/numbers.ts";
import { Random } from "../../../src/random.ts";

type M = number[][];

const T = (x: unknown): Tensor => x as Tensor;
const draw = (rows: number, cols: number, key: string): M => {
  const random = new Random("words").split(key);
  return Array.from({ length: rows }, () => Array.from(random.normalArray(cols)));
};
const each = (a: M, f: (v: number) => number): M => a.map((row) => row.map(f));
const STEPS = [1, 2, 3] as const;
const xs = STEPS.map((step) => draw(2, 3, `x${step}`));
const weights = tensor(draw(2, 4, "weights"));
const closing = (y: Tensor): Tensor => T(sum(T(mul(mul(y, y), weights))));

/** A recurrent network, its loss at each step. */
const rnn: Graph = ({ Wx, Wh, b }, tap) => {
  let [h, loss]: Tensor[] = [T(tensor(draw(2, 4, "h0"))), T(tensor(0))];
  STEPS.forEach((step, k) => {
    const net = tap(`net${step}`, T(add(add(matmul(tensor(xs[k]!), Wx!), matmul(h!, Wh!)), b!)));
    h = tap(`h${step}`, T(tanh(net)));
    loss = T(add(loss!, closing(h)));
  });
  return loss!;
};
const rnnInputs = { Wx: draw(3, 4, "Wx"), Wh: draw(4, 4, "Wh"), b: draw(1, 4, "b") };

/** A cell with gates, whose state goes two ways. */
const lstm: Graph = ({ Wf, Wi, Wu, bf, bi }, tap) => {
  let [h, c, loss]: Tensor[] = [T(tensor(draw(2, 4, "h0"))), T(tensor(draw(2, 4, "c0"))), T(tensor(0))];
  STEPS.forEach((step) => {
    const f = T(sigmoid(tap(`f${step}`, T(add(matmul(h!, Wf!), bf!)))));
    const i = T(sigmoid(tap(`i${step}`, T(add(matmul(h!, Wi!), bi!)))));
    c = tap(`c${step}`, T(add(mul(f, c!), mul(i, T(tanh(matmul(h!, Wu!)))))));
    h = tap(`h${step}`, T(tanh(c)));
    loss = T(add(loss!, closing(h)));
  });
  return loss!;
};
const lstmInputs = {
  Wf: draw(4, 4, "Wf"),
  Wi: draw(4, 4, "Wi"),
  Wu: draw(4, 4, "Wu"),
  bf: draw(1, 4, "bf"),
  bi: draw(1, 4, "bi"),
};

const numbersOf = (inputs: Readonly<Record<string, M>>): Values =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, read(value)!]));
const asHand = (values: Values): Record<string, M> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`d${name}`, nested(value) as M]));
const picked = (hand: Record<string, M>, inputs: object): Record<string, M> =>
  Object.fromEntries(Object.keys(inputs).map((name) => [`d${name}`, hand[`d${name}`]!]));

/** The gradients where some links carry nothing: what a person's loop gives who leaves them out. */
function broken(
  graph: Graph,
  inputs: Readonly<Record<string, M>>,
  lost: (from: string, to: string) => boolean,
): Record<string, M> {
  const values = numbersOf(inputs);
  const { taps } = valuesOf(graph, values);
  const none: Values = Object.fromEntries(
    Object.entries(taps).map(([name, { data, shape }]) => [name, { shape, data: data.map(() => 0) }]),
  );
  const total: Record<string, { data: Float64Array; shape: readonly number[] }> = {
    ...impliedGradients(graph, values, taps, none),
  };
  for (const to of Object.keys(taps).reverse()) {
    const back = impliedGradients(graph, values, taps, { ...none, [to]: total[to]! }, { own: false });
    for (const [from, part] of Object.entries(back)) {
      if (from !== to && !lost(from, to))
        total[from] = { shape: part.shape, data: part.data.map((x, i) => x + total[from]!.data[i]!) };
    }
  }
  return asHand(total);
}

const right = (graph: Graph, inputs: Readonly<Record<string, M>>): Record<string, M> => {
  const values = numbersOf(inputs);
  return asHand(trueGradients(graph, values, valuesOf(graph, values).taps));
};

describe("final gradients alone", () => {
  const cases: readonly (readonly [
    string,
    Graph,
    Readonly<Record<string, M>>,
    (from: string, to: string) => boolean,
    RegExp,
  ])[] = [
    [
      "nothing through time",
      rnn,
      rnnInputs,
      (from, to) => from.startsWith("h") && to.startsWith("net"),
      /nothing comes back through time, from net3 to h2 and from net2 to h1/,
    ],
    [
      "one step of it",
      rnn,
      rnnInputs,
      (from, to) => from === "h1" && to === "net2",
      /the path from net2 back to h1 is missing/,
    ],
    [
      "the last use of Wh alone",
      rnn,
      rnnInputs,
      (from, to) => from === "Wh" && to !== "net3",
      /only the last use of Wh counts, in net3/,
    ],
    [
      "the first use of b alone",
      rnn,
      rnnInputs,
      (from, to) => from === "b" && to !== "net1",
      /only the first use of b counts, in net1/,
    ],
    [
      "an LSTM, nothing through time",
      lstm,
      lstmInputs,
      (from, to) => /[hc]\d/.test(from) && to.at(-1)! > from.at(-1)!,
      /nothing comes back through time/,
    ],
    [
      "an LSTM, the way of c alone",
      lstm,
      lstmInputs,
      (from, to) => from.startsWith("c") && to.startsWith("c"),
      /nothing comes back through time, from c3 to c2 and from c2 to c1/,
    ],
    [
      "an LSTM, the way of its gates",
      lstm,
      lstmInputs,
      (from, to) => from.startsWith("h") && to.startsWith("f"),
      /nothing comes back through time, from f3 to h2 and from f2 to h1/,
    ],
  ];
  it.each(cases)("%s", (_, graph, inputs, lost, says) => {
    const report = handcheckGraph(graph, inputs, picked(broken(graph, inputs, lost), inputs));
    expect(report.roots.map(({ id }) => id)).toEqual(["B19"]);
    expect(report.roots[0]!.says.en).toMatch(says);
    expect(report.roots[0]!.says.zh).toMatch(/\p{Script=Han}/u);
    expect(report.exitCode).toBe(1);
  });

  it("that are right stay right", () => {
    for (const [graph, inputs] of [
      [rnn, rnnInputs],
      [lstm, lstmInputs],
    ] as const) {
      expect(handcheckGraph(graph, inputs, picked(right(graph, inputs), inputs)).verdict).toBe("correct");
    }
  });

  it("that nothing explains are explained by nothing, and what would narrow it is said", () => {
    const random = new Random(seed).split("graph words");
    for (let n = 0; n < sized(2, 60); n++) {
      const hand = picked(right(rnn, rnnInputs), rnnInputs);
      const [root] = handcheckGraph(rnn, rnnInputs, {
        ...hand,
        dWx: each(hand.dWx!, (v) => v * (1 + 0.5 * random.normalArray(1)[0]!)),
      }).roots;
      expect([n, root!.id, root!.yours]).toEqual([n, "unknown", ""]);
      expect(root!.says.en).toMatch(/no typical mistake explains it/);
      expect(root!.features.at(-1)!.en).toBe("hand in dnet1, dh1, dnet2, dh2 as well: that narrows it down");
    }
  });
});

describe("a named value", () => {
  const residual: Graph = ({ x, W, R }, tap) => {
    const a = tap("a", T(mul(x!, 1)));
    return closing(tap("y", T(add(add(a, matmul(a, W!)), mul(sum(R!), 0)))));
  };
  const inputs = { x: draw(2, 4, "rx"), W: draw(4, 4, "rW"), R: draw(4, 4, "rR") };

  it("between which two paths run lacks one of them: which", () => {
    const hand = right(residual, inputs);
    const through = hand.dy!.map((row) => inputs.W.map((line) => line.reduce((s, w, j) => s + w * row[j]!, 0)));
    const [skip] = handcheckGraph(residual, inputs, { dy: hand.dy, da: through }).roots;
    expect([skip!.id, skip!.says.en]).toEqual([
      "B19",
      "the path that brings dy is missing: it must be added to the others",
    ]);
    const [other] = handcheckGraph(residual, inputs, { dy: hand.dy, da: hand.dy }).roots;
    expect([other!.id, other!.says.en]).toEqual([
      "B19",
      "the path that brings dy Wᵀ is missing: it must be added to the others",
    ]);
  });

  it("has the gradient of another: which", () => {
    const hand = picked(right(lstm, lstmInputs), lstmInputs);
    const { roots } = handcheckGraph(lstm, lstmInputs, { ...hand, dbi: hand.dbf!, dbf: hand.dbi! });
    expect(roots.map(({ of, says }) => [of.join(), says.en])).toEqual([
      ["dbf", "it is the right dbi"],
      ["dbi", "it is the right dbf"],
    ]);
  });
});

describe("printed numbers", () => {
  const hand = picked(right(rnn, rnnInputs), rnnInputs);
  const fixed = (a: M, decimals: number): string =>
    `[${a.map((row) => `[${row.map((v) => v.toFixed(decimals)).join(" ")}]`).join("\n ")}]`;

  it("are read as texts, and judged to what they show", () => {
    const printed = Object.fromEntries(Object.entries(hand).map(([name, value]) => [name, fixed(value, 4)]));
    expect(handcheckGraph(rnn, rnnInputs, printed).verdict).toBe("correct");
    const list = handcheckGraph(rnn, rnnInputs, { dWx: hand.dWx!.map((row) => row.map((v) => v.toFixed(3))) });
    expect([list.verdict, list.lines[0]!.status]).toEqual(["correct", "ok"]);
    expect(
      handcheckGraph(rnn, rnnInputs, {
        ...printed,
        dWx: fixed(
          each(hand.dWx!, (v) => 1.1 * v),
          4,
        ),
      }).verdict,
    ).toBe("mistake");
    expect(() => handcheckGraph(rnn, rnnInputs, { dWx: "about a half" })).toThrow(
      '"dWx" is a text that is no array of numbers',
    );
  });

  it("may be of any size beside each other", () => {
    const rounded = Object.fromEntries(
      Object.entries(hand).map(([name, value]) => [
        name,
        each(value, (v) => Number((name === "db" ? 40 * v : v).toFixed(3))),
      ]),
    );
    const larger: Graph = (values, tap) => rnn({ ...values, b: T(mul(values.b!, 40)) }, tap);
    expect(handcheckGraph(larger, { ...rnnInputs, b: each(rnnInputs.b, (v) => v / 40) }, rounded).verdict).toBe(
      "correct",
    );
  });

  it("come with their digits or decimals", () => {
    const short = Object.fromEntries(
      Object.entries(hand).map(([name, value]) => [name, each(value, (v) => Math.trunc(v * 1000) / 1000)]),
    );
    expect(handcheckGraph(rnn, rnnInputs, { ...short, decimals: 3 }).verdict).toBe("correct");
    expect(() => handcheckGraph(rnn, rnnInputs, { ...short, decimals: "three" })).toThrow("decimals is no count");
  });

  it("of inputs leave room, and no more than they must", () => {
    const inputs = Object.fromEntries(
      Object.entries(rnnInputs).map(([name, value]) => [name, each(value, (v) => Number(v.toFixed(4)))]),
    );
    const report = handcheckGraph(rnn, inputs, hand);
    expect([report.verdict, report.notes.at(-1)!.en]).toEqual([
      "correct",
      "Wx, Wh, b read as printed, rounded: right within that",
    ]);
    expect(handcheckGraph(rnn, inputs, { ...hand, dWh: each(hand.dWh!, (v) => 1.05 * v) }).verdict).toBe("mistake");
  });
});
