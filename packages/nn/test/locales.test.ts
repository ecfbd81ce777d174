/** Sentences stand in the locales, by keys that something says, and are put together in each language. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, expectTypeOf, it } from "vitest";
import { alike, joined, listed, spoken, type Words } from "../src/locales/words.ts";

const source = fileURLToPath(new URL("../src/", import.meta.url));

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({
    name: name.split("\\").join("/"),
    text: withoutComments(readFileSync(`${source}/${name}`, "utf8")),
  }));

/** Chinese, or a pair of languages side by side. */
const isChinese = (text: string): boolean => /\p{Script=Han}|\ben:.*\bzh:|^\s*zh: /mu.test(text);

describe("sentences", () => {
  const elsewhere = files
    .filter(({ name, text }) => !name.startsWith("locales/") && isChinese(text))
    .map(({ name }) => name);

  it("stand in the locales alone", () => {
    expect(elsewhere).toEqual([]);
    expect(isChinese('{ en: "row", zh: "行" }')).toBe(true);
    expect(isChinese('say("row", "行")')).toBe(true);
    expect(isChinese("{ en: sign, zh: sign }")).toBe(true);
    expect(isChinese("{\n  en: sign,\n  zh: sign,\n}")).toBe(true);
  });

  it("are English in English", () => {
    const english = files.filter(({ name }) => name.startsWith("locales/en/"));
    expect(english.length).toBeGreaterThan(1);
    expect(english.filter(({ text }) => /\p{Script=Han}/u.test(text)).map(({ name }) => name)).toEqual([]);
  });

  const areas = files.flatMap(({ name, text }) =>
    / spoken\(en/.test(text) ? [name.slice("locales/".length, -".ts".length)] : [],
  );

  it("have areas", () => {
    expect(areas.length).toBeGreaterThan(0);
  });

  it.each(areas)("of %s are said somewhere, each", async (area) => {
    const exported = (await import(`../src/locales/${area}.ts`)) as Readonly<Record<string, object>>;
    const outside = files
      .filter((file) => !file.name.startsWith("locales/"))
      .map(({ text }) => text)
      .join("\n");
    const isSaid = (name: string, key: string): boolean => new RegExp(`\\b${name}(?:\\.${key}\\b|\\[)`).test(outside);
    const all = Object.entries(exported).flatMap(([name, sentences]) =>
      Object.keys(sentences).map((key) => ({ name, key })),
    );
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(({ name, key }) => !isSaid(name, key))).toEqual([]);
  });
});

describe("a sentence", () => {
  const en = {
    row: "row",
    turned: ({ name, line }: { name: string; line: string }): string => `${name} is a ${line}`,
    lacks: ({ names, count }: { names: readonly string[]; count: number }): string =>
      `${names.join(" and ")}: ${count}`,
  };
  const zh: typeof en = {
    row: "行",
    turned: ({ name, line }) => `${name} 是${line}`,
    lacks: ({ names }) => names.join("与"),
  };
  const say = spoken(en, zh);

  it("is said in each language", () => {
    expect(say.row).toEqual({ en: "row", zh: "行" });
    expect(say.lacks({ names: ["x", "t"], count: 2 })).toEqual({ en: "x and t: 2", zh: "x与t" });
  });

  it("takes words in its own language, alone and in lists", () => {
    expect(say.turned({ name: "W", line: say.row })).toEqual({ en: "W is a row", zh: "W 是行" });
    expect(say.lacks({ names: [say.row, alike("W")], count: 1 })).toEqual({ en: "row and W: 1", zh: "行与W" });
  });

  it("is joined with others by what each language puts between them", () => {
    const both: readonly Words[] = [say.row, alike("W")];
    expect(listed(both)).toEqual({ en: "row, W", zh: "行、W" });
    expect(joined(both, { en: "; ", zh: "；" })).toEqual({ en: "row; W", zh: "行；W" });
  });

  it("that a language lacks does not compile", () => {
    expectTypeOf<Omit<typeof en, "lacks">>().not.toExtend<Parameters<typeof spoken<typeof en>>[1]>();
    expectTypeOf<typeof zh>().toExtend<Parameters<typeof spoken<typeof en>>[1]>();
  });
});
