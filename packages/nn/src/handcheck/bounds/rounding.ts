/**
 * How far each number may be from the one that was meant: the readings that the digits of all arrays allow, from the
 * strictest to the loosest.
 */

import { intake } from "../../locales/intake.ts";
import { alike, type Words } from "../../locales/words.ts";
import type { Look } from "./look.ts";

/** Says what the entries of an array were rounded to; `unit` is the part of the last place that each may be off. */
export type Rule =
  | { readonly by: "nothing" }
  /** Decimals of every entry, digits of every entry, or digits of the largest. */
  | { readonly by: "decimals" | "digits" | "largest"; readonly count: number; readonly unit: number }
  /** Decimals or digits, whichever leaves more open: the entries show one as well as the other. */
  | { readonly by: "either"; readonly decimals: number; readonly count: number; readonly unit: number };

/** An array that was handed in: parameters and data are `given`, whatever was derived is not. */
export interface Written {
  readonly key: string;
  readonly given: boolean;
  readonly look: Look;
}

/** Holds what the person says of the digits. */
interface Told {
  readonly digits?: number | undefined;
  readonly decimals?: number | undefined;
}

/** One way to take all numbers. */
export interface Reading {
  /** The machine precision that they were computed with. */
  readonly epsilon: number;
  /** Some number may be off by so much more than that that a mistake could hide. */
  readonly rounded: boolean;
  /** Returns what the entries of an array were rounded to, by its key. */
  readonly ruleOf: (key: string) => Rule;
  /** Says what most of what was derived was rounded to. */
  readonly usual: Rule;
  /** Nobody told it. */
  readonly inferred: boolean;
}

/** The readings of one submission. */
export interface Readings {
  /** Whoever is right in one of these is right: the given numbers as they are written, then rounded like the others. */
  readonly strict: readonly Reading[];
  /** Every number is what it says: what no doubt remains of here was not rounded. `null` where that is a strict one. */
  readonly exact: Reading | null;
  /**
   * Whoever is wrong in this is wrong: digits may have been cut off, and a short number may be one whose zeros were
   * trimmed.
   */
  readonly loose: Reading;
}

const SINGLE = 2 ** -23;
const NOTHING: Rule = { by: "nothing" };
/** So many numbers agree by no chance. */
const MANY = 12;
/** In so many digits no mistake hides. */
const FINE = 11;
/** The decimals that NumPy and PyTorch print where nobody asks for others. */
const usualDecimals: readonly number[] = [4, 8];

/** The half of a unit in the last place, or the whole of it; `null` where the entries are what they are. */
export function unitsOf(rule: Rule, value: Float64Array): Float64Array | null {
  if (rule.by === "nothing") return null;
  const { by, count, unit } = rule;
  if (by === "decimals") return new Float64Array(value.length).fill(unit * 10 ** -count);
  const place = (x: number): number => (x === 0 ? 0 : unit * 10 ** (Math.floor(Math.log10(Math.abs(x))) - count + 1));
  if (by === "digits") return value.map(place);
  if (by === "either") return value.map((x) => Math.max(place(x), unit * 10 ** -rule.decimals));
  let largest = 0;
  for (let i = 0; i < value.length; i++) largest = Math.max(largest, Math.abs(value[i]!));
  return new Float64Array(value.length).fill(place(largest));
}

/**
 * Enough digits, in enough numbers, to have been rounded to. Large numbers with an exponent are whole and say nothing
 * by their values, but show their digits.
 */
const isSolid = ({ full, whole, telling, span, byDigits }: Look, many: boolean): boolean =>
  !full && (whole ? span >= 3 : (telling > 0 || byDigits === true) && span >= (many ? 2 : 3));

const own = ({ byDigits, digits, decimals }: Look, unit: number): Rule =>
  byDigits === null
    ? { by: "either", decimals, count: digits, unit }
    : byDigits
      ? { by: "digits", count: digits, unit }
      : { by: "decimals", count: decimals, unit };

/**
 * Returns what a short array of a print was rounded to: a program that writes four decimals behind the first digit
 * elsewhere writes four decimals here.
 */
function likeOthers(look: Look, print: Rule, unit: number): Rule {
  if (print.by === "nothing") return print;
  // Other decimals than those of the print: they come of an exponent.
  if (print.by === "decimals" && look.byDigits === true && (look.decimals < 0 || look.decimals > print.count))
    return { by: "digits", count: print.count + 1, unit };
  if (print.by === "digits" && look.decimals < print.count) return { by: "decimals", count: print.count - 1, unit };
  // Decimals and exponents in turns look like digits of the largest entry: then its own say most for certain.
  return (print.by === "largest" || print.by === "either") && look.span > 0 && !look.whole
    ? own(look, unit)
    : { ...print, unit };
}

const middle = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

/**
 * Returns what the arrays of one print have in common, which those that are too short to show it have as well; `null`
 * where nothing shows.
 */
function commonRule(looks: readonly Look[], unit: number): Rule | null {
  if (looks.length === 0) return null;
  const [byPlace, bySize] = [false, true].map((kind) => looks.filter(({ byDigits }) => byDigits === kind)) as [
    Look[],
    Look[],
  ];
  if (bySize.length > byPlace.length)
    return { by: "digits", count: Math.max(...bySize.map(({ digits }) => digits)), unit };
  const rest = looks.filter(({ byDigits }) => byDigits !== true);
  const counts = new Map<number, number>();
  for (const { decimals } of rest) counts.set(decimals, (counts.get(decimals) ?? 0) + 1);
  const [decimals, share] = [...counts].reduce((best, one) =>
    one[1] > best[1] || (one[1] === best[1] && one[0] > best[0]) ? one : best,
  );
  if (looks.every(({ byDigits }) => byDigits === null))
    return { by: "either", decimals, count: Math.max(...looks.map(({ digits }) => digits)), unit };
  return 3 * share >= 2 * rest.length
    ? { by: "decimals", count: decimals, unit }
    : { by: "largest", count: middle(rest.map(({ span }) => span)), unit };
}

/** True if an array has no more digits than were printed. */
const goesWith = ({ byDigits, decimals, digits }: Look, print: Rule): boolean =>
  print.by === "decimals" || print.by === "either"
    ? decimals <= (print.by === "either" ? print.decimals : print.count) ||
      (byDigits === true && digits <= print.count + 1)
    : print.by !== "nothing" && digits <= print.count;

/** True if what was given was printed as what was derived, or as programs print it. */
function isPrinted(look: Look, many: boolean, derived: Rule | null): boolean {
  if (!isSolid(look, many)) return false;
  if (look.rounds || (look.byDigits !== true && usualDecimals.includes(look.decimals))) return true;
  if (derived === null || derived.by === "nothing") return false;
  if (derived.by === "either")
    return look.decimals >= derived.decimals || (look.byDigits !== false && look.digits >= derived.count);
  if (derived.by === "decimals")
    return look.byDigits === true ? look.digits === derived.count + 1 : look.decimals >= derived.count;
  return (derived.by === "digits" && look.byDigits !== false ? look.digits : look.span) >= derived.count;
}

const summed = (list: readonly Written[], part: (look: Look) => number): number =>
  list.reduce((sum, { look }) => sum + part(look), 0);

/** The rules of every array: strict, and loose. */
interface Rules {
  readonly strict: ReadonlyMap<string, Rule>;
  readonly loose: ReadonlyMap<string, Rule>;
  readonly usual: Rule;
}

/** `print` is what parameters and data were rounded to, where they show it. */
function derivedRules(derived: readonly Written[], { digits, decimals }: Told, print: Rule | null): Rules {
  const looks = derived.map(({ look }) => look);
  const every = (rule: (look: Look) => Rule): ReadonlyMap<string, Rule> =>
    new Map(derived.map(({ key, look }) => [key, rule(look)]));
  if (decimals !== undefined) {
    const rules = every((look) =>
      look.byDigits === true && look.digits === decimals + 1
        ? { by: "digits", count: decimals + 1, unit: 0.5 }
        : { by: "decimals", count: decimals, unit: 0.5 },
    );
    return { strict: rules, loose: rules, usual: { by: "decimals", count: decimals, unit: 0.5 } };
  }
  if (digits !== undefined) {
    const usual: Rule = { by: "largest", count: digits, unit: 0.5 };
    const rules = every(() => usual);
    return { strict: rules, loose: rules, usual };
  }
  const many = summed(derived, ({ telling }) => telling) >= MANY;
  const solid = looks.filter((look) => isSolid(look, many));
  const spans = looks.filter(({ span, full }) => span > 0 && !full).map(({ span }) => span);
  // A largest entry that was rounded up to 1.000 has one digit more than the others: the middle one counts.
  const shows = solid.length > 0 && middle(spans) >= (many ? 2 : 3) && summed(derived, ({ telling }) => telling) >= 4;
  // Small numbers have too few digits to show to what they were rounded: then what is printed beside them shows it.
  const usual = shows
    ? commonRule(solid, 0.5)
    : print !== null && looks.every((look) => look.full || goesWith(look, print))
      ? print
      : null;
  if (usual === null) {
    // Too few digits to say: they are what they are, or every number was rounded to what it shows.
    const showing = looks.some(({ full }) => full) ? [] : looks.filter(({ whole, telling }) => !whole && telling > 0);
    const digits = Math.max(0, ...showing.map((look) => look.digits));
    // A whole number of as many digits beside them may be one of them: -429 beside 71.8.
    const open = looks.filter(
      (look) => showing.includes(look) || (look.whole && look.span >= 3 && look.span <= digits),
    );
    return {
      strict: every(() => NOTHING),
      loose: every((look) => (open.includes(look) ? own(look, look.rounds ? 0.5 : 1) : NOTHING)),
      usual: commonRule(open, 0.5) ?? NOTHING,
    };
  }
  const rule = (look: Look, unit: number): Rule =>
    look.full ? NOTHING : isSolid(look, many) ? own(look, unit) : likeOthers(look, usual, unit);
  return { strict: every((look) => rule(look, 0.5)), loose: every((look) => rule(look, look.rounds ? 0.5 : 1)), usual };
}

/**
 * Data that were stored as float32 beside gradients of float64 may have been so before, or only when they were stored.
 */
const STORED: Rule = { by: "digits", count: 7, unit: 0.5 };

function givenRules(
  given: readonly Written[],
  derived: Rule,
  { digits, decimals }: Told,
  isDouble: boolean,
): Omit<Rules, "usual"> {
  const many = summed(given, ({ telling }) => telling) >= MANY;
  const told = digits !== undefined || decimals !== undefined;
  const printed = given.filter(({ look }) => isPrinted(look, many, derived));
  const common =
    told && derived.by === "decimals"
      ? derived
      : commonRule(
          printed.map(({ look }) => look),
          0.5,
        );
  const strict = new Map<string, Rule>();
  const loose = new Map<string, Rule>();
  for (const { key, look } of given) {
    const isOne = printed.some((one) => one.key === key);
    if (isDouble && look.full && look.float32 && look.typed > 0) {
      strict.set(key, STORED);
      loose.set(key, STORED);
      continue;
    }
    strict.set(key, isOne ? own(look, 0.5) : NOTHING);
    if (isOne) loose.set(key, own(look, look.rounds || told ? 0.5 : 1));
    // A short number is what it says, unless its zeros were trimmed from what was printed like the others.
    else loose.set(key, look.full || printed.length === 0 || common === null ? NOTHING : likeOthers(look, common, 0.5));
  }
  return { strict, loose };
}

/**
 * So many significant digits in every number, wherever its point is, as `%.3g` has it; `null` where the arrays do not
 * look like that.
 */
function everyDigits(written: readonly Written[]): number | null {
  // Data and labels that are whole numbers are so by themselves, one array of results may be, but not all of them.
  const short = written
    .filter(({ given, look }) => !look.full && !(given && look.whole))
    .map(({ look }) => ({ ...look, ...look.wholes }));
  const digits = Math.max(0, ...short.map((look) => look.digits));
  const numbers = short.reduce((sum, { telling }) => sum + telling, 0);
  // Each 0 that was trimmed is one chance in ten: what needs fewer of them to be so is so.
  const missing = short.reduce((sum, { telling, allDigits }) => sum + telling * digits - allDigits, 0);
  const otherwise = short.reduce((sum, { lacking }) => sum + lacking, 0);
  const isLikely = missing < 0.25 * numbers && missing + 3 <= otherwise;
  // By chance many end in 0; then all else must speak for it.
  const isShown = digits >= 3 && missing < 0.4 * numbers && 4 * missing <= otherwise;
  return numbers >= MANY && digits >= 2 && digits <= 7 && (isLikely || isShown) ? digits : null;
}

/** The readings of numbers that all have so many digits of their own. */
function ownDigits(written: readonly Written[], count: number): Omit<Rules, "usual">[] {
  const isMeant = ({ look, given }: Written): boolean => !look.full && !(given && look.whole);
  const rules = (which: (one: Written) => boolean, unit: number): ReadonlyMap<string, Rule> =>
    new Map(
      written.filter(which).map(({ key, look: { decimals } }): [string, Rule] =>
        // Where programs print five digits with an exponent, they print four decimals without.
        [
          key,
          usualDecimals.includes(count - 1) && decimals < count
            ? { by: "either", decimals: count - 1, count, unit }
            : { by: "digits", count, unit },
        ],
      ),
    );
  return [
    {
      strict: rules((one) => !one.given && isMeant(one), 0.5),
      loose: rules((one) => !one.given && isMeant(one), 1),
    },
    {
      strict: rules((one) => one.given && isMeant(one), 0.5),
      // Data of whole numbers with as many digits are whole by themselves, or were rounded as all else was.
      loose: rules(
        (one) => one.given && (isMeant(one) || (!one.look.full && one.look.digits === count && count >= 3)),
        1,
      ),
    },
  ];
}

/** All readings of the arrays. */
export function readingsOf(written: readonly Written[], told: Told = {}): Readings {
  const [given, derived] = [written.filter((one) => one.given), written.filter((one) => !one.given)];
  const inferred = told.digits === undefined && told.decimals === undefined;
  // What a library printed says by itself which of both it is.
  const count = inferred && !written.some(({ look }) => look.rounds) ? everyDigits(written) : null;
  if (count !== null) {
    const [ours, theirs] = ownDigits(written, count) as [Omit<Rules, "usual">, Omit<Rules, "usual">];
    return assembled(written, { ...ours, usual: { by: "digits", count, unit: 0.5 } }, theirs, told);
  }
  const plenty = summed(given, ({ telling }) => telling) >= MANY;
  const ours = derivedRules(
    derived,
    told,
    commonRule(
      given.map(({ look }) => look).filter((look) => isPrinted(look, plenty, null)),
      0.5,
    ),
  );
  const theirs = givenRules(
    given,
    ours.usual,
    told,
    derived.some(({ look }) => look.full && !look.float32),
  );
  return assembled(written, ours, theirs, told);
}

function assembled(written: readonly Written[], ours: Rules, theirs: Omit<Rules, "usual">, told: Told): Readings {
  const derived = written.filter((one) => !one.given);
  // Full numbers show what they were computed in; of short ones all that were handed in may.
  const showing = derived.some(({ look }) => look.full) ? derived : written;
  const single = showing.every(({ look }) => look.float32);
  const isSingle = (arrays: readonly Written[]): boolean =>
    arrays.every(({ look }) => look.float32) && summed(arrays, ({ typed }) => typed) >= 4;
  const shown = isSingle(derived) || isSingle(written);
  const inferred = told.digits === undefined && told.decimals === undefined;
  const reading = (rules: readonly ReadonlyMap<string, Rule>[], usual: Rule): Reading => {
    const all = new Map(rules.flatMap((one) => [...one]));
    const rounded = [...all.values()].some(
      (rule) => rule.by !== "nothing" && (rule.by === "decimals" || rule.count < FINE),
    );
    return {
      epsilon: shown || (rounded && single) ? SINGLE : Number.EPSILON,
      rounded,
      ruleOf: (key) => all.get(key) ?? NOTHING,
      usual,
      inferred,
    };
  };
  const exact = reading([], NOTHING);
  const strict = [reading([ours.strict], ours.usual), reading([ours.strict, theirs.strict], ours.usual)];
  const loose = reading([ours.loose, theirs.loose], ours.usual);
  if ([...ours.loose.values(), ...theirs.loose.values()].every(({ by }) => by === "nothing")) {
    // Nothing but 0 shows no type: what underflows in float32 does not in float64.
    const hides =
      single && !shown && derived.length > 0 && derived.every(({ look }) => look.telling === 0 && look.whole);
    return { strict: [exact], exact: null, loose: hides ? { ...exact, epsilon: SINGLE, rounded: true } : exact };
  }
  const plain = [...theirs.strict.values()].every(({ by }) => by === "nothing");
  return { strict: plain ? strict.slice(0, 1) : strict, exact: strict[0]!.rounded ? exact : null, loose };
}

/** Returns what the numbers were read as, in words; `null` where each is what it says. */
export function readingWords({ usual, epsilon, rounded }: Reading): Words | null {
  if (usual.by === "nothing" || !rounded) return epsilon === SINGLE ? alike("float32") : null;
  if (usual.by === "decimals" && usual.count < 0) return intake.multiples({ of: 10 ** -usual.count });
  const byPlace = usual.by === "decimals" || (usual.by === "either" && usual.decimals >= 0 && usual.decimals <= 8);
  const count = usual.by === "either" && byPlace ? usual.decimals : usual.count;
  return byPlace ? intake.decimals({ count }) : intake.digits({ count });
}
