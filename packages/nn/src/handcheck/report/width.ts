/** Columns of a terminal: how wide a text is, where it may break, how it is padded. */

/**
 * The code points that a terminal gives two columns, as pairs of first and last: East Asian wide and fullwidth, and
 * quotation marks, which stand among Chinese text only.
 */
const wide: readonly (readonly [number, number])[] = [
  [0x201c, 0x201d],
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

const isWide = (character: string): boolean => {
  const code = character.codePointAt(0)!;
  return code >= 0x1100 && wide.some(([first, last]) => code >= first && code <= last);
};

/** Marks that stand on the letter before them. */
const isMark = (character: string): boolean => /\p{Mn}|\p{Me}|\p{Cf}/u.test(character);

/** Before the first combining mark all characters take one column, but for the soft hyphen. */
const [FIRST_MARK, SOFT_HYPHEN] = [0x300, 0xad];

function isNarrow(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= FIRST_MARK || code === SOFT_HYPHEN) return false;
  }
  return true;
}

/** The columns that a text takes. */
export function columnsOf(text: string): number {
  // Most of a report is such text, and lines are measured again for each word that is added.
  if (isNarrow(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += isMark(character) ? 0 : isWide(character) ? 2 : 1;
  return columns;
}

/** The text with spaces up to a width. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const spaces = " ".repeat(Math.max(0, width - columnsOf(text)));
  return align === "left" ? text + spaces : spaces + text;
}

/** Punctuation that never begins a line. */
const closing = /^[,.;:!?)\]}。，、；：！？）」』】”’]/u;

/**
 * Cuts a text into what may not be taken apart: a word, a wide character with the punctuation behind it, or a run of
 * spaces.
 */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (const piece of text.match(/\s+|[^\s]/gu) ?? []) {
    const last = found.at(-1);
    const joins =
      last !== undefined &&
      !/^\s/u.test(piece) &&
      !/^\s/u.test(last) &&
      (closing.test(piece) || (!isWide(piece) && !isWide(Array.from(last).at(-1)!)));
    if (joins) found[found.length - 1] = last + piece;
    else found.push(piece);
  }
  return found;
}

/** A word longer than the line, cut where it must be; the lines after the first have less room. */
function cut(word: string, first: number, others: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const character of word) {
    if (columnsOf(line + character) > (lines.length === 0 ? first : others)) {
      lines.push(line);
      line = "";
    }
    line += character;
  }
  return [...lines, line];
}

/** The lines of a paragraph, none wider than `width`: the first keeps its spaces, the others begin with `indent`. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines = [/^ */.exec(text)![0]];
  for (const piece of pieces(text.trim())) {
    const line = lines.at(-1)!;
    if (columnsOf(line + piece.trimEnd()) <= width) {
      lines[lines.length - 1] = line + piece;
      continue;
    }
    if (/^\s/u.test(piece)) {
      lines.push(indent);
      continue;
    }
    const fresh = line.trim() === "" ? line : indent;
    const parts = cut(piece, width - columnsOf(fresh), width - columnsOf(indent)).map(
      (part, index) => (index === 0 ? fresh : indent) + part,
    );
    if (line.trim() === "") lines.pop();
    lines.push(...parts);
  }
  return lines.map((line) => line.trimEnd()).filter((line, index) => index === 0 || line !== "");
}
