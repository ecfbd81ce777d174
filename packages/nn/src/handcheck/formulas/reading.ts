/**
 * How a text is read as a whole: which signs, which numbers of layers, which names; the reading in which the most fits.
 */

import { sense } from "../../locales/sense.ts";
import type { Words } from "../../locales/words.ts";
import { symbolsIn, walk, withChildren, type Expr, type Formula, type FunctionName, type SymbolNode } from "./ast.ts";
import { withLettersAsLayers } from "./letters.ts";
import { unrolled, withRows } from "./loops.ts";
import { biasLike } from "./layout.ts";
import { onlyLayer, otherNumberings, ownNumbering, renumbered, type Numbering } from "./numbering.ts";
import { plan, type Plan } from "./plan.ts";
import { exprText } from "./print.ts";
import { placeOf, stop, Stop, type Problem } from "./problem.ts";
import type { Text } from "./read.ts";
import { keyOf, resolve, type Program } from "./resolve.ts";
import { findRoles, withDerivativeForms, withRoles, type Roles } from "./roles.ts";
import { plainName, versioned } from "./versions.ts";

/** A text, read for a network. */
export interface Reading {
  readonly formulas: readonly Formula[];
  readonly program: Program;
  readonly plan: Plan;
  readonly notes: readonly Problem[];
  /** Says what names and numbers were read as. */
  readonly says: readonly Words[];
}

interface Tried {
  readonly reading: Reading | null;
  readonly stop: Stop | null;
  /** How many formulas hold something that does not fit. */
  readonly misfits: number;
}

/** Reads a text for a network of these sizes. */
export function readingOf(source: string, texts: readonly Text[], sizes: readonly number[], samples: number): Reading {
  const attempt = (text: Text, numbering: Numbering): Tried => {
    try {
      const reading = readAs(source, text, numbering, sizes, samples);
      // Of readings with as many misfits the one that computes something on layers of one width.
      const { findings } = reading.plan;
      return {
        reading,
        stop: null,
        misfits:
          findings.length +
          findings.filter(({ fatal }) => fatal).length / 1000 +
          (namesInputTwice(text.formulas, numbering) ? 1 : 0),
      };
    } catch (error) {
      if (error instanceof Stop) return { reading: null, stop: error, misfits: Infinity };
      throw error;
    }
  };
  const byNumbers = (numbering: Numbering): Tried =>
    texts.map((text) => attempt(text, numbering)).reduce((best, one) => (one.misfits < best.misfits ? one : best));
  const own = byNumbers(ownNumbering);
  // One formula that does not fit is a slip; several speak of other numbers.
  if (own.misfits < 2 && !hasTheta(source)) return own.reading!;
  const numberings = sizes.length === 2 ? [onlyLayer(texts[0]!.formulas), ...otherNumberings] : otherNumberings;
  const others = numberings.map(byNumbers);
  const fits = others.find(({ misfits }) => misfits === 0);
  if (fits !== undefined && own.misfits > 0) return fits.reading!;
  if (own.reading !== null) return own.reading;
  const best = others.reduce((least, one) => (one.misfits < least.misfits ? one : least));
  if (
    best.reading !== null &&
    2 * Math.floor(best.misfits) <= best.reading.formulas.length &&
    best.reading.formulas.length > 1
  )
    return best.reading;
  throw own.stop!;
}

/** Whoever has an x does not number the input. */
function namesInputTwice(formulas: readonly Formula[], { v }: Numbering): boolean {
  const layers = formulas
    .flatMap(({ target, values }) => [target, ...values].flatMap(symbolsIn))
    .flatMap(({ name, layer }) => (name === "v" && layer !== null ? [layer] : []));
  return (
    v !== 0 &&
    layers.some(({ base }) => base === "input") &&
    layers.some(({ base, offset }) => base === "number" && offset + v === 0)
  );
}

/** Ng's Θ^l leads from layer l to the next. */
const hasTheta = (source: string): boolean => /\\Theta|Θ|\bTheta/.test(source);

function readAs(source: string, text: Text, numbering: Numbering, sizes: readonly number[], samples: number): Reading {
  const last = sizes.length - 1;
  const numbered = versioned(
    withSums(
      withSigmoids(
        withVectorErrors(
          unrolled(withoutCounts(renumbered(withLettersAsLayers(text.formulas, last), numbering, last))),
        ),
      ),
    ),
  );
  const roles = findRoles(numbered, numbering, last);
  const formulas = withDerivativeForms(withRows(withRoles(numbered, roles)));
  const program = resolve(formulas, last);
  return {
    formulas,
    program,
    plan: plan(program, source, sizes, samples),
    notes: [...text.notes, ...unusedIn(formulas), ...overwrittenIn(source, formulas)],
    says: saysOf(roles, numbering, formulas),
  };
}

/** 1 / (1 + exp(-x)), written out, is a sigmoid. */
function withSigmoids(formulas: readonly Formula[]): Formula[] {
  const isOne = (expr: Expr): boolean => expr.kind === "number" && expr.value === 1;
  const change = (expr: Expr): Expr => {
    const inner = withChildren(expr, change);
    if (inner.kind !== "binary" || inner.operator !== "divide" || !isOne(inner.left)) return inner;
    const below = inner.right;
    if (below.kind !== "binary" || below.operator !== "add") return inner;
    const power = isOne(below.left) ? below.right : isOne(below.right) ? below.left : null;
    if (power?.kind !== "call" || power.name !== "exp" || power.of.kind !== "unary" || power.of.operator !== "negate")
      return inner;
    return {
      kind: "call",
      name: "sigmoid",
      prime: false,
      layer: null,
      of: power.of.of,
      start: inner.start,
      end: inner.end,
    };
  };
  return formulas.map((formula) => ({ ...formula, values: formula.values.map(change) }));
}

/** A bare sum is over the samples in the gradient of a bias, and over what there is elsewhere. */
function withSums(formulas: readonly Formula[]): Formula[] {
  const plainly = (expr: Expr): Expr => {
    const inner = withChildren(expr, plainly);
    return inner.kind === "reduce" && inner.axis === "samples" ? { ...inner, axis: 0 } : inner;
  };
  return formulas.map((formula) =>
    formula.target.kind === "symbol" && biasLike.has(formula.target.name)
      ? formula
      : { ...formula, values: formula.values.map(plainly) },
  );
}

/** `m = X.shape[0]` says what m is, which every formula knows. */
function withoutCounts(formulas: readonly Formula[]): Formula[] {
  const isCount = ({ target, values }: Formula): boolean => {
    if (target.kind !== "symbol" || target.name !== "N") return false;
    const [value] = values;
    if (value?.kind === "number" || (value?.kind === "symbol" && value.name === "N")) return true;
    return stop("name", target, sense.countOfSamples);
  };
  const rest = formulas.filter((formula) => !isCount(formula));
  return rest.length === 0 ? [...formulas] : rest;
}

/** Whoever calls the vector y - output E means no cost by it. */
function withVectorErrors(formulas: readonly Formula[]): Formula[] {
  const isVector = ({ target, values }: Formula): boolean =>
    target.kind === "symbol" &&
    target.name === "cost" &&
    values.every((value) => {
      const parts = [...walk(value)];
      return (
        parts.some((part) => part.kind === "symbol" && part.name === "t") &&
        parts.every(({ kind }) => kind !== "reduce" && kind !== "sigma" && kind !== "call")
      );
    });
  if (!formulas.some(isVector)) return [...formulas];
  const change = (expr: Expr): Expr =>
    expr.kind === "symbol" && expr.name === "cost"
      ? { ...expr, name: "local", local: "E", layer: null }
      : expr.kind === "symbol"
        ? expr
        : withChildren(expr, change);
  return formulas.map((formula) => ({
    ...formula,
    target: change(formula.target) as Formula["target"],
    values: formula.values.map(change),
  }));
}

/** Names that the text defines and never uses. */
function unusedIn(formulas: readonly Formula[]): Problem[] {
  return formulas.flatMap(({ target }, order) => {
    if (target.kind !== "symbol" || target.name !== "local") return [];
    const isUsed = formulas.some(
      ({ values }, other) =>
        other !== order && values.some((value) => symbolsIn(value).some((node) => keyOf(node) === keyOf(target))),
    );
    const name = plainName(target.local);
    const { start, end } = target;
    return isUsed ? [] : [{ kind: "name" as const, start, end, says: sense.usedNowhere({ name }) }];
  });
}

/** Quantities that are assigned twice, the first time for nothing. */
function overwrittenIn(source: string, formulas: readonly Formula[]): Problem[] {
  const uses = ({ values }: Formula, key: string): boolean =>
    values.some((value) => symbolsIn(value).some((node) => keyOf(node) === key));
  return formulas.flatMap(({ target }, order) => {
    if (target.kind !== "symbol" || target.name === "local") return [];
    const key = keyOf(target);
    const later = formulas.slice(order + 1);
    const next = later.findIndex(
      (formula) =>
        formula.target.kind === "symbol" && keyOf(formula.target) === key && sameBase(formula.target, target),
    );
    if (next < 0 || later.slice(0, next + 1).some((formula) => uses(formula, key))) return [];
    const { line } = placeOf(source, later[next]!.target);
    const name = exprText(target);
    return [{ kind: "name" as const, start: target.start, end: target.end, says: sense.givenAgain({ name, line }) }];
  });
}

const sameBase = (one: SymbolNode, other: SymbolNode): boolean =>
  one.layer?.base === other.layer?.base && one.indices.length === other.indices.length;

const inOutput: Partial<Readonly<Record<FunctionName, string>>> = {
  sigmoid: "y (1 − y)",
  tanh: "1 − y²",
  relu: "1 where y > 0",
};

function saysOf(roles: Roles, numbering: Numbering, formulas: readonly Formula[]): Words[] {
  const place = { start: 0, end: 0, indices: [], local: "" };
  const pairs = [...roles].map(
    ([local, { name, layer }]) =>
      `${plainName(local).replace(/\[.*$/, "")} = ${exprText({ kind: "symbol", name, layer, ...place })}`,
  );
  const names = [...new Set(pairs)].join(", ");
  const forms = new Set(
    formulas
      .flatMap(({ values }) => values.flatMap((value) => [...walk(value)]))
      .flatMap((part) => (part.kind === "call" && part.form === "output" ? [part.name] : [])),
  );
  return [
    ...(names === "" ? [] : [sense.namesReadAs({ names })]),
    ...(numbering.says === null ? [] : [numbering.says]),
    ...Array.from(forms, (name) => {
      const form = inOutput[name] === undefined ? "" : `, ${inOutput[name]}`;
      return sense.derivativeInOutput({ name, form });
    }),
  ];
}
