/**
 * Ends a run in which a file hangs. A loop without end stops every timer of its own process; this one looks from
 * outside.
 */

import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import type { Reporter, TestCase, TestModule } from "vitest/node";

const children = new Set<ChildProcess>();

subscribe("child_process", (message) => {
  const { process: child } = message as { readonly process: ChildProcess };
  children.add(child);
  child.once("exit", () => children.delete(child));
});

/** The files run in processes of this one: what loops without end hears no polite signal. */
function endRun(): void {
  for (const child of children) child.kill("SIGKILL");
  process.exit(1);
}

/** A reporter that says which file has not ended in time, and the last test that it told of, and ends the run. */
export class HangWatch implements Reporter {
  readonly #limit: number;
  readonly #end: () => void;
  readonly #running = new Map<string, NodeJS.Timeout>();
  readonly #tests = new Map<string, string>();

  /**
   * @param limit - the milliseconds that a file has
   * @param end - what ends the run
   */
  constructor(limit: number, end = endRun) {
    this.#limit = limit;
    this.#end = end;
  }

  onTestModuleQueued({ moduleId }: Pick<TestModule, "moduleId">): void {
    clearTimeout(this.#running.get(moduleId));
    const timer = setTimeout(() => {
      // What loops without end cannot tell any more that it has begun.
      const test = this.#tests.get(moduleId);
      const last = test === undefined ? "it has told of no test" : `the last test that it told of: ${test}`;
      console.error(`${moduleId} has not ended within ${this.#limit / 60_000} minutes (${last}): the run is ended`);
      this.#end();
    }, this.#limit);
    this.#running.set(moduleId, timer.unref());
  }

  onTestCaseReady({ module, fullName }: TestCase): void {
    this.#tests.set(module.moduleId, fullName);
  }

  onTestModuleEnd({ moduleId }: Pick<TestModule, "moduleId">): void {
    clearTimeout(this.#running.get(moduleId));
    this.#running.delete(moduleId);
    this.#tests.delete(moduleId);
  }
}
