/**
 * Partial credit: what each equation is worth, and what of it a report earns; a mistake costs its own equation and
 * nothing that follows from it.
 */

import type { LineStatus } from "./report.ts";

/** All points at once, shared among the equations; or so many for each that is named. */
export type PointsScheme =
  | { readonly kind: "total"; readonly of: number }
  | { readonly kind: "named"; readonly of: ReadonlyMap<string, number> };

/** `lost` is wrong, `open` what the numbers cannot tell, `absent` what was not handed in. */
export type Fate = "gained" | "lost" | "open" | "absent";

/** One equation at one layer, or one gradient of a kernel. */
interface PointsPart {
  readonly equation: string;
  readonly layer: number | null;
  readonly name: string;
  readonly fate: Fate;
  readonly of: number;
  readonly gained: number;
}

/** Holds what a report earns; what is open is neither gained nor lost. */
export interface Points {
  readonly of: number;
  readonly gained: number;
  readonly open: number;
  readonly parts: readonly PointsPart[];
}

/** Holds what is graded: a line of either report. */
export interface GradedLine {
  readonly equation: string;
  readonly layer: number | null;
  readonly name: string;
  readonly status: LineStatus;
}

interface AnyLines {
  readonly lines: readonly {
    readonly equation?: string;
    readonly layer?: number;
    readonly name: string;
    readonly status: LineStatus;
  }[];
  readonly forward?: { readonly status: LineStatus } | null;
}

/** The lines of a report, in which a kernel's gradients are equations by their names. */
export function gradedLines({ lines, forward = null }: AnyLines): GradedLine[] {
  const own = forward === null ? [] : [{ equation: "forward", layer: null, name: "forward", status: forward.status }];
  return [
    ...own,
    ...lines.map(({ equation, layer, name, status }) => ({
      equation: equation ?? name,
      layer: layer ?? null,
      name,
      status,
    })),
  ];
}

const fates: Readonly<Record<Exclude<LineStatus, "missing">, Fate>> = {
  ok: "gained",
  convention: "gained",
  kink: "gained",
  inherited: "gained",
  undecided: "open",
  root: "lost",
  shape: "lost",
  nan: "lost",
};

/**
 * Returns where a value shows that was not handed in itself: δ in the gradients of its layer, the forward pass in all
 * of them.
 */
function seenIn(
  { equation, layer }: Pick<GradedLine, "equation" | "layer">,
  lines: readonly GradedLine[],
): GradedLine[] {
  const gradients = lines.filter((one) => ["BP3", "BP4", "REG"].includes(one.equation) && one.status !== "missing");
  if (equation === "forward") return gradients;
  return equation === "BP1" || equation === "BP2" ? gradients.filter((one) => one.layer === layer) : [];
}

/** How an equation fares. A δ that its gradients show to be wrong is a `root` itself, though it was not handed in. */
export function fateOf(wanted: Pick<GradedLine, "equation" | "layer">, lines: readonly GradedLine[]): Fate {
  const line = lines.find(({ equation, layer }) => equation === wanted.equation && layer === wanted.layer);
  if (line !== undefined && line.status !== "missing") return fates[line.status];
  const seen = seenIn(wanted, lines).map(({ status }) => status);
  if (seen.length === 0 || seen.every((status) => status === "shape" || status === "nan")) return "absent";
  return seen.includes("undecided") ? "open" : "gained";
}

/** The lines that points are for: the equations of the backward pass, else whatever there is. */
function worthy(lines: readonly GradedLine[]): GradedLine[] {
  const there = lines.filter((line) => fateOf(line, lines) !== "absent");
  const backward = there.filter(({ equation }) => equation !== "forward" && equation !== "STEP");
  return backward.length > 0 ? backward : there;
}

/** Parts of a total that are multiples of a hundredth and add up to it. */
function shares(total: number, count: number): number[] {
  const cents = Math.round(total * 100);
  const least = Math.floor(cents / count);
  return Array.from({ length: count }, (_, i) => (least + (i < cents - least * count ? 1 : 0)) / 100);
}

const rounded = (points: number): number => Math.round(points * 100) / 100;

/**
 * The equations that the points are for, each with its share; `named` ones that there are none of stand for themselves.
 */
function partsOf(scheme: PointsScheme, lines: readonly GradedLine[]): Omit<PointsPart, "fate" | "gained">[] {
  const spread = (total: number, among: readonly GradedLine[]): Omit<PointsPart, "fate" | "gained">[] => {
    const each = shares(total, among.length);
    return among.map(({ equation, layer, name }, i) => ({ equation, layer, name, of: each[i]! }));
  };
  if (scheme.kind === "total") return spread(scheme.of, worthy(lines));
  return [...scheme.of].flatMap(([equation, total]) => {
    const own = lines.filter((line) => line.equation === equation);
    return own.length === 0 ? [{ equation, layer: null, name: equation, of: total }] : spread(total, own);
  });
}

/** The names that points can be given to. */
export const equationsIn = (lines: readonly GradedLine[]): string[] => [
  ...new Set(lines.filter((line) => fateOf(line, lines) !== "absent").map(({ equation }) => equation)),
];

/** Returns what the reference gives of the backward pass, and a submission neither gives nor shows. */
export const absentFrom = (lines: readonly GradedLine[], expected: readonly GradedLine[]): GradedLine[] =>
  worthy(expected).filter((one) => fateOf(one, lines) === "absent");

/**
 * The points of a report.
 *
 * @param lines - its lines; none where it could not be judged
 * @param scheme - what there is to gain
 * @param expected - the lines of the reference: what it gives has to be given; the report's own where there is none
 * @param trusted - false where the references disagree: then everything is open
 */
export function pointsOf(
  lines: readonly GradedLine[],
  scheme: PointsScheme,
  expected: readonly GradedLine[] | null,
  trusted = true,
): Points {
  const wanted = expected === null ? lines : expected.filter((line) => fateOf(line, expected) !== "absent");
  const parts = partsOf(scheme, wanted).map((part): PointsPart => {
    const fate = trusted ? fateOf(part, lines) : "open";
    return { ...part, fate, gained: fate === "gained" ? part.of : 0 };
  });
  const of = scheme.kind === "total" ? scheme.of : [...scheme.of.values()].reduce((sum, one) => sum + one, 0);
  const sum = (which: Fate): number =>
    rounded(parts.reduce((total, part) => total + (part.fate === which ? part.of : 0), 0));
  return { of: rounded(of), gained: sum("gained"), open: sum("open"), parts };
}
