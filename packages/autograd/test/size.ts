/**
 * How much the tests do and from which seed: a size for each commit, a larger one for the night, and a seed that
 * changes every day.
 */

const DAY = 86_400_000;

const fromEnvironment = (name: string, usual: number): number => {
  const text = process.env[name];
  if (text === undefined || text === "") return usual;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name}=${text} is no whole number`);
  return value;
};

/** True in the nightly run, where random and exhaustive tests have their large size. */
export const nightly = process.env["CHAINRULE_NIGHTLY"] === "1";

/**
 * Returns how many cases a random or exhaustive test tries.
 *
 * @param commit - the number that every run tries, a few seconds' worth
 * @param night - the number of the nightly run
 */
export const sized = (commit: number, night: number): number => (nightly ? night : commit);

/**
 * The seed of all that is random: another one each day, the same for the whole run, printed with every failure;
 * `CHAINRULE_FUZZ_SEED` sets it.
 */
export const seed = fromEnvironment("CHAINRULE_FUZZ_SEED", 20_000_000 + Math.floor(Date.now() / DAY));

/**
 * Whether this run tries a case of an exhaustive grid: about one in `n` of them, others each day; in the nightly run
 * every one.
 *
 * @param n - how many cases there are for each that is tried
 * @param key - what tells the case from all others
 */
export function isTried(n: number, key: string): boolean {
  if (nightly) return true;
  // FNV-1a, whose last bits are those of the last letters: the higher ones are taken.
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % n === 0;
}

/**
 * The seed from which planted faults are looked for: whether a fault is found in so many cases must not change from day
 * to day.
 */
export const plantedSeed = 20_020_787;
