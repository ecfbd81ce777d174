/** A fit with its residuals, one above the other, as SVG. */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** One measurement beside the fit. */
export interface Fitted {
  readonly x: number;
  readonly measured: number;
  readonly fitted: number;
  readonly residual: number;
}

/** What is used of an element here, where there is no page. */
interface Drawn {
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
}

const WIDTH = 760;
const HEIGHTS = { fit: 300, residuals: 140 };

export function drawFit(points: readonly Fitted[]): string {
  const { document } = parseHTML("<html><body></body></html>") as { readonly document: object };
  const shared = { document, width: WIDTH, marginLeft: 48, style: { background: "white", color: "black" } };
  const data = [...points];
  const upper = Plot.plot({
    ...shared,
    height: HEIGHTS.fit,
    x: { label: null },
    y: { label: "measured (dots) and fitted (line)" },
    marks: [
      Plot.dot(data, { x: "x", y: "measured", r: 1, fill: "#888" }),
      Plot.line(data, { x: "x", y: "fitted", stroke: "#c33", strokeWidth: 1.5 }),
    ],
  }) as Drawn;
  const lower = Plot.plot({
    ...shared,
    height: HEIGHTS.residuals,
    y: { label: "fitted − measured" },
    marks: [Plot.ruleY([0]), Plot.dot(data, { x: "x", y: "residual", r: 1, fill: "#36c" })],
  }) as Drawn;
  const part = (figure: Drawn, y: number): string => {
    figure.setAttribute("y", String(y));
    return figure.outerHTML.replace(/\d+\.\d{3,}/g, (digits) => Number(digits).toFixed(2));
  };
  const height = HEIGHTS.fit + HEIGHTS.residuals;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">\n${part(upper, 0)}\n${part(lower, HEIGHTS.fit)}\n</svg>\n`;
}
