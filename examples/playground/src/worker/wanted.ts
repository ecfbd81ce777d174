/** Calls whose answers are not here yet: the page makes them and asks again. */

import type { BackwardCall } from "@chainrule/nn/handcheck";

export class Wanted extends Error {
  readonly calls: readonly BackwardCall[];
  constructor(calls: readonly BackwardCall[]) {
    super("answers are missing");
    this.calls = calls;
  }
}
