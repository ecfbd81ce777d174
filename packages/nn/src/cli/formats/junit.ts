/** Marks as JUnit's XML, by the schema of Ant's task: a suite for each file, a case for each equation. */

import type { Judged, JudgedEquation } from "./judged.ts";

/** Leaves out what XML 1.0 cannot hold: control characters and halves of others. */
const sayable = (text: string): string => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");

const escaped = (text: string): string =>
  sayable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");

/** In an attribute breaks of lines would become spaces. */
const attribute = (text: string): string => escaped(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

/** A name without what the schema's tokens may not hold. */
const token = (text: string): string => attribute(sayable(text).replace(/\s+/g, " ").trim());

interface Case {
  readonly name: string;
  readonly outcome: "passed" | "failure" | "error" | "skipped";
  readonly type: string;
  readonly says: readonly string[];
}

const outcomes: Readonly<Record<JudgedEquation["fate"], Case["outcome"]>> = {
  gained: "passed",
  lost: "failure",
  absent: "failure",
  open: "skipped",
};

/** The outcome for the whole of a file, by its verdict. */
const wholes: Readonly<Record<Judged["verdict"], Case["outcome"]>> = {
  correct: "passed",
  mistake: "failure",
  "forward-wrong": "failure",
  contract: "error",
  internal: "error",
  inconclusive: "skipped",
};

/** The cases of a file; one for the whole where nothing is said of equations. */
function casesOf({ equations, verdict, reasons, roots }: Judged): Case[] {
  const cases = equations.map(({ title, fate, id, status, says }): Case => ({
    name: title,
    outcome: outcomes[fate],
    type: id ?? status,
    says,
  }));
  if (cases.some(({ outcome }) => outcome !== "passed") || (verdict === "correct" && cases.length > 0)) return cases;
  return [...cases, { name: "backprop", outcome: wholes[verdict], type: roots[0] ?? verdict, says: reasons }];
}

function caseLines({ name, outcome, type, says }: Case, file: string): string[] {
  const open = `    <testcase name="${token(name)}" classname="${token(file)}" time="0"`;
  if (outcome === "passed") return [`${open}/>`];
  const kind = outcome === "skipped" ? "" : ` type="${attribute(type)}"`;
  return [
    `${open}>`,
    `      <${outcome} message="${attribute(says[0] ?? "")}"${kind}>${escaped(says.join("\n"))}</${outcome}>`,
    "    </testcase>",
  ];
}

function suite(one: Judged, id: number, begun: Date): string[] {
  const cases = casesOf(one);
  const count = (outcome: Case["outcome"]): number => cases.filter((each) => each.outcome === outcome).length;
  const name = token(one.file);
  const seconds = one.seconds.toFixed(3);
  const when = `timestamp="${begun.toISOString().slice(0, 19)}" hostname="localhost"`;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
  const earned =
    one.points === null
      ? []
      : ([
          ["points", one.points.gained],
          ["open", one.points.open],
          ["of", one.points.of],
        ] as const);
  return [
    `  <testsuite name="${name}" package="${name}" id="${id}" ${when} ${counts} time="${seconds}">`,
    "    <properties>",
    ...[["verdict", one.verdict] as const, ...earned].map(
      ([key, value]) => `      <property name="${key}" value="${value}"/>`,
    ),
    "    </properties>",
    ...cases.flatMap((each) => caseLines(each, one.file)),
    `    <system-out>${escaped(one.sentence)}</system-out>`,
    "    <system-err></system-err>",
    "  </testsuite>",
  ];
}

/** The document; `begun` is when the checks began. */
export const junit = (all: readonly Judged[], begun: Date): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    ...all.flatMap((one, id) => suite(one, id, begun)),
    "</testsuites>",
    "",
  ].join("\n");
