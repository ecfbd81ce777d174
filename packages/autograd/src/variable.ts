/**
 * `variable`, with what a variable looks like: apart, so that a page without variables does not load the memory of
 * programs.
 */

import { variable as make, Variable } from "./compile/variable.ts";
import { ArgumentError } from "./errors.ts";
import { showAs } from "./inspect/show-as.ts";
import { toJSON } from "./graph/json.ts";
import { showVariable } from "./inspect/show.ts";

/** Gives the class its looks, once `variable` is used at all. */
function shown(): typeof make {
  showAs(
    Variable.prototype,
    showVariable,
    (x: Variable) => toJSON(x.read()),
    () => {
      throw new ArgumentError({
        op: "variable",
        problem: "a variable stands where JavaScript wants a number",
        hint: "read it first: w.read().add(1), or w.read().item() for the number alone",
      });
    },
  );
  return make;
}

/** A tensor that changes. See `variable` of `compile/variable.ts`. */
export const variable: typeof make = shown();
