// Every format is well formed, whatever the network, the notation and the language; Mazur's network as it is printed.
import katex from "katex";
import { isTried } from "../../../../autograd/test/size.ts";
import { describe, expect, it } from "vitest";
import { derive, type Derivation } from "../../../src/handcheck/derive/derive.ts";
import { notations, type NotationName } from "../../../src/handcheck/derive/language/notation.ts";
import { columnsOf } from "../../../src/handcheck/report/width.ts";
import { batchOf, cases, mazurNetwork, mazurNumbers, networkOf } from "./support.ts";
import { formulasOf, parseXml, wrongArity } from "./markup.ts";

const names = Object.keys(notations) as NotationName[];
const pairs = names.flatMap((notation) => (["en", "zh"] as const).map((language) => [notation, language] as const));
const wide = { sizes: [20, 12, 10], activations: ["relu", "softmax"], cost: "categoricalCrossEntropy" } as const;

/**
 * Every kind of derivation of every network; in the nightly run in every notation and language, else in about one in
 * four.
 */
function all(notation: NotationName, language: "en" | "zh"): Derivation[] {
  const kinds = [{ reduction: "sum" }, { samples: 2, eta: 0.1 }, { samples: 1 }] as const;
  return [...cases, wide].flatMap((one, at) =>
    kinds
      .filter((_, kind) => isTried(16, `${notation} ${language} ${at} ${kind}`))
      .map((kind) =>
        derive(networkOf(one), {
          notation,
          language,
          ...("samples" in kind
            ? { numbers: { ...batchOf(one, kind.samples), ...("eta" in kind ? { eta: kind.eta } : {}) } }
            : kind),
        }),
      ),
  );
}

describe.each(pairs)("in the notation %s and the language %s", (notation, language) => {
  const derivations = all(notation, language);

  it.each([48, 64, 80, 120])("text keeps to %d columns", (width) => {
    for (const derivation of derivations) {
      const long = derivation
        .toText({ width })
        .split("\n")
        .filter((line) => columnsOf(line) > width);
      expect(long).toEqual([]);
    }
  });

  it("LaTeX and Markdown hold formulas that KaTeX reads", () => {
    const distinct = new Map<string, boolean>();
    for (const derivation of derivations) {
      for (const text of [derivation.toLatex(), derivation.toLatex({ standalone: true }), derivation.toMarkdown()]) {
        const formulas = formulasOf(text);
        expect(formulas.length).toBeGreaterThan(20);
        for (const { math, display } of formulas) distinct.set(math, display);
      }
    }
    // The formulas are the same in both languages, and reading them takes long.
    if (language === "zh") return;
    for (const [math, displayMode] of distinct) {
      expect(
        () => katex.renderToString(math, { displayMode, strict: "error", throwOnError: true, output: "mathml" }),
        math,
      ).not.toThrow();
    }
  });

  it("LaTeX holds no sign that a plain compiler does not know", () => {
    // Chinese text needs a class of its own; its formulas are those of the English one.
    if (language === "zh") return;
    for (const derivation of derivations) expect(derivation.toLatex().match(/[^\x20-\x7e\n’“”]/gu)).toBeNull();
  });

  it("MathML is well-formed XML whose elements have the children they need", () => {
    for (const derivation of derivations) {
      const root = parseXml(derivation.toMathML());
      expect(root.children.map(({ name }) => name)).toEqual(["article"]);
      expect(wrongArity(root)).toEqual([]);
    }
  });

  it("JSON comes back as it went", () => {
    const json = derive(mazurNetwork, { notation, language, numbers: mazurNumbers }).toJSON();
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json.schema).toBe("derivation/1");
  });

  it("Mazur's network is printed as it was", async () => {
    const text = derive(mazurNetwork, { notation, language, numbers: mazurNumbers }).toText();
    await expect(text).toMatchFileSnapshot(`__snapshots__/mazur-${notation}-${language}.txt`);
  });
});

describe("Mazur's network in the other formats", () => {
  const derivation = derive(mazurNetwork, { numbers: mazurNumbers });

  it.each([
    ["md", derivation.toMarkdown()],
    ["tex", derivation.toLatex({ standalone: true })],
    ["html", derivation.toMathML()],
    ["ts.txt", derivation.toTypeScript()],
  ])("%s is as it was", async (extension, text) => {
    await expect(text).toMatchFileSnapshot(`__snapshots__/mazur-document-en.${extension}`);
  });
});

describe("the readers of these tests", () => {
  it("refuse markup that is not well formed", () => {
    for (const wrong of ["<p>", "<p></q>", "<p>a & b</p>", "<p>a > b</p>", "<p a=b></p>"])
      expect(() => parseXml(wrong), wrong).toThrow(SyntaxError);
    expect(wrongArity(parseXml("<mfrac><mn>1</mn></mfrac>"))).toHaveLength(1);
    for (const wrong of ["{", "}", "\\begin{a}", "\\begin{a}\\end{b}"])
      expect(() => formulasOf(wrong), wrong).toThrow(SyntaxError);
  });
});
