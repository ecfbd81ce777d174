/** The desk of a check: the module that was handed in, and the reference, each in a process of its own. */

import { SourceError, type Source } from "../handcheck/intake/given.ts";
import { programErrors } from "../locales/program-errors.ts";
import type { Words } from "../locales/words.ts";
import type { Programs } from "./bridge.ts";
import { Elsewhere, type Way } from "./javascript/module.ts";
import type { CheckJob } from "./job.ts";
import type { Role } from "./programs.ts";
import type { Modules } from "./subject.ts";

export class Desk {
  /** Why a process answers no more: whatever was found since, or is said of it elsewhere, counts for nothing. */
  fatal: SourceError | null = null;
  readonly #job: CheckJob;
  readonly #programs: Programs | null;
  #doing: Words = programErrors.theFile;
  #reference: Promise<Elsewhere> | null = null;

  constructor(job: CheckJob, programs: Programs | null) {
    this.#job = job;
    this.#programs = programs;
  }

  /** From now on this is what is running, in words. */
  during(what: Words): void {
    this.#doing = what;
  }

  /** Reads programs in the role of what was handed in, or of the reference. */
  modules(role: Role): Modules {
    return {
      parts: async (file) => {
        const module = new Elsewhere(this.#way(role));
        if (role === "reference") this.#reference = Promise.resolve(module);
        return module.open(file, role === "reference");
      },
      octave: (file) => this.#ready().ask("octave", file) as Source,
    };
  }

  /**
   * The module whose functions of tensors the rest is compared with: a teacher's, or the file's own, which is loaded
   * once more.
   */
  reference(): Promise<Elsewhere> {
    this.#reference ??= (async () => {
      const module = new Elsewhere(this.#way("reference"));
      await module.open(this.#job.file!, true);
      return module;
    })();
    return this.#reference;
  }

  #ready(): Programs {
    if (this.#programs === null) throw new Error("no programs are run here");
    return this.#programs;
  }

  #way(role: Role): Way {
    const way = this.#ready().way(role, () => this.#doing);
    const noted = (thrown: unknown): never => {
      if (thrown instanceof SourceError) this.fatal ??= thrown;
      throw thrown;
    };
    const begin: Way["begin"] = (request) => {
      const answer = way.begin(request);
      return () => {
        try {
          return answer();
        } catch (thrown) {
          return noted(thrown);
        }
      };
    };
    return { open: (request) => way.open(request).catch(noted), ask: (request) => begin(request)(), begin };
  }
}
