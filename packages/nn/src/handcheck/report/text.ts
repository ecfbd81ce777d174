/**
 * A document for a terminal: 80 columns unless told, plain unless asked; the verdict stands at the end, where the eye
 * is.
 */

import { locales } from "../../locales/report.ts";
import { beside, box, boxOf, flatText, type Box } from "./boxes.ts";
import type { Block, Document, Equation, Finding, Prose, Row, Section } from "./document.ts";
import type { Formula } from "./formula.ts";
import { marks, tones, verdictTone, type Tone } from "./status.ts";
import { table, type Cell, type Column } from "./table.ts";
import { columnsOf, pad, wrap } from "./width.ts";

/** How the text is laid out. */
export interface TextLayout {
  /** Escape codes of a terminal; none where nothing is said. */
  readonly color?: boolean;
  /** 80 where nothing is said. */
  readonly width?: number;
}

type Paint = (tone: Tone | "strong", text: string) => string;

const codes: Readonly<Record<Tone | "strong", readonly [number, number]>> = {
  good: [32, 39],
  bad: [31, 39],
  note: [33, 39],
  faint: [2, 22],
  strong: [1, 22],
};

const INDENT = "    ";

/** Words with their formulas on one line. */
export const proseText = (prose: Prose): string =>
  typeof prose === "string" ? prose : prose.map((part) => (typeof part === "string" ? part : flatText(part))).join("");

/** Writes one document. */
class Writer {
  readonly #width: number;
  readonly #paint: Paint;
  readonly #document: Document;

  constructor(document: Document, { width = 80, color = false }: TextLayout) {
    this.#document = document;
    this.#width = width;
    this.#paint = color
      ? (tone, text) => (text === "" ? "" : `\u001b[${codes[tone][0]}m${text}\u001b[${codes[tone][1]}m`)
      : (_, text) => text;
  }

  get #say() {
    return locales[this.#document.lang];
  }

  #lines(text: string, hang = "", tone: Tone | "strong" | null = null): string[] {
    if (text === "") return [];
    const lines = wrap(text, this.#width, hang);
    return tone === null ? lines : lines.map((line) => this.#paint(tone, line));
  }

  lines(): string[] {
    const { verdict, headline, score, subject, asides, sections, witness, appendix } = this.#document;
    const say = this.#say;
    if (verdict === null) {
      return [
        ...this.#ruled(proseText(headline), "═"),
        ...sections.flatMap((section, k) => [
          "",
          ...this.#ruled(`${k + 1}. ${proseText(section.title)}`, "─"),
          ...section.blocks.flatMap((block) => ["", ...this.#block(block)]),
        ]),
      ];
    }
    return [
      // It is long, and read first.
      ...(appendix === null ? [] : [...new Writer(appendix, { width: this.#width }).lines(), "", ""]),
      ...this.#lines(subject.map(proseText).join(say.comma), "  "),
      ...asides.flatMap(({ label, says }) => this.#lines(`${label}${say.colon}${says}`, "  ", "faint")),
      "",
      ...sections.flatMap((section) => [...this.#section(section), ""]),
      ...(witness === null || witness.agrees ? [] : this.#lines(witness.says, "", "bad")),
      ...this.#lines(`${proseText(headline)}${score === "" ? "" : `  ${score}${say.stop}`}`, "", verdictTone(verdict)),
    ];
  }

  #ruled(title: string, line: string): string[] {
    const lines = wrap(title, this.#width);
    return [...lines, line.repeat(Math.max(...lines.map(columnsOf)))];
  }

  /** A report needs no titles here, but for what was read. */
  #section({ title, blocks }: Section): string[] {
    const lines = blocks.flatMap((block) => this.#block(block));
    return blocks.some(({ kind }) => kind === "readings") ? [proseText(title), ...lines] : lines;
  }

  #block(block: Block): string[] {
    const say = this.#say;
    switch (block.kind) {
      case "prose":
        return this.#lines(`${block.tone === "remark" ? `${say.note}${say.colon}` : ""}${proseText(block.says)}`);
      case "list":
        return block.items.flatMap((item) => {
          const [first = "", ...place] = item.split("\n");
          return [
            ...this.#lines(
              `${block.mark === "→" ? "  " : ""}${block.mark} ${first}`,
              block.mark === "→" ? INDENT : "  ",
            ),
            ...place.map((line) => `${INDENT}${line}`),
          ];
        });
      case "grouped":
        return block.groups.flatMap(({ says, ids }) => this.#lines(`  ${says} (${ids.join(" ")})`, INDENT));
      case "readings":
        return block.formulas.flatMap(({ line, text }) =>
          this.#lines(`  ${pad(String(line), 3, "right")}  ${text}`, " ".repeat(9)),
        );
      case "rows":
        return this.#rows(block);
      case "findings":
        return block.findings.flatMap((finding) => [...this.#finding(finding), ""]);
      case "drawing":
        return [];
      case "table":
        return table(
          block.head.map((head) => ({ head: proseText(head), wraps: true })),
          block.rows.map((row) => row.map((cell) => ({ text: proseText(cell) }))),
          this.#width,
        );
      case "equation":
        return [...(block.why === null ? [] : this.#lines(proseText(block.why))), ...equationLines(block, this.#width)];
      case "factors":
        return block.factors.flatMap(({ claim, reason }) =>
          this.#factor(claim.map(flatText).join(" = "), `${say.because} ${reason.map(flatText).join(" = ")}`),
        );
    }
  }

  #rows({ rows, brief }: Extract<Block, { readonly kind: "rows" }>): string[] {
    const say = this.#say;
    const shown = brief === null ? rows : rows.filter(({ key }) => !brief.keys.includes(key));
    const legends = [...new Set(shown.map(({ status }) => status))].flatMap((status) => {
      const legend = say.legend[status];
      return legend === undefined ? [] : this.#lines(`${marks[status]} ${legend}`, "  ", "faint");
    });
    return [
      ...(brief === null ? [] : this.#lines(brief.says, "  ")),
      ...(shown.length === 0 ? [] : this.#rowTable(shown)),
      ...legends,
    ];
  }

  #rowTable(rows: readonly Row[]): string[] {
    const { columns: heads, status: words } = this.#say;
    const wide: readonly (readonly [column: Column, cell: (row: Row) => Cell])[] = [
      [{ head: "" }, ({ label, name }) => ({ text: label === "" ? name : label })],
      [
        { head: heads.equation, wraps: true },
        ({ equation, name, place }) => ({ text: equation === name && place !== "" ? `${name}  (${place})` : equation }),
      ],
      [
        { head: heads.verdict },
        ({ status }) => ({
          text: `${marks[status]} ${words[status]}`,
          paint: (text) => this.#paint(tones[status], text),
        }),
      ],
    ];
    const numbers: typeof wide = rows.some(({ worst }) => worst !== null)
      ? [
          [{ head: heads.yours, align: "right" }, ({ worst }) => ({ text: worst?.yours ?? "" })],
          [{ head: heads.correct, align: "right" }, ({ worst }) => ({ text: worst?.correct ?? "" })],
        ]
      : [[{ head: heads.difference, align: "right" }, ({ difference }) => ({ text: difference })]];
    const drawn = (columns: typeof wide): string[] => {
      const filled = columns.filter(([, cell]) => rows.some((row) => cell(row).text !== ""));
      return table(
        filled.map(([column]) => column),
        rows.map((row) => filled.map(([, cell]) => cell(row))),
        this.#width,
      );
    };
    const all = drawn([...wide, ...numbers]);
    // Where there is no room for numbers they stand below, with what is said of each mistake.
    return columnsOf(all[0]!) <= this.#width ? all : drawn(wide);
  }

  #finding({ title, id, says, yours, correct, example, features, alternatives }: Finding): string[] {
    const say = this.#say;
    const labels = [
      yours === null ? "" : say.yours,
      correct === null ? "" : say.correct,
      example === null ? "" : say.entry,
    ];
    const widest = Math.max(...labels.map(columnsOf));
    const labeled = (label: string, text: string | null, tone: Tone | null = null): string[] =>
      text === null ? [] : this.#lines(`  ${pad(label, widest)}  ${text}`, " ".repeat(widest + 4), tone);
    const times = example === null || example.ratio === null ? "" : `${say.semicolon}${say.ratio} = ${example.ratio}`;
    return [
      ...this.#lines(
        `${title}${says === null ? say.stop : `${say.colon}${says}`}${id === null ? "" : `  [${id}]`}`,
        "  ",
        "strong",
      ),
      ...labeled(say.yours, yours, "bad"),
      ...labeled(say.correct, correct, "good"),
      ...labeled(
        say.entry,
        example === null
          ? null
          : `${example.at}${say.colon}${say.yours} ${example.yours}${say.comma}${say.correct} ${example.correct}${times}`,
      ),
      ...features.flatMap((feature) => this.#lines(`  ${feature}`, "  ")),
      ...alternatives.flatMap((other) => this.#lines(`  ${say.alternatives}${say.colon}${other}`, INDENT)),
    ];
  }

  #factor(claim: string, reason: string): string[] {
    const one = `${INDENT}• ${pad(claim, 30)}  ${reason}`;
    return columnsOf(one) <= this.#width
      ? [one]
      : [
          ...this.#lines(`${INDENT}• ${claim}`, `${INDENT}    `),
          ...this.#lines(`${INDENT}    ${reason}`, `${INDENT}      `),
        ];
  }
}

const widthOf = (parts: readonly Box[]): number => parts.reduce((width, part) => width + part.width, 0);

/**
 * The pieces of a step; where one is too wide, all of it on one line, which may be broken at any operator, and between
 * numbers where it must be.
 */
function fitting(step: readonly Formula[], room: number): Box[] {
  const parts = step.map((part) => boxOf(part, false));
  if (parts.every((part) => part.width <= room)) return parts;
  return flatText({ kind: "row", parts: step })
    .split(/(?= [+−·*⊙@] )|(?<=;) /u)
    .flatMap((part) => (columnsOf(part) <= room ? [part] : part.split(/(?<=\S)(?= \S{2})|(?<=\/)(?=\()/u)))
    .map(box);
}

/** Lines after the first begin below the sign of the first, where there is room for it. */
const [DEEP, SHALLOW, NARROW] = [12, 4, 64];

function equationLines({ left, steps, relation, label }: Equation, width: number): string[] {
  const head = boxOf(left, false);
  const mark = label === null ? "" : `(${label})`;
  const lines: Box[] = [];
  let line: Box[] = [box(INDENT), head];
  const begin = (indent: number): void => {
    if (line.length > 0) lines.push(beside(line));
    line = [box(" ".repeat(indent))];
  };
  const limit = width - columnsOf(mark) - 1;
  const indent = INDENT.length + Math.min(head.width, width < NARROW ? SHALLOW : DEEP);
  steps.forEach((step, k) => {
    const parts = fitting(step, limit - indent - 3);
    const sign = box(` ${k === 0 ? relation : "="} `);
    const wide = widthOf(parts) + sign.width;
    // A step stays on the line of the one before it where it fits; what stands before the last one takes the last one
    // along.
    const last = k === steps.length - 2 ? widthOf(steps[k + 1]!.map((part) => boxOf(part, false))) + sign.width : 0;
    const begins =
      k === 0
        ? widthOf(line) + sign.width + parts[0]!.width > limit
        : widthOf(line) + wide + (indent + wide + last <= limit ? last : 0) > limit;
    if (begins) begin(indent);
    line.push(sign);
    parts.forEach((part, at) => {
      if (at > 0 && widthOf(line) + part.width > limit) begin(indent + 3);
      line.push(part);
    });
  });
  lines.push(beside(line));
  const joined = lines.flatMap((one, k) =>
    k > 0 && (one.rows.length > 1 || lines[k - 1]!.rows.length > 1) ? ["", ...one.rows] : [...one.rows],
  );
  const at = lines[0]!.base;
  return joined.map((row, y) => (y === at && mark !== "" ? `${pad(row, width - columnsOf(mark))}${mark}` : row));
}

/** Blank lines at the ends and twice in a row say nothing; what follows a long part stands apart. */
const tidy = (lines: readonly string[]): string =>
  `${lines
    .map((line) => line.trimEnd())
    .filter((line, k, all) => line !== "" || (k > 0 && all[k - 1] !== ""))
    .join("\n")
    .trim()}\n`;

/**
 * The document as text.
 *
 * @param document - what a builder made
 * @param layout - color, width
 * @returns lines of at most `width` columns, ending with a line break
 */
export const toText = (document: Document, layout: TextLayout = {}): string =>
  tidy(new Writer(document, layout).lines());
