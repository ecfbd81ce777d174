/** Refusals of a file, in English and in Chinese, with the same names and numbers in both. */

import { describe, expect, it } from "vitest";
import { checkFiles, Refusal, type Words } from "../../../src/handcheck/index.ts";
import { SourceError } from "../../../src/handcheck/intake/given.ts";
import * as en from "../../../src/locales/en/program-errors.ts";
import { fileErrors as enFiles } from "../../../src/locales/en/file-errors.ts";
import { textErrors as enTexts } from "../../../src/locales/en/text-errors.ts";
import * as zh from "../../../src/locales/zh/program-errors.ts";
import { fileErrors as zhFiles } from "../../../src/locales/zh/file-errors.ts";
import { textErrors as zhTexts } from "../../../src/locales/zh/text-errors.ts";
import { alike } from "../../../src/locales/words.ts";

/** Three English words in a row: names and code have fewer. */
const isEnglish = (text: string): boolean => /\b[a-z]{2,}(?:,? [a-z]+){2}/.test(text);

interface File {
  readonly name: string;
  readonly content: string | Uint8Array;
}

async function refusalOf(...files: readonly File[]): Promise<readonly Words[]> {
  try {
    await checkFiles(files);
  } catch (error) {
    if (error instanceof Refusal) return error.says;
    throw error;
  }
  throw new Error("nothing was refused");
}

const file = (name: string, content: string | Uint8Array): File => ({ name, content });

describe("a file that cannot be read", () => {
  const cases: readonly (readonly [says: string, zh: string, files: readonly File[]])[] = [
    [
      "no JSON: , or ] is missing before the end of the file: JSON has no comments and no trailing commas",
      "不是 JSON：文件结尾之前缺少 , 或 ]：JSON 没有注释，末尾也不能有多余的逗号",
      [file("cut.json", '{ "x": [1')],
    ],
    [
      'no JSON: "x" stands twice in one object',
      '"x" 在同一个对象里出现了两次',
      [file("twice.json", '{ "x": 1, "x": 2 }')],
    ],
    ["yes is no value", "yes 不是值", [file("word.json", '{ "x": yes }')]],
    ["a row of 1 numbers under rows of 2", "这一行有 1 个数，上面各行有 2 个", [file("W1.csv", "1,2\n3")]],
    ["an empty cell is no number", "空单元格不是数", [file("W1.csv", "1,2,3\n4,,6")]],
    ["the table holds no numbers", "表格里没有数", [file("W1.csv", "a,b")]],
    ["work.txt is empty", "work.txt 是空的", [file("work.txt", " ")]],
    [
      "notes.txt lists no arrays",
      "notes.txt 没有列出数组",
      [file("notes.txt", "delta1 = (W2^T delta2)"), file("W1.csv", "1,2")],
    ],
    ["W1 is in two of the files", "W1 在两个文件里都有", [file("W1.csv", "1,2"), file("a/W1.csv", "1,2")]],
    ["W1 stands twice, with other numbers", "W1 出现了两次，而且数不同", [file("w.txt", "W1 = [[1]]\nW1 = [[2]]")]],
    ["2 arrays have no name", "有 2 个数组没有名称", [file("w.txt", "[[1, 2]]\n[[3, 4]]")]],
    ["net 3-0 is no network: such as 4-5-3", "net 3-0 不是网络：例如 4-5-3", [file("w.txt", "net = 3-0\nW1 = [[1]]")]],
    [
      "net: unknown activation tahn; did you mean tanh?",
      "net：激活函数 tahn 不认识，或参数不对：可用的有 ",
      [file("w.txt", "net = 1-1:tahn\nW1 = [[1]]")],
    ],
    [
      "it holds hand and formulas: give one of them",
      "里面既有 hand 又有 formulas：请只给其中一个",
      [file("w.json", '{ "hand": {}, "formulas": "delta1 = 0" }')],
    ],
    [
      "the .npy file is damaged: its header is cut off: write it again with np.save or np.savez",
      ".npy 文件已损坏：文件头被截断了：请用 np.save 或 np.savez 重新写一次",
      [file("W1.npy", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1))],
    ],
    [
      "the archive is damaged: it has no directory; it may be cut off",
      "压缩包已损坏：它没有目录，可能被截断了",
      [file("w.npz", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))],
    ],
  ];

  it.each(cases)("is refused in both languages: %s", async (english, chinese, files) => {
    const [said, ...others] = await refusalOf(...files);
    expect(said!.en).toContain(english);
    expect(said!.zh).toContain(chinese);
    expect(isEnglish(said!.zh), said!.zh).toBe(false);
    expect(others).toEqual([]);
  });
});

describe("sentences about sources", () => {
  type Area = Readonly<Record<string, string | ((about: never) => string)>>;
  const areas: readonly (readonly [name: string, en: Area, zh: Area])[] = [
    ["texts", enTexts, zhTexts],
    ["files", enFiles, zhFiles],
    ["programs", en.programErrors, zh.programErrors],
    ["answers", en.unreadable, zh.unreadable],
  ];
  /** A sentence with a mark for everything that it takes. */
  const marked = (sentence: Area[string]): string =>
    typeof sentence === "string"
      ? sentence
      : sentence(new Proxy({}, { get: (_, name) => `«${String(name)}»` }) as never);
  /** An English problem and its hint are put in English alone: Chinese names the activation and the known ones. */
  const own = new Set(["otherActivation", "activationHint"]);

  it.each(areas)("of %s take the same in both languages, and are no English in Chinese", (_, english, chinese) => {
    expect(Object.keys(english).length).toBeGreaterThan(0);
    for (const [key, sentence] of Object.entries(english)) {
      const said = [sentence, chinese[key]!].map(marked) as [string, string];
      const [ours, theirs] = said.map((text) => [...new Set(text.match(/«\w+»/g))].sort());
      if (!own.has(key)) expect(theirs, key).toEqual(ours);
      expect(isEnglish(said[1]), said[1]).toBe(false);
    }
    expect(isEnglish("the table holds no numbers")).toBe(true);
  });

  it("are English in what programs read", () => {
    const error = new SourceError({ en: "row", zh: "行" }, null);
    expect([error.message, error.advice, error.advises]).toEqual(["row", "", alike("")]);
  });
});
