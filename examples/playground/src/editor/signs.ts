/** The sign of each way in which an equation can fare; what was not given has none. */

export const signs: Readonly<Record<string, string>> = {
  ok: "✓",
  root: "✗",
  inherited: "↳",
  convention: "≃",
  kink: "∠",
  undecided: "?",
  shape: "✗",
  nan: "✗",
};
