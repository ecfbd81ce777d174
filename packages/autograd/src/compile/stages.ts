/** The stages in which a program is made, and how long each took. */

/** From the function to what runs: its trace, values, simpler values, kernels with their places, and the module. */
export const stageNames = ["trace", "ir", "passes", "schedule", "backend"] as const;

export type StageName = (typeof stageNames)[number];

/** One stage, as it went. */
export interface Stage {
  readonly name: StageName;
  readonly milliseconds: number;
}

/** Runs stages, one after another. */
export class Stages {
  readonly #done: Stage[] = [];

  run<T>(name: StageName, body: () => T): T {
    const start = performance.now();
    const result = body();
    this.#done.push({ name, milliseconds: performance.now() - start });
    return result;
  }

  get done(): readonly Stage[] {
    return this.#done;
  }
}
