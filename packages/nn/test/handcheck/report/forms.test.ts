/** A report in every form: what it says at each level of hints, and that it is well-formed. */

import { describe, expect, it } from "vitest";
import { reportHtml, reportLatex, reportMarkdown, reportPart, reportText } from "../../../src/handcheck/index.ts";
import type { Hints } from "../../../src/handcheck/report/document.ts";
import { formulaMathml } from "../../../src/handcheck/report/html/mathml.ts";
import { toJson } from "../../../src/handcheck/report/json.ts";
import { formulaLatex } from "../../../src/handcheck/report/latex-formula.ts";
import { networkDocument } from "../../../src/handcheck/report/of-network.ts";
import { columnsOf, wrap } from "../../../src/handcheck/report/width.ts";
import type { AnyReport } from "../../../src/handcheck/report.ts";
import { contract, correct, forwardWrong, mistake, missingFactor, reports } from "./reports.ts";
import { violations } from "./schema.ts";

const jsonText = (report: AnyReport, hints: Hints = 3): string => toJson(networkDocument(report, { hints }).data);
const all = Object.entries(reports);
const languages = ["en", "zh"] as const;
const levels: readonly Hints[] = [0, 1, 2, 3];

/** What gives the answer away, and from which level it may. */
const secrets: readonly (readonly [RegExp, Hints])[] = [
  [/BP2/, 1],
  [/"missing"|is missing|少了/, 2],
  [/B1\b/, 3],
  [/without the factor|少乘了/, 3],
  [/0\.0087713|0\.008771/, 3],
  [/W²ᵀδ²\) ⊙/, 3],
];

describe("text", () => {
  it.each(all)("%s fits eighty columns in both languages, without escape codes", (_, report) => {
    for (const lang of languages)
      for (const hints of levels) {
        const text = reportText(report, { lang, hints });
        for (const line of text.split("\n")) expect(columnsOf(line), line).toBeLessThanOrEqual(80);
        expect(text).not.toContain("\u001b");
        expect(text).not.toMatch(/undefined|\n\n\n| $/m);
      }
  });

  it("is a table of the equations, then the mistake, then what the data cannot show", async () => {
    await expect(reportText(mistake)).toMatchFileSnapshot("snapshots/mistake.txt");
    await expect(reportText(mistake, { lang: "zh" })).toMatchFileSnapshot("snapshots/mistake.zh.txt");
    await expect(reportText(correct)).toMatchFileSnapshot("snapshots/correct.txt");
    await expect(reportText(forwardWrong)).toMatchFileSnapshot("snapshots/forward-wrong.txt");
    await expect(reportText(contract)).toMatchFileSnapshot("snapshots/contract.txt");
  });

  it("has color where it is asked for, and the same words", () => {
    const colored = reportText(mistake, { color: true });
    expect(colored).toContain("\u001b[31m");
    expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(reportText(mistake));
  });

  it("says so when the references disagree", () => {
    expect(reportText({ ...correct, witness: { autograd: 1, difference: 1, agrees: false } })).toContain("DISAGREE");
  });
});

describe("hints", () => {
  const forms = {
    reportText,
    reportMarkdown,
    reportLatex,
    reportHtml,
    reportPart,
    jsonText: (report: typeof mistake, { hints = 3 }: { hints?: Hints }) => jsonText(report, hints),
  };

  it.each(Object.entries(forms))("%s gives away no more than allowed", (name, form) => {
    for (const hints of levels) {
      const said =
        form(mistake, { hints, lang: "en" }) + (name === "jsonText" ? "" : form(mistake, { hints, lang: "zh" }));
      // Advice on data, the style of the page and LaTeX's own symbols are no answers.
      for (const [secret, from] of secrets)
        if (hints < from) expect(said, `${secret.source} at ${hints}`).not.toMatch(secret);
    }
  });

  it("name the sort of slip at level two", () => {
    const kind = (edit: typeof missingFactor.edit, id = "B1"): string =>
      reportText({ ...mistake, roots: [{ ...missingFactor, id, edit }] }, { hints: 2 });
    expect(kind({ kind: "insert", term: "σ'(u¹)" })).toContain("something is missing");
    expect(kind({ kind: "delete", term: "σ'(u¹)" })).toContain("does not belong");
    expect(kind({ kind: "replace", term: "W²ᵀ" })).toContain("something else belongs");
    expect(kind({ kind: "replace", term: "−1" })).toContain("sign");
    expect(kind({ kind: "delete", term: "1/N" })).toContain("constant factor");
    expect(kind({ kind: "insert", term: "" }, "unknown")).toContain("no typical mistake");
  });
});

describe("JSON", () => {
  it.each(all)("%s keeps to its schema at every level of hints", (_, report) => {
    for (const hints of levels) expect(violations(jsonText(report, hints))).toEqual([]);
  });

  it("writes what JSON has no numbers for", () => {
    const { lines } = JSON.parse(jsonText(contract)) as { lines: { global: { yours: unknown; ulps: unknown } }[] };
    expect(lines[0]!.global).toMatchObject({ yours: "NaN", ulps: "Infinity", correct: -0.5 });
  });

  it("of failures keeps to the schema, too", () => {
    expect(
      violations(
        toJson({
          schema: "handcheck/1",
          verdict: "usage",
          exit: 64,
          error: { message: "unknown option --hint", advice: "" },
        }),
      ),
    ).toEqual([]);
  });

  it("is refused by the schema where something is missing or too much", () => {
    expect(violations(jsonText(mistake).replace('"score"', '"scores"'))).not.toEqual([]);
    expect(violations(jsonText(mistake, 1).replace('"hints": 1', '"hints": 3'))).not.toEqual([]);
    expect(violations(jsonText(mistake, 3).replace('"hints": 3', '"hints": 1'))).not.toEqual([]);
  });
});

describe("Markdown", () => {
  it("is a table and a list", async () => {
    await expect(reportMarkdown(mistake)).toMatchFileSnapshot("snapshots/mistake.md");
  });

  it("keeps bars and stars in their cells", () => {
    const text = reportMarkdown({
      ...mistake,
      contract: [{ en: "a | b *c*", zh: "" }],
      lines: [{ ...mistake.lines[2]!, formula: "δ² = |v² − t|" }],
    });
    expect(text).toContain("`δ² = \\|v² − t\\|`");
    expect(text).toContain("a \\| b \\*c\\*");
  });
});

describe("LaTeX", () => {
  it("is a document whose braces and environments close", async () => {
    const text = reportLatex(mistake);
    await expect(text).toMatchFileSnapshot("snapshots/mistake.tex");
    const depth = Array.from(text.replaceAll(/\\[{}]/g, "")).reduce(
      (open, character) => open + (character === "{" ? 1 : character === "}" ? -1 : 0),
      0,
    );
    expect(depth).toBe(0);
    expect(text.match(/\\begin/g)!.length).toBe(text.match(/\\end\{/g)!.length);
    // A text font has no Greek.
    expect(text).not.toMatch(/[α-ω∂⊙⁰-⁹ᵀ²¹³]/u);
  });

  it.each([
    ["δ¹ = (W²ᵀδ²) ⊙ σ'(u¹)", "\\delta^{1} = (W^{2{\\mathsf T}}\\delta^{2}) \\odot \\sigma'(u^{1})"],
    ["∂C/∂W² = (1/N) Σₙ δ²(v¹)ᵀ", "\\partial C/\\partial W^{2} = (1/N) \\sum_{n} \\delta^{2}(v^{1})^{{\\mathsf T}}"],
    ["½Σ(t − v)²", "\\tfrac12\\sum (t - v)^{2}"],
    ["δ^{l+1}_k w_{kj}", "\\delta_{k}^{l+1} w_{kj}"],
    ["softmax(v²) − t", "\\mathrm{softmax}(v^{2}) - t"],
  ])("sets %s", (formula, latex) => {
    expect(formulaLatex({ kind: "line", text: formula })).toBe(latex);
  });
});

describe("MathML", () => {
  it("raises layers and transposes and keeps the line as its name", () => {
    const mathml = formulaMathml({ kind: "line", text: "δ¹ = W²ᵀδ² < 1" });
    expect(mathml).toContain("<msup><mi>W</mi><mrow><mn>2</mn>");
    expect(mathml).toContain('aria-label="δ¹ = W²ᵀδ² &#60; 1"');
    expect(mathml.match(/<m\w+/g)!.length).toBe(mathml.match(/<\/m\w+/g)!.length);
  });
});

describe("widths", () => {
  it("count East Asian characters twice and marks not at all", () => {
    expect(columnsOf("错误 δ̄")).toBe(6);
  });

  it("wrap Chinese anywhere but before punctuation, and words at spaces", () => {
    expect(wrap("一二三四五，六七", 10)).toEqual(["一二三四", "五，六七"]);
    expect(wrap("one two three", 8, "  ")).toEqual(["one two", "  three"]);
    expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
    expect(wrap("abcdefghij", 4, "  ")).toEqual(["abcd", "  ef", "  gh", "  ij"]);
  });
});

describe("a part of a page", () => {
  it.each(all)("of %s is what stands on its page, without style, script and data", (_, report) => {
    for (const lang of languages)
      for (const hints of levels) {
        const part = reportPart(report, { lang, hints });
        expect(reportHtml(report, { lang, hints })).toContain(part);
        expect(part).toContain('class="banner');
        expect(part).not.toMatch(/<(?:style|script|html|main)/);
      }
  });
});
