/** Puts a derivation behind a report in the report's own form. */

type Join = (report: string, derivation: string | undefined) => string;

export const joined: Readonly<Record<"json" | "markdown" | "latex", Join>> = {
  json: (report, derivation) =>
    derivation === undefined ? report : `${JSON.stringify({ ...(JSON.parse(report) as object), derivation: JSON.parse(derivation) as unknown }, null, 2)}\n`,
  markdown: (report, derivation) => (derivation === undefined ? report : `${report}\n${derivation.trimEnd()}\n`),
  latex: (report, derivation) => (derivation === undefined ? report : report.replace("\\end{document}", () => `${derivation}\n\\end{document}`)),
};
