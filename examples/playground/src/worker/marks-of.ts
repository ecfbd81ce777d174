/** Which equation a line of the text stands for, and how it fares. */

import type { FormulaReport, LineStatus, Report } from "@chainrule/nn/handcheck";
import type { Fares, Mark } from "./protocol.ts";

/** The graver of several equations that one line stands for. */
const gravity: readonly LineStatus[] = [
  "nan",
  "shape",
  "root",
  "inherited",
  "undecided",
  "kink",
  "convention",
  "ok",
  "missing",
];

export function marksOf({ formulas, lines }: FormulaReport): Mark[] {
  return formulas.flatMap(({ line, text, layers }): Mark[] => {
    const name = text.split(" = ")[0]!;
    const generic = name.replace(/[ˡ]|\^l/g, "");
    const own = lines
      .filter(
        (one) => layers.includes(one.layer) && (one.name === name || one.name.replace(/[⁰-⁹¹²³]+$/, "") === generic),
      )
      .sort((a, b) => gravity.indexOf(a.status) - gravity.indexOf(b.status))[0];
    return own === undefined
      ? []
      : [{ line, status: own.status, says: `${own.equation === "forward" ? "" : `${own.equation} `}${own.name}` }];
  });
}

const names = { BP1: "delta", BP2: "delta", BP3: "gradB", BP4: "gradW" } as const;

export const faresOf = ({ lines }: Report | FormulaReport): Fares =>
  Object.fromEntries(
    lines.flatMap(({ equation, layer, status }) =>
      equation in names ? [[`${names[equation as keyof typeof names]}${layer}`, status]] : [],
    ),
  );
