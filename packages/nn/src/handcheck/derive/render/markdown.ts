/** A derivation as Markdown with formulas between dollar signs, as GitHub and most notebooks show them. */

import type { Derived, Language } from "../derived.ts";
import type { Bilingual, Block, Prose } from "../language/ast.ts";
import type { Subject } from "../language/subject.ts";
import { displayLatex, factorLatex, inlineLatex } from "./latex.ts";

export function toMarkdown({ title, sections, subject, language }: Derived): string {
  const parts = [`# ${proseMarkdown(title[language], subject)}`];
  sections.forEach((section, k) => {
    parts.push(`## ${k + 1}. ${proseMarkdown(section.title[language], subject)}`, ...section.blocks.map((block) => blockMarkdown(block, subject, language)));
  });
  return `${parts.join("\n\n")}\n`;
}

function blockMarkdown(block: Block, subject: Subject, language: Language): string {
  const say = (words: Bilingual): string => proseMarkdown(words[language], subject);
  switch (block.kind) {
    case "text":
      return block.tone === "remark" ? `> **${language === "en" ? "Note." : "注意："}** ${say(block.say)}` : say(block.say);
    case "equation":
      return `${block.why === null ? "" : `${say(block.why)}\n\n`}$$\n${displayLatex(block, subject)}\n$$`;
    case "factors":
      return block.factors.map((factor) => `- ${factorLatex(factor, subject, language)}`).join("\n");
    case "table": {
      const line = (row: readonly Bilingual[]): string => `| ${row.map(say).join(" | ")} |`;
      return [line(block.head), `|${" --- |".repeat(block.head.length)}`, ...block.rows.map(line)].join("\n");
    }
  }
}

function proseMarkdown(prose: Prose, subject: Subject): string {
  return prose.map((part) => (typeof part === "string" ? part.replace(/[*_|<>]/g, (sign) => `\\${sign}`) : `$${inlineLatex(part, subject)}$`)).join("");
}
