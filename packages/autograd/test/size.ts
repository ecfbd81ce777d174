/** How much the tests do and from which seed: a size for each commit, a larger one for the night, and a seed that changes every day. */

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

/** The seed of all that is random: another one each day, the same for the whole run, printed with every failure; `CHAINRULE_FUZZ_SEED` sets it. */
export const seed = fromEnvironment("CHAINRULE_FUZZ_SEED", 20_000_000 + Math.floor(Date.now() / DAY));
