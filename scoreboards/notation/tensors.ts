/** Residuals in the library's ops: one function of a tensor of parameters. */

import {
  abs,
  add,
  at,
  concat,
  cos,
  div,
  equal,
  exp,
  gather,
  greater,
  less,
  log,
  mul,
  neg,
  pow,
  reshape,
  sign,
  sin,
  sqrt,
  sub,
  tensor,
  where,
  type Tensor,
} from "@chainrule/autograd";
import type { Expression } from "./expand.ts";
import { groupsOf, type Merged, type MergedComparison } from "./groups.ts";

type Value = Tensor | number;
type Op = (...of: readonly never[]) => Tensor;

/** Half angles that are taken before the series: |x| is at most tan(π/32) then. */
const HALVINGS = 4;
const TERMS = 9;

/** atan x = 2 atan(x / (1 + √(1 + x²))), and Σ (−1)^k x^(2k+1) / (2k + 1) where x is small */
function atan(x: Tensor): Tensor {
  let small = x;
  for (let k = 0; k < HALVINGS; k++) small = div(small, add(1, sqrt(add(1, mul(small, small)))));
  const square = mul(small, small);
  let series: Value = 1 / (2 * TERMS + 1);
  for (let k = TERMS - 1; k >= 0; k--) series = sub(1 / (2 * k + 1), mul(square, series));
  return mul(2 ** HALVINGS, mul(small, series));
}

const ops: { readonly [name: string]: Op } = {
  "+": add,
  "-": sub,
  "*": mul,
  "/": div,
  "^": pow,
  neg,
  abs,
  sqrt,
  exp,
  ln: log,
  sin,
  cos,
  sign,
  atan,
} as { readonly [name: string]: Op };
const comparisons: { readonly [name: string]: (a: Tensor, b: Tensor) => Tensor } = {
  ">": greater,
  "<": less,
  "=": equal,
};

/** The function that gives all residuals for parameters of shape [n]. */
export function tensorFunction(residuals: readonly Expression[]): (x: Tensor) => Tensor {
  const groups = groupsOf(residuals);
  const places = new Array<number>(residuals.length);
  groups.flatMap(({ at: entries }) => entries).forEach((entry, k) => (places[entry] = k));
  const ordered = places.every((place, k) => place === k);
  return (x) => {
    const known = new Map<Merged, Value>();
    const value = (form: Merged): Value => {
      const found = known.get(form) ?? compute(form, x, value);
      known.set(form, found);
      return found;
    };
    const parts = groups.map(({ at: entries, form }) => {
      const part = tensorOf(value(form));
      return part.shape.length === 1
        ? part
        : reshape(add(part, tensor(new Float64Array(entries.length))), [entries.length]);
    });
    const joined = parts.length === 1 ? parts[0]! : (concat(parts) as Tensor);
    return ordered ? joined : gather(joined, places);
  };
}

const tensorOf = (value: Value): Tensor => (typeof value === "number" ? tensor(value) : value);

function compute(form: Merged, x: Tensor, value: (form: Merged) => Value): Value {
  switch (form.kind) {
    case "number":
      return form.value;
    case "numbers":
      return tensor(form.values);
    case "x":
      return at(x, form.at) as Tensor;
    case "xs":
      return gather(x, form.at);
    case "call":
      return power(form, value) ?? ops[form.name]!(...(form.of.map(value) as never[]));
    case "if":
      return chosen(form.cases, value);
  }
}

/** Squares and cubes as products. */
function power(form: Merged & { readonly kind: "call" }, value: (form: Merged) => Value): Value | null {
  const [base, exponent] = form.of;
  if (form.name !== "^" || exponent!.kind !== "number" || (exponent!.value !== 2 && exponent!.value !== 3)) return null;
  const b = value(base!);
  return exponent!.value === 2 ? mul(b as Tensor, b as Tensor) : mul(mul(b as Tensor, b as Tensor), b as Tensor);
}

/** The first case that holds; what is not chosen has no influence on derivatives. */
function chosen(cases: readonly (readonly [MergedComparison | null, Merged])[], value: (form: Merged) => Value): Value {
  const [[comparison, then], ...rest] = cases as [
    readonly [MergedComparison | null, Merged],
    ...(readonly [MergedComparison | null, Merged])[],
  ];
  if (comparison === null || rest.length === 0) return value(then);
  const holds = comparisons[comparison.name]!(tensorOf(value(comparison.left)), tensorOf(value(comparison.right)));
  return where(holds as Tensor<[]>, tensorOf(value(then)) as Tensor<[]>, tensorOf(chosen(rest, value)) as Tensor<[]>);
}
