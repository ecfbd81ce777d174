/** Claims from the top down, each from the person's own values above it: what fails here is a root, else inherited. */

import type { Claim, Comparison } from "../claims/claim.ts";
import { once } from "../once.ts";
import type { Diagnosis, JudgedLine, LineStatus } from "../report.ts";

/** How a claim fares by its own rule; `unknown` where nobody knows what it is to follow from. */
type Standing = "missing" | "shape" | "nan" | "unknown" | "holds" | "chosen" | "fails";

/** A claim as it was met. */
export interface Met<N, C extends Claim<N> = Claim<N>> {
  readonly claim: C;
  /** Says what was handed in for it, as it is read beside what follows from above. */
  readonly given: N | undefined;
  readonly standing: Standing;
  /** By its rule, from the person's own values above it; `null` where nobody knows these. */
  readonly local: N | null;
  /** The same with what the person chose at kinks. */
  readonly right: N | null;
  /** Says what everything below follows from: the person's own where its shape fits. */
  readonly seen: N | null;
  /** By true values, with choices that are as true. */
  readonly truth: () => N;
  readonly trueBelow: () => N;
  /** The mistake of what was not handed in and is known from what follows from it. */
  readonly diagnosis: Diagnosis | null;
  /** Something above it is wrong. */
  readonly tainted: boolean;
}

/** Holds what is known of a claim that was not handed in, from what follows from it. */
export interface Inferred<N> {
  readonly standing: "chosen" | "fails";
  readonly seen: N | null;
  /** Its mistake, where it is wrong. */
  readonly diagnosis: Diagnosis | null;
}

type Infer<N, C> = (claim: C, local: N, above: N | null) => Inferred<N> | null;

const isWrong = ({ standing }: { readonly standing: Standing }): boolean =>
  ["shape", "nan", "fails"].includes(standing);

/** The standing of what was handed in, and what it is held against. */
function stand<N>(
  by: Comparison<N>,
  { chosen }: Claim<N>,
  given: N,
  local: N,
  above: N | null,
): readonly [Standing, N] {
  if (!by.sized(given, local)) return ["shape", local];
  const choice = chosen?.(given, local, above) ?? null;
  const right = choice ?? local;
  if (!by.fits(given, right)) return ["fails", right];
  return [by.finite(given) ? (choice === null ? "holds" : "chosen") : "nan", right];
}

/**
 * Returns what everything below a claim follows from: its own where what was given does not fit, and what is inferred.
 */
function seenOf<N>(
  { onward }: Claim<N>,
  standing: Standing,
  given: N | undefined,
  local: N | null,
  inferred: Inferred<N> | null,
): N | null {
  if (given === undefined) return inferred === null ? local : inferred.seen;
  if (standing === "shape") return local;
  return standing === "holds" ? (onward?.(given, local!) ?? given) : given;
}

/** Meets every claim in turn; `infer` is asked about those that were not handed in. */
export function* walk<N, C extends Claim<N>>(
  claims: Iterable<C>,
  by: Comparison<N>,
  infer: Infer<N, C> = () => null,
): Generator<Met<N, C>> {
  const known = new Map<Claim<N>, Met<N, C>>();
  for (const claim of claims) {
    const { from, read } = claim;
    const source = from === null ? null : known.get(from)!;
    const above = source?.seen ?? null;
    const local = source !== null && above === null ? null : claim.own(above);
    const given =
      claim.given === undefined || local === null || read === undefined ? claim.given : read(claim.given, local);
    const truth = once(() => claim.truth(source === null ? null : source.trueBelow()));
    const tainted = source !== null && (source.tainted || isWrong(source));
    const inferred = given === undefined && local !== null ? infer(claim, local, above) : null;
    const [standing, right]: readonly [Standing, N | null] =
      given === undefined
        ? [inferred?.standing ?? "missing", local]
        : local === null
          ? [by.sized(given, truth()) ? "unknown" : "shape", null]
          : stand(by, claim, given, local, above);
    const seen = seenOf(claim, standing, given, local, inferred);
    // A choice at a kink is what everything below follows from.
    const trueBelow = standing === "chosen" && !tainted ? (): N => seen! : truth;
    const diagnosis = inferred?.diagnosis ?? null;
    const met = { claim, given, standing, local, right, seen, truth, trueBelow, diagnosis, tainted };
    known.set(claim, met);
    yield met;
  }
}

/** Returns what a claim comes to, beside the truth. */
export function statusOf<N>({ given, standing, truth, tainted }: Met<N>, by: Comparison<N>): LineStatus {
  if (standing === "missing" || standing === "shape" || standing === "nan") return standing;
  const isRight = (): boolean => given === undefined || by.fits(given, truth());
  if (by.byTruth && isRight()) return standing === "chosen" ? "kink" : "ok";
  switch (standing) {
    case "fails":
      return "root";
    case "chosen":
      return by.byTruth ? "inherited" : "kink";
    case "holds":
      return (tainted || by.byTruth) && !isRight() ? "inherited" : "ok";
    case "unknown":
      return isRight() ? "ok" : "inherited";
  }
}

/** True where it fails by its own rule: what ways to read a hand are compared by. */
export const fails = <N>(met: Met<N>): boolean => met.given !== undefined && isWrong(met);

/** One claim as a line of a report: beside what follows from the person's own numbers, and beside the truth. */
export function lineOf<N>(met: Met<N>, by: Comparison<N>): JudgedLine {
  const {
    claim: { name, formula },
    given,
    standing,
    right,
    truth,
  } = met;
  const status = statusOf(met, by);
  const isOpen = standing === "shape" || standing === "nan";
  const beside = (other: N): JudgedLine["local"] => (given === undefined || isOpen ? null : by.residual(given, other));
  return { name, formula, status, local: right && beside(right), global: beside(truth()) };
}
