/**
 * Numbers for a network and one sample: drawn by a seed, each with two places so that it can be typed again, and
 * changed one by one.
 */

export interface Drawn {
  readonly seed: number;
  /** What somebody typed, by its place: `x.0`, `t.1`, `W2.0.1` (layer, to, from), `b1.0`. */
  readonly own: Readonly<Record<string, number>>;
}

/** The numbers themselves. */
export interface Figures {
  readonly x: readonly number[];
  readonly t: readonly number[];
  /** `W[l - 1]` is out × in. */
  readonly W: readonly (readonly (readonly number[])[])[];
  readonly b: readonly (readonly number[])[];
}

const MOST_SEED = 9999;

/** As a part keeps it in the address: `seed=3`, `own=x.0:0.5 b1.0:1`. */
export function drawnOf(said: URLSearchParams): Drawn {
  const seed = Number(said.get("seed") ?? 1);
  const typed = (said.get("own") ?? "").split(" ").map((one) => one.split(":"));
  const own = typed.filter(([place = "", value = ""]) => /^(?:[xt]|[Wb]\d+)(?:\.\d+)+$/.test(place) && isNumber(value));
  return {
    seed: Number.isInteger(seed) && seed >= 0 && seed <= MOST_SEED ? seed : 1,
    own: Object.fromEntries(own.map(([place, value]) => [place!, Number(value)])),
  };
}

/** What is not as at first, as pairs of an address. */
export function drawnPairs({ seed, own }: Drawn): [string, string][] {
  const typed = Object.entries(own)
    .map(([place, value]) => `${place}:${value}`)
    .join(" ");
  return [
    ...(seed === 1 ? [] : [["seed", String(seed)] as [string, string]]),
    ...(typed === "" ? [] : [["own", typed] as [string, string]]),
  ];
}

/** The address of *watch it flow* with other numbers, which all parts have in common. */
export function withOtherNumbers(at: string): string {
  const said = new URLSearchParams(at);
  const drawn = redrawn(drawnOf(said));
  said.delete("seed");
  said.delete("own");
  for (const [name, value] of drawnPairs(drawn)) said.set(name, value);
  return said.toString();
}

/** Other numbers than these; what was typed goes. */
export const redrawn = ({ seed }: Drawn): Drawn => ({ seed: seed >= MOST_SEED ? 0 : seed + 1, own: {} });

export const isNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));
