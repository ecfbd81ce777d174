/**
 * Every public name says what it is: a docstring on each function, class, type and constant that an entry point
 * exports.
 */

import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const entries = [
  "packages/autograd/src/index.ts",
  "packages/autograd/src/check/index.ts",
  "packages/autograd/src/optimize/index.ts",
  "packages/autograd/src/vmap/index.ts",
  "packages/nn/src/index.ts",
  "packages/nn/src/handcheck/equations/index.ts",
  "packages/nn/src/handcheck/index.ts",
];
const program = ts.createProgram(
  entries.map((entry) => root + entry),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  },
);
const checker = program.getTypeChecker();

/** The exported symbols of an entry point, aliases followed to where they are declared. */
function exportsOf(entry: string): ts.Symbol[] {
  const source = program.getSourceFile(root + entry)!;
  return checker
    .getExportsOfModule(checker.getSymbolAtLocation(source)!)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
}

/** The text above a declaration; formulas may stand between it and the docstring. */
function documentation(symbol: ts.Symbol): string {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  if (text !== "") return text;
  const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
  return declaration?.getFullText().match(/\/\*\*[\s\S]*?\*\//)?.[0] ?? "";
}

describe("the public names", () => {
  it.each(entries)("of %s are all documented", (entry) => {
    const symbols = exportsOf(entry);
    expect(symbols.length).toBeGreaterThan(2);
    expect(symbols.filter((symbol) => documentation(symbol).length < 3).map((symbol) => symbol.name)).toEqual([]);
  });
});
