/** The newest answer to what is shown, `null` until the first is there. */

import { useEffect, useState } from "preact/hooks";
import { Line, type Asked } from "./checker.ts";
import type { Answer } from "./protocol.ts";

interface Answered {
  readonly kind: Asked["kind"];
  readonly key: string;
  readonly answer: Answer;
}

/** As `useAnswer`, and whether it answers what is asked now, not what was asked before. */
export function useNewest(question: Asked, key: string): readonly [answer: Answer | null, isNewest: boolean] {
  const [answer, set] = useState<Answered | null>(null);
  const [line] = useState(() => new Line());
  const { kind } = question;
  useEffect(() => {
    line.newest(question, (told) => set({ kind, key, answer: told }));
  }, [key]);
  // An answer to another kind of question is none to this one.
  return answer?.kind === kind ? [answer.answer, answer.key === key] : [null, false];
}

/** `key` says when the question is another one. */
export const useAnswer = (question: Asked, key: string): Answer | null => useNewest(question, key)[0];
