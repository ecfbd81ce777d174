/**
 * The worker as the page asks it. Each place of the page has a line of its own, where a newer question takes the place
 * of one that waits.
 */

import type { Answer, Question } from "./protocol.ts";
import { startWorker } from "./start.ts";

type WithoutId<Q> = Q extends unknown ? Omit<Q, "id"> : never;
export type Asked = WithoutId<Question>;

class Checker {
  private readonly worker = startWorker();
  private readonly waiting = new Map<number, (answer: Answer) => void>();
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
}

let only: Checker | null = null;

/** The one worker of the page, begun with the first question. */
export const checker = (): Checker => (only ??= new Checker());

/** Questions of one place of the page, of which only the newest counts: typing never queues. */
export class Line {
  private next: (() => void) | null = null;
  private busy = false;

  /** Asks; `told` is not called for a question that a newer one of this line has overtaken. */
  newest(question: Asked, told: (answer: Answer) => void): void {
    const send = (): void => {
      this.busy = true;
      this.next = null;
      void checker()
        .ask(question)
        .then((answer) => {
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
