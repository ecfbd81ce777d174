/** What stands beside the lines of a text once its answer is there. */

import type { PageWords } from "../words/en.ts";
import type { Answer } from "../worker/protocol.ts";
import type { Judged } from "./marks.ts";

export function judgedBy(answer: Answer | null, words: PageWords): Judged {
  if (answer?.kind === "report") {
    const marks = answer.marks.map((mark) => ({
      ...mark,
      label: `${mark.says}: ${words.status[mark.status] ?? mark.status}`,
    }));
    return { fault: null, marks };
  }
  return { fault: answer?.kind === "fault" ? answer.fault : null, marks: [] };
}
