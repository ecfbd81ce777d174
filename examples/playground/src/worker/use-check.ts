/** The newest answer of the check. Of several questions that wait only the last is asked. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Question } from "./protocol.ts";
import { startWorker } from "./start.ts";

type Asked = Omit<Question, "id">;

class Checker {
  private readonly worker = startWorker();
  private busy = false;
  private waiting: Question | null = null;
  private last = 0;

  constructor(told: (answer: Answer) => void) {
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      this.busy = false;
      this.send();
      if (data.id === this.last) told(data);
    });
  }

  ask(question: Asked): void {
    this.waiting = { ...question, id: ++this.last };
    this.send();
  }

  private send(): void {
    if (this.busy || this.waiting === null) return;
    this.worker.postMessage(this.waiting);
    this.busy = true;
    this.waiting = null;
  }
}

let only: Checker | null = null;

/** The answer to the last question, `null` until the first is there. */
export function useCheck({ net, cost, text, lang, hints }: Asked): Answer | null {
  const [answer, set] = useState<Answer | null>(null);
  const checker = useRef<Checker | null>(null);
  useEffect(() => {
    checker.current = only ??= new Checker((told) => set(told));
    checker.current.ask({ net, cost, text, lang, hints });
  }, [net, cost, text, lang, hints]);
  return answer;
}
