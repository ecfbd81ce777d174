/** How values fall from iteration to iteration, a line for each method, as SVG. */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** The value at one iteration of a method. */
export interface Reached {
  readonly method: string;
  readonly iteration: number;
  readonly value: number;
}

export function drawConvergence(points: readonly Reached[]): string {
  const { document } = parseHTML("<html><body></body></html>") as { readonly document: object };
  const last = points.filter(({ method, iteration }) =>
    points.every((other) => other.method !== method || other.iteration <= iteration),
  );
  const shared = { x: "iteration", y: "value", stroke: "method" } as const;
  const figure = Plot.plot({
    document,
    width: 760,
    height: 360,
    marginLeft: 60,
    marginRight: 60,
    style: { background: "white", color: "black" },
    x: { label: "iteration" },
    y: { label: "value", type: "log", tickFormat: ".0e" },
    marks: [
      Plot.line([...points], { ...shared, strokeWidth: 1.5 }),
      // Lines that end side by side have their names one above the other.
      ...last.map((end, k) =>
        Plot.text([end], {
          x: "iteration",
          y: "value",
          text: "method",
          fill: "method",
          textAnchor: "start",
          dx: 6,
          dy: -14 * (k % 2),
        }),
      ),
    ],
  }) as { readonly outerHTML: string };
  return `${figure.outerHTML.replace(/\d+\.\d{3,}/g, (digits) => Number(digits).toFixed(2)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')}\n`;
}
