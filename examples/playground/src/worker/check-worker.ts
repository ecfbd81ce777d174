/** The check in a worker: the page stays quick whatever it takes. */

import { network, type ActivationName, type CostName, type Network } from "@chainrule/nn";
import { FormulaError, formulas, reportPart, type FormulaReport, type LineStatus } from "@chainrule/nn/handcheck";
import type { Answer, Mark, Question } from "./protocol.ts";

const networkOf = (net: string, cost: string): Network => {
  const [sizes = "", names = ""] = net.split(":");
  return network({ sizes: sizes.split("-").map(Number), activations: names.split(",") as ActivationName[], cost: cost as CostName, initialization: "zeros" });
};

/** The graver of several equations that one line stands for. */
const gravity: readonly LineStatus[] = ["nan", "shape", "root", "inherited", "undecided", "kink", "convention", "ok", "missing"];

function marksOf({ formulas: read, lines }: FormulaReport): Mark[] {
  return read.flatMap(({ line, text, layers }): Mark[] => {
    const name = text.split(" = ")[0]!;
    const own = lines.filter((one) => one.name === name && layers.includes(one.layer)).sort((a, b) => gravity.indexOf(a.status) - gravity.indexOf(b.status))[0];
    return own === undefined ? [] : [{ line, status: own.status, says: `${own.equation === "forward" ? "" : `${own.equation} `}${own.name}` }];
  });
}

function answerTo({ id, net, cost, text, lang, hints }: Question): Answer {
  try {
    const report = formulas(networkOf(net, cost), text);
    return { kind: "report", id, verdict: report.verdict, html: reportPart(report, { lang, hints }), marks: hints === 0 ? [] : marksOf(report) };
  } catch (error) {
    if (error instanceof FormulaError) return { kind: "fault", id, says: error.says, fault: { says: error.says, line: error.line, start: error.start, end: error.end } };
    const [message = ""] = (error as Error).message.split("\n");
    return { kind: "fault", id, says: { en: message, zh: message }, fault: null };
  }
}

addEventListener("message", ({ data }: MessageEvent<Question>) => { postMessage(answerTo(data)); });
