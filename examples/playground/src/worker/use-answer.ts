/** The newest answer to what is shown, `null` until the first is there. */

import { useEffect, useState } from "preact/hooks";
import { Line, type Asked } from "./checker.ts";
import type { Answer } from "./protocol.ts";

/** `key` says when the question is another one. */
export function useAnswer(question: Asked, key: string): Answer | null {
  const [answer, set] = useState<{ readonly kind: Asked["kind"]; readonly answer: Answer } | null>(null);
  const [line] = useState(() => new Line());
  const { kind } = question;
  useEffect(() => {
    line.newest(question, (told) => set({ kind, answer: told }));
  }, [key]);
  // An answer to another kind of question is none to this one.
  return answer?.kind === kind ? answer.answer : null;
}
