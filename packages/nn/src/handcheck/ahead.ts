/** Functions that run elsewhere: they can be asked before anybody waits for the answer. */

type Called = (...given: never[]) => unknown;

/** Asks; what it gives waits for the answer, or throws what the function threw. */
type Begin = (...given: never[]) => () => unknown;

const begins = new WeakMap<Called, Begin>();

/** Says how a function is asked ahead. A question that is asked behind one that fails is not asked. */
export function askedBy<F extends Called>(f: F, begin: (...given: Parameters<F>) => () => ReturnType<F>): F {
  begins.set(f, begin as Begin);
  return f;
}

/** True if it runs elsewhere: what is asked of it now is computed while this side does something else. */
export const runsElsewhere = (f: Called): boolean => begins.has(f);

/** Asks a function; one that runs here runs where its answer is wanted. */
export function begun<F extends Called>(f: F, given: Parameters<F>): () => ReturnType<F> {
  const begin = begins.get(f);
  return (begin === undefined ? () => f(...(given as never[])) : begin(...(given as never[]))) as () => ReturnType<F>;
}
