/**
 * Marks in the forms of other programs: what is quoted and escaped comes back as it was, and no form gives away more
 * than the hints allow.
 */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Judged } from "../../../src/cli/formats/judged.ts";
import { judgedAnswer } from "../../../src/cli/formats/judged.ts";
import { csv } from "../../../src/cli/formats/csv.ts";
import { github } from "../../../src/cli/formats/github.ts";
import { gradescope } from "../../../src/cli/formats/gradescope.ts";
import { junit } from "../../../src/cli/formats/junit.ts";
import { faulty, withPoints } from "../../../src/cli/marking.ts";
import { recordOf } from "../../../src/handcheck/intake/values.ts";
import type { Hints } from "../../../src/handcheck/report/document.ts";
import type { Report } from "../../../src/handcheck/report.ts";
import { correct, forwardWrong, inconclusive, mistake } from "../report/reports.ts";
import { parseXml, violationsOf } from "./xml.ts";

const awkward = [
  '"',
  ",",
  "\n",
  "\r",
  "\r\n",
  "\t",
  " ",
  "=",
  "-",
  "@",
  "%",
  ":",
  "::",
  "&",
  "<",
  ">",
  "'",
  "]]>",
  "&amp;",
  "\u0000",
  "\u001b",
  "\ud800",
  "\udc00",
  "\ufffe",
  "\u00a0",
  "δ¹",
  "\u{1d4b3}",
];

/** Any text, with much of what needs to be quoted or cannot be said. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...awkward),
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    ),
  )
  .map((parts) => parts.join(""));

/** What XML can hold, but for tabs and breaks: no control characters, no halves of pairs. */
const isPrinted = (code: number): boolean =>
  code > 0xffff || (code >= 0x20 && code < 0xfffe && (code < 0xd800 || code > 0xdfff));

const begun = new Date("2026-11-30T10:20:30Z");

/** A report as a submission that was judged. */
const judged = (
  report: Report,
  {
    hints = 3,
    points = null,
    file = "alice.mjs",
  }: { readonly hints?: Hints; readonly points?: number | null; readonly file?: string } = {},
): Judged => {
  const answer = withPoints(
    {
      kind: "report",
      report,
      tensors: [],
      derivation: null,
      exercise: recordOf(new Map()),
      line: null,
      others: [],
      fault: null,
    },
    points === null ? null : { kind: "total", of: points },
    null,
  );
  return judgedAnswer(answer, { file, path: `hw1/${file}`, lang: "en", hints, place: null, seconds: 0.25 });
};

/** One gradient that the digits leave open. */
const open: Report = {
  ...correct,
  verdict: "inconclusive",
  lines: correct.lines.map((line) =>
    line.equation === "BP4" && line.layer === 1 ? { ...line, status: "undecided" } : line,
  ),
};

const broken = (message: string): Judged => {
  const fault = { message, advice: "", file: null, line: 3, column: 7 };
  return judgedAnswer(faulty(fault, "bob.py"), {
    file: "bob.py",
    path: "hw1/bob.py",
    lang: "en",
    hints: 3,
    place: { line: 3, column: 7 },
    seconds: 1,
  });
};

/** The fields of CSV, read as RFC 4180 says. */
function fieldsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare!);
    if (end !== ",") rows.push([]);
  }
  return rows.slice(0, -1);
}

describe("CSV", () => {
  it("has a line for each file, with what a spreadsheet needs", () => {
    expect(
      fieldsOf(
        csv([
          judged(correct, { points: 10 }),
          judged(mistake, { points: 10, file: 'carol, "C".mjs' }),
          broken("no, really"),
        ]),
      ),
    ).toEqual([
      ["file", "verdict", "passed", "given", "points", "open", "of", "roots", "says"],
      [
        "alice.mjs",
        "correct",
        expect.any(String),
        expect.any(String),
        "10",
        "0",
        "10",
        "",
        expect.stringContaining("Right"),
      ],
      ['carol, "C".mjs', "mistake", "5", "6", "8.33", "0", "10", "B1 BP2 1", expect.stringContaining("[B1]")],
      ["bob.py", "contract", "0", "0", "", "", "", "", "bob.py:3:7: no, really"],
    ]);
  });

  it("gives back any text, and nothing that a spreadsheet would compute", () => {
    const right = judged(correct);
    fc.assert(
      fc.property(anyText, (text) => {
        const [, row] = fieldsOf(csv([{ ...right, sentence: text }]));
        const flat = text.replace(/\s*\n\s*/g, " ");
        expect([flat, `'${flat}`]).toContain(row!.at(-1));
        expect(row!.at(-1)).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
    for (const formula of ["=1+1", "+1", "-1", "@SUM(A1)"])
      expect(csv([judged(correct, { file: formula })])).toContain(`\r\n'${formula},`);
  });
});

describe("JUnit", () => {
  const outcomes = (all: readonly Judged[]): (string | undefined)[][] =>
    parseXml(junit(all, begun)).children.map((suite) =>
      suite.children.filter(({ name }) => name === "testcase").map(({ children }) => children[0]?.name),
    );

  it("is a suite for each file and a case for each equation, by the schema", () => {
    const all = [
      judged(correct, { points: 10 }),
      judged(mistake),
      judged(forwardWrong),
      judged(inconclusive),
      broken("x"),
    ];
    const root = parseXml(junit(all, begun));
    expect(violationsOf(root)).toEqual([]);
    expect(root.children.map(({ attributes }) => [attributes.get("name"), attributes.get("timestamp")])).toContainEqual(
      ["bob.py", "2026-11-30T10:20:30"],
    );
    expect(outcomes([judged(mistake)])).toEqual([[...Array<undefined>(5), "failure", undefined, undefined]]);
    expect(outcomes([broken("x")])).toEqual([["error"]]);
    expect(outcomes([judged(open)])[0]!.filter((one) => one !== undefined)).toEqual(["skipped"]);
    expect(outcomes([judged(inconclusive)])[0]).toContain("skipped");
    expect(outcomes([judged(forwardWrong)])[0]).toContain("failure");
  });

  it("never calls a file passed that is not right, whatever the hints", () => {
    for (const hints of [0, 1, 2, 3] as const) {
      for (const report of [mistake, forwardWrong, inconclusive])
        expect(
          outcomes([judged(report, { hints })])[0]!.some((one) => one !== undefined),
          report.verdict,
        ).toBe(true);
      expect(outcomes([judged(correct, { hints })])[0]!.filter((one) => one !== undefined)).toEqual([]);
    }
    expect(outcomes([judged(mistake, { hints: 0 })])).toEqual([["failure"]]);
  });

  it("holds any text, but for what XML cannot hold", () => {
    const wrong = judged(mistake);
    fc.assert(
      fc.property(anyText, (text) => {
        const one = {
          ...wrong,
          file: `a${text}`,
          sentence: text,
          equations: [
            {
              title: text,
              fate: "lost" as const,
              status: "mistake",
              id: null,
              says: [text, text],
              points: null,
              line: null,
            },
          ],
        };
        const root = parseXml(junit([one], begun));
        expect(violationsOf(root)).toEqual([]);
        const kept = Array.from(text)
          .filter((one) => /^[\t\n\r]$/.test(one) || isPrinted(one.codePointAt(0)!))
          .join("");
        expect(root.children[0]!.children.find(({ name }) => name === "system-out")!.text).toBe(kept);
      }),
    );
  });

  it("is caught where it breaks the schema", () => {
    const good = junit([judged(mistake)], begun);
    const breaks: readonly (readonly [string, string])[] = [
      ['tests="8"', 'tests="7"'],
      [' hostname="localhost"', ""],
      ["<system-err></system-err>", ""],
      ['time="0"', 'time="soon"'],
      ["    <properties>", "    <odd/>\n    <properties>"],
      ["10:20:30", "10:20:30Z"],
    ];
    for (const [from, to] of breaks) {
      expect(good).toContain(from);
      expect(violationsOf(parseXml(good.replace(from, to))), to).not.toEqual([]);
    }
    expect(() => parseXml(good.replace("</testsuites>", ""))).toThrow();
    expect(() => parseXml(good.replace("<system-out>", "<system-out>a & b"))).toThrow();
  });
});

interface Results {
  readonly score: number;
  readonly output: string;
  readonly tests: readonly {
    readonly name: string;
    readonly score?: number;
    readonly max_score?: number;
    readonly status?: string;
    readonly output: string;
    readonly visibility: string;
  }[];
}

const resultsOf = (...all: readonly Judged[]): Results => JSON.parse(gradescope(all)) as Results;

describe("Gradescope's results", () => {
  it("count an equation once, and nothing for what is inherited", () => {
    const { score, tests } = resultsOf(judged(mistake, { points: 10 }));
    expect(score).toBe(8.33);
    expect(tests.filter(({ status }) => status === "failed").map(({ name, score: own }) => [name, own])).toEqual([
      ["BP2 at layer 1: δ¹", 0],
    ]);
    expect(Math.round(tests.reduce((sum, one) => sum + (one.max_score ?? 0), 0) * 100)).toBe(1000);
    expect(tests.every(({ visibility }) => visibility === "visible")).toBe(true);
    expect(tests.find(({ status }) => status === "failed")!.output).toContain("[B1]");
  });

  it("give what is open no score", () => {
    const { score, tests } = resultsOf(judged(open, { points: 12 }));
    const unscored = tests.filter(({ score: own }) => own === undefined);
    expect(unscored.map(({ name, max_score: most, status }) => [name, most, status])).toEqual([
      ["BP4 at layer 1: ∂C/∂W¹", undefined, undefined],
    ]);
    expect(unscored[0]!.output).toContain("0 of 2 points, 2 open");
    expect(score).toBe(10);
  });

  it("say to a student why a file could not be judged", () => {
    const { score, output, tests } = resultsOf(broken("no numbers"));
    expect([score, tests.map(({ status }) => status)]).toEqual([0, ["failed"]]);
    expect(output + tests[0]!.output).toContain("bob.py:3:7: no numbers");
  });

  it("are one test where hints hide which equation is wrong", () => {
    const { score, tests } = resultsOf(judged(mistake, { points: 10, hints: 0 }));
    expect([score, tests.map(({ score: own, max_score: most, output }) => [own, most, output])]).toEqual([
      8.33,
      [[8.33, 10, "Not right."]],
    ]);
    expect(JSON.stringify(resultsOf(judged(mistake, { points: 10, hints: 1 })))).not.toMatch(/B1|σ'/);
  });

  it("tell the tests of several files apart", () => {
    const { score, tests } = resultsOf(
      judged(correct, { points: 2, file: "a.mjs" }),
      judged(correct, { points: 3, file: "b.mjs" }),
    );
    expect(score).toBe(5);
    expect(new Set(tests.map(({ name }) => name)).size).toBe(tests.length);
  });
});

describe("annotations of GitHub", () => {
  it("stand at the person's line, one command a line", () => {
    expect(github([broken("50 %: a, b")])).toBe(
      "::error file=hw1/bob.py,line=3,col=7,title=chainrule check::bob.py:3:7: 50 %25: a, b\n",
    );
    expect(github([judged(correct)])).toMatch(/^::notice file=hw1\/alice\.mjs,title=chainrule check::Right/);
    expect(github([judged(mistake)])).toMatch(/^::error file=hw1\/alice\.mjs,title=BP2 at layer 1%3A δ¹ \[B1\]::/);
    expect(github([judged(inconclusive)])).toMatch(/^::warning /);
  });

  it("cannot be forged by what a file says or is called", () => {
    fc.assert(
      fc.property(anyText, anyText, (name, text) => {
        const evil = `x\n::error::${text}\r::warning::,y=1`;
        const printed = github([{ ...broken(evil), path: `${name},line=9:${evil}` }]);
        expect(printed.slice(0, -1)).not.toMatch(/[\r\n]/);
        const [, properties = ""] = /^::error (.*?)::/.exec(printed) ?? [];
        expect(properties.split(",").map((one) => one.split("=")[0])).toEqual(["file", "line", "col", "title"]);
      }),
    );
  });
});
