/** Starts the worker from the page itself, which holds it as a text: a page on disk may load no file. */

import InlineWorker from "./check-worker.ts?worker&inline";

export const startWorker = (): Worker => new InlineWorker();
