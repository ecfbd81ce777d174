/** A derivation as a document: its expressions drawn, its sections as they are. */

import { derivationData, type Derived } from "./derived.ts";
import { draw, pieces, type Pen } from "./draw.ts";
import type { Bilingual, Block as DerivedBlock, EquationBlock, Expression } from "./language/ast.ts";
import type { Block, Document, Equation, Prose } from "../report/document.ts";
import type { Formula } from "../report/formula.ts";

/** An equation with its expressions drawn. */
export function drawnEquation(block: EquationBlock, pen: Pen, why: Prose | null = null): Equation {
  const { left, relation, steps, label } = block;
  const written = steps.map((step) => pieces(step, pen));
  return { kind: "equation", why, left: draw(left, pen), relation, steps: written, label };
}

/** The derivation as a document. */
export function derivationDocument(derived: Derived): Document {
  const { title, sections, subject, language } = derived;
  const drawn = (node: Expression): Formula => draw(node, { subject, shapes: false });
  const say = (words: Bilingual): Prose =>
    words[language].map((part) => (typeof part === "string" ? part : drawn(part)));
  const blockOf = (block: DerivedBlock): Block => {
    switch (block.kind) {
      case "text":
        return { kind: "prose", tone: block.tone, says: say(block.say) };
      case "table":
        return { kind: "table", head: block.head.map(say), rows: block.rows.map((row) => row.map(say)) };
      case "factors":
        return {
          kind: "factors",
          factors: block.factors.map(({ factor, value, because }) => ({
            claim: [factor, ...value].map(drawn),
            reason: [because.left, because.right].map(drawn),
          })),
        };
      case "equation": {
        const { shapes, why } = block;
        return drawnEquation(block, { subject, shapes }, why === null ? null : say(why));
      }
    }
  };
  return {
    lang: language,
    verdict: null,
    headline: say(title),
    score: "",
    subject: [],
    asides: [],
    sections: sections.map((section) => ({ title: say(section.title), blocks: section.blocks.map(blockOf) })),
    witness: null,
    appendix: null,
    data: { ...derivationData(derived) },
  };
}
