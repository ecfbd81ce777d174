/** The identity as an op that waits: a value as it is once another one is there. */

import { binary, type Binary } from "./declare.ts";

/** x once g is there: what a program makes of it is no value that it had before, and is computed no sooner. */
// y = x        dy/dx = 1
export const after: Binary = binary("after", {
  value: (x) => x,
  lanes: { value: (_, x) => x },
  partials: [1, null],
  needs: "nothing",
});
