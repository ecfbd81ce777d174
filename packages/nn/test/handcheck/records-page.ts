// The page of activations and costs: tables made of their records.
import { network } from "../../src/index.ts";
import { ofEntry } from "../../src/handcheck/derive/argument/writers.ts";
import type { Expression } from "../../src/handcheck/derive/language/ast.ts";
import { minus, number, same, sum, symbol } from "../../src/handcheck/derive/language/build.ts";
import { subjectOf } from "../../src/handcheck/derive/language/subject.ts";
import { lineOf } from "../../src/handcheck/derive/draw.ts";
import {
  everyActivation,
  neuronOf,
  partsOf,
  recordNames,
  recordOf,
  type ElementwiseName,
} from "../../src/network/activation.ts";
import { onPaper } from "../../src/network/activations/paper.ts";
import { softmax, softmaxOnPaper } from "../../src/network/activations/softmax.ts";
import { costNames, costOf } from "../../src/network/cost.ts";
import { codeOf, costOnPaper, slopeOnPaper, valueOnPaper } from "../../src/network/on-paper.ts";
import type { Terms } from "../../src/network/costs/record.ts";

const subject = subjectOf(network({ sizes: [1, 1] }), "document", "mean");
/** In a cell of a table a bar ends it. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
const shown = (of: Expression): string => cell(lineOf(of, subject));
const code = (text: string): string => `\`${cell(text)}\``;
const others = (name: string, aliases: readonly string[]): string =>
  aliases.filter((one) => one !== name.toLowerCase()).join(", ");

function activationRow(name: ElementwiseName): string {
  const { corners = [] } = neuronOf(name);
  const base = partsOf(name).name;
  const [{ aliases, parameter }, { source }] = [recordOf(base), onPaper[base]];
  const [u, v] = [symbol("u"), symbol("v")];
  const takes =
    parameter === undefined
      ? ""
      : ` with ${parameter.name}, ${parameter.usual === null ? "which must be said" : `${parameter.usual} where nothing is said`}`;
  const bends = corners
    .map(
      ({ at, below, above }) =>
        `${Number(at.toPrecision(4))}: ${Number(below.toPrecision(4))} to ${Number(above.toPrecision(4))}`,
    )
    .join("; ");
  const { numpy } = codeOf(name);
  return `| ${code(name)}${takes} | ${shown(valueOnPaper(name, ofEntry, u))} | ${shown(slopeOnPaper(name, ofEntry, u, v))} | ${bends} | ${code(numpy.value)} | ${others(base, aliases)} | ${source} |`;
}

/** So many outputs are written as K: no formula has this number of its own. */
const MANY = 1000;
const withK = (text: string): string => text.replaceAll("0.002", "2/K").replaceAll("1000", "K");

function costRow(name: (typeof costNames)[number]): string {
  const { record, told } = costOf(name);
  const [j, k] = [
    { letter: "j", layer: 1 },
    { letter: "k", layer: 1 },
  ];
  const place = (at: typeof j): Terms<Expression>["here"] => {
    const t = symbol("t", null, [at]);
    return { v: symbol("v", null, [at]), t, rest: minus(number(1), t), share: symbol("p", null, [at]) };
  };
  const { source, slope: written } = costOnPaper(name);
  const slope = written(ofEntry, {
    here: place(j),
    other: place(k),
    error: null,
    same: same(k, j),
    sum: (of) => sum(j, of),
    sumOther: (of) => sum(k, of),
    outputs: MANY,
    told,
  }).at(-1)!;
  const cancels =
    record.collapsesAbove === undefined
      ? ""
      : `${record.collapsesAbove}: ${record.collapsesAbove === "linear" ? "softmax(v)" : "v"} − t`;
  return `| ${code(name)} | ${cell(record.formula)} | ${withK(shown(slope))} | ${cancels} | ${record.targets} | ${record.takes.join(", ")} | ${others(name, record.aliases)} | ${source} |`;
}

export const recordsPage = (): string =>
  [
    "# Activations and costs",
    "",
    "Made from the records in `packages/nn/src/network`; a test writes it. Networks, checks, derivations, formulas and the names in what is handed in know the same ones.",
    "",
    "## Activations",
    "",
    'A number may follow a name: `leakyRelu(0.2)`, or `{ name: "leakyRelu", slope: 0.2 }`. Two hard sigmoids are in use, `hardSigmoid(0.2)` in Keras 2 and',
    "`hardSigmoid(1/6)` in PyTorch and Keras 3: a network is told which; of a submission that says `hard_sigmoid`, or `gelu`, the numbers tell.",
    "At a corner any slope between those of its sides is right. Submissions may use the other names, in any case, with separators and with a",
    "library's modules in front: `nn.GELU(approximate='tanh')`, `F.leaky_relu`.",
    "",
    "| name | v = σ(u) | σ′(u) | corners: slopes | NumPy | other names | from |",
    "|---|---|---|---|---|---|---|",
    ...everyActivation.filter((name): name is ElementwiseName => name !== "softmax").map(activationRow),
    `| ${code("softmax")} | e^u_j / Σ_k e^u_k | v_k ([k = j] − v_j) | | ${code("np.exp(u - u.max()) / np.exp(u - u.max()).sum()")} | ${others("softmax", softmax.aliases)} | ${softmaxOnPaper.source} |`,
    "",
    "## Costs",
    "",
    "C of one sample; a batch costs the mean. Where σ′ cancels δ is written so. `crossEntropy` is of classes above a softmax and of two classes elsewhere;",
    '`bce` is of two classes above a softmax too. `mse`, `mae`, `huber` and `hinge` are means over the outputs, as in PyTorch and Keras; with `outputs: "sum"` mae,',
    "huber and hinge are sums. `hinge` has targets of −1 and 1, one question for each output; `multiclassHinge` has one class for each sample and is a sum, as in CS231n. Of a",
    "submission the numbers decide between mean and sum, and its targets between the hinges.",
    "",
    'What a cost is told stands behind its name, `huber(0.5)`, `crossEntropy(labelSmoothing=0.1, classWeights=[1, 2])`, or beside it, `{ name: "huber", delta: 0.5 }`:',
    "",
    "- `labelSmoothing` s puts (1 − s) t + s/K in place of t, of two classes (1 − s) t + s/2.",
    "- `classWeights` multiply the terms of each output; of one output two weights are those of t = 0 and t = 1 (`pos_weight=3` is `[1, 3]`). The mean is over the samples. PyTorch",
    "  divides by the sum of the weights of the batch: of a submission the numbers tell.",
    "",
    "At a corner (v = t of mae, a margin of 1 of a hinge) any slope between its sides is right, and the report says that there is one.",
    "",
    "| name | C | ∂C/∂v_j | δ where σ′ cancels | targets | is told | other names | from |",
    "|---|---|---|---|---|---|---|---|",
    ...costNames.map(costRow),
    "",
  ].join("\n");

/** Everything that must have a line. */
export const lines = [...recordNames, ...costNames];
