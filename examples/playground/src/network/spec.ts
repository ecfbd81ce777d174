/** A network in one word, `3-4-2:tanh,softmax`: its layers, and how they are changed. */

export interface Spec {
  /** Of the input first. */
  readonly sizes: readonly number[];
  /** Of the layers after the input. */
  readonly activations: readonly string[];
}

export const MOST_UNITS = 64;
export const MOST_LAYERS = 6;

export function specOf(word: string): Spec {
  const [sizes = "", names = ""] = word.split(":");
  const units = sizes.split("-").map((size) => Math.min(MOST_UNITS, Math.max(1, Math.round(Number(size)) || 1)));
  const given = names.split(",").filter((name) => name !== "");
  return {
    sizes: units.length < 2 ? [...units, 1] : units,
    activations: units.slice(1).map((_, l) => given[l] ?? given.at(-1) ?? "sigmoid"),
  };
}

export const wordOf = ({ sizes, activations }: Spec): string => `${sizes.join("-")}:${activations.join(",")}`;

export const withUnits = ({ sizes, activations }: Spec, layer: number, units: number): Spec => ({
  activations,
  sizes: sizes.map((size, l) => (l === layer ? Math.min(MOST_UNITS, Math.max(1, units)) : size)),
});

export const withActivation = ({ sizes, activations }: Spec, layer: number, name: string): Spec => ({
  sizes,
  activations: activations.map((one, l) => (l === layer - 1 ? name : one)),
});

/** Another hidden layer before the last one, as wide as the one below it. */
export const withLayer = ({ sizes, activations }: Spec): Spec => ({
  sizes: [...sizes.slice(0, -1), sizes.at(-2)!, sizes.at(-1)!],
  activations: [...activations.slice(0, -1), activations.at(-2) ?? "sigmoid", activations.at(-1)!],
});

/** Without the hidden layer below the last one. */
export const withoutLayer = ({ sizes, activations }: Spec): Spec => ({
  sizes: sizes.filter((_, l) => l !== sizes.length - 2),
  activations: activations.filter((_, l) => l !== activations.length - 2),
});
