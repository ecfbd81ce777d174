/** The worker as the page asks it: of the checks that wait only the last is asked; everything else is asked in turn. */

import type { Answer, Question } from "./protocol.ts";
import { startWorker } from "./start.ts";

type WithoutId<Q> = Q extends unknown ? Omit<Q, "id"> : never;
export type Asked = WithoutId<Question>;

class Checker {
  private readonly worker = startWorker();
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private next: (() => void) | null = null;
  private busy = false;
  private last = 0;

  constructor() {
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      const told = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      told?.(data);
    });
  }

  /** The answer to one question. */
  ask(question: Asked): Promise<Answer> {
    const id = ++this.last;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ ...question, id });
    });
  }

  /** The answer to the newest question; `told` is not called for those that a newer one has overtaken. */
  newest(question: Asked, told: (answer: Answer) => void): void {
    const send = (): void => {
      this.busy = true;
      this.next = null;
      void this.ask(question).then((answer) => {
        this.busy = false;
        // One that waits by now is newer.
        if (this.next === null) told(answer);
        else this.next();
      });
    };
    if (this.busy) this.next = send;
    else send();
  }
}

let only: Checker | null = null;

/** The one worker of the page, begun with the first question. */
export const checker = (): Checker => (only ??= new Checker());
