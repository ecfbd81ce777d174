/** What is handed in, and what it is judged against: files of text that `chainrule check` reads as they are. */

import { listed, textOf, whole } from "../../numbers/listing.ts";
import type { Task } from "./place.ts";

const heading = ({ net, cost }: Task): string => `# net ${net}\n# cost ${cost}\n`;

/** Numbers come with what they were computed from: the file can be checked without the task. */
export const handedFile = (task: Task, given: string, work: string): string =>
  task.form === "formulas"
    ? `${heading(task)}\n${work.trimEnd()}\n`
    : `${heading(task)}${given}\n${textOf(whole(listed(work)))}\n`;

export const referenceFile = (task: Task, given: string, right: string): string =>
  `${heading(task)}${given}\n${right}\n`;

/** Without what a system may not like in a name. */
export const fileNameOf = (name: string): string =>
  `${
    name
      .trim()
      .replace(/[^\p{L}\p{N}._-]+/gu, "-")
      .replace(/^[-.]+|[-.]+$/g, "") || "backprop"
  }.txt`;

export const referenceName = ({ seed, own }: Task): string => (own === "" ? `task-${seed}.txt` : "task.txt");
