/** True if a text is a function of JavaScript or TypeScript, not formulas of a notebook. */
export const isCode = (text: string): boolean =>
  /^\s*export\s+(?:default\b|(?:async\s+)?function\b|const\b|let\b|var\b)|^\s*(?:const|let|var|function)\s+backward\b/m.test(
    text,
  );
