/** Naming an intermediate of any function: the identity, unless somebody is looking. */

import { ArgumentError, type Tensor } from "@chainrule/autograd";

/** Says what becomes of a named value while somebody is looking. */
type Observer = (name: string, x: Tensor) => Tensor;

let observer: Observer | null = null;

/**
 * Gives a value inside a function a name, under which `handcheckGraph` finds its gradient. Everywhere else it is the
 * identity.
 *
 * @param name - the name: a hand-derived `dhpre` is the gradient at `tap("hpre", x)`
 * @param x - the value
 * @returns `x`
 *
 * @example
 * tap("h", tensor([1, 2])).toArray() // => [1, 2]
 */
export function tap<T extends Tensor>(name: string, x: T): T {
  // What looks gives back a tensor of the same shape.
  return observer === null ? x : (observer(name, x) as T);
}

/** Runs `body` while `look` sees every named value once. */
export function observed<R>(look: Observer, body: () => R): R {
  const former = observer;
  const seen = new Set<string>();
  observer = (name, x) => {
    if (seen.has(name))
      throw new ArgumentError({
        op: "tap",
        problem: `two values are named "${name}"`,
        hint: "number them, as in h1 and h2",
      });
    seen.add(name);
    return look(name, x);
  };
  try {
    return body();
  } finally {
    observer = former;
  }
}
