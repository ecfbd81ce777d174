/** Starts the worker from its file. */

export const startWorker = (): Worker => new Worker(new URL("./check-worker.ts", import.meta.url), { type: "module" });
