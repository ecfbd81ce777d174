/**
 * The check in a worker: the page stays quick whatever it takes. What the first screen does not need is loaded when it
 * is asked for.
 */

import { FormulaError, formulas, reportPart, type CheckedFiles } from "@chainrule/nn/handcheck";
import { answering, type Answering, type WorkingPart } from "../parts/answers.ts";
import { faresOf, marksOf } from "./marks-of.ts";
import { networkOf } from "./network-of.ts";
import type { Answer, Question, Subject } from "./protocol.ts";
import { Wanted } from "./wanted.ts";

/** The text of the exercise has formulas alone. */
async function checked(subject: Subject): Promise<CheckedFiles> {
  if (subject.code !== undefined) return (await import("./code.ts")).checkedCode(subject);
  if (subject.files.length === 0 && isFormulas(subject.text)) {
    const net = networkOf(subject.net, subject.cost);
    return { report: formulas(net, subject.text), network: net, tensors: [] };
  }
  return (await import("./files.ts")).checkedFiles(subject);
}

/** No array, no JSON, no network of its own: then formulas are all that it can be. */
const isFormulas = (text: string): boolean => !/\[\s*[-+\d.[]|^\s*[{\[]|^\W*(?:net(?:work)?|cost|loss)\b/im.test(text);

async function answerTo(question: Question): Promise<Answer> {
  const { id, lang } = question;
  if (question.kind === "part") {
    const { part, asked } = question;
    // The question is the part's own: `useTold` holds the two together.
    const answer = (await answering[part]()) as Answering<WorkingPart>;
    return { id, kind: "part", part, told: await answer(asked, lang) };
  }
  const { report, network: net, tensors } = await checked(question);
  const { hints } = question;
  if (question.kind === "download") {
    const name = question.files.map((file) => file.name).join(", ");
    return {
      id,
      kind: "text",
      text: (await import("./downloads.ts")).download(
        { report, tensors, network: net },
        { form: question.form, lang, hints, ...(name === "" ? {} : { file: name }) },
      ),
    };
  }
  const read = { net: `${net.sizes.join("-")}:${report.network.activations.join(",")}`, cost: report.network.cost };
  const isOwn = read.net === question.net && read.cost === question.cost;
  return {
    id,
    kind: "report",
    read: isOwn ? null : read,
    verdict: report.verdict,
    html: reportPart(report, { lang, hints, tensors }),
    marks: hints === 0 || !("formulas" in report) ? [] : marksOf(report),
    fares: hints === 0 ? {} : faresOf(report),
  };
}

async function told(question: Question): Promise<Answer> {
  const { id } = question;
  try {
    return await answerTo(question);
  } catch (error) {
    if (error instanceof Wanted) return { id, kind: "calls", calls: error.calls };
    if (error instanceof FormulaError)
      return { id, kind: "fault", says: [error.says], fault: { line: error.line, start: error.start, end: error.end } };
    const says = (error as { readonly says?: readonly { readonly en: string; readonly zh: string }[] }).says;
    const [message = ""] = (error as Error).message.split("\n");
    return { id, kind: "fault", says: says ?? [{ en: message, zh: message }], fault: null };
  }
}

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  void told(data).then((answer) => {
    postMessage(answer);
  });
});
