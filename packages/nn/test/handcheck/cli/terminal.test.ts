/** Reports at the width and in the language of the terminal. */

import { describe, expect, it } from "vitest";
import { columnsOf } from "../../../src/handcheck/report/width.ts";
import { languageOf, widthOf } from "../../../src/cli/output.ts";
import { chainrule, newFolder, put } from "./command.ts";
import { forgotten } from "./files.ts";

const folder = newFolder();
const file = put(folder, "forgotten.mjs", forgotten);

describe.concurrent("a report", () => {
  it.each([40, 60, 80, 100, 120])("is no wider than a terminal of %i columns", async (width) => {
    for (const lang of ["en", "zh"] as const) {
      const { stdout } = await chainrule(["check", file], { cwd: folder, width, lang });
      const lines = stdout.split("\n");
      expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
      // The frame of the table is whole.
      const frame = lines.filter((line) => /^[┌├│└]/.test(line)).map(columnsOf);
      expect(new Set(frame).size).toBe(1);
      expect(stdout).toContain("[B1]");
    }
  });

  it("has its numbers in the table where there is room, and with the mistake in any case", async () => {
    const [narrow, wide] = await Promise.all(
      [60, 80].map((width) => chainrule(["check", file], { cwd: folder, width })),
    );
    expect(wide!.stdout).toMatch(/│ +yours │/);
    expect(narrow!.stdout).not.toMatch(/│ +yours │/);
    expect(narrow!.stdout).toContain("yours 0.0620959161");
  });

  it("is in the language of the surroundings, unless another is asked for", async () => {
    expect((await chainrule(["check", file], { cwd: folder, lang: "zh" })).stdout).toContain("漏了本层的 σ'");
    expect((await chainrule(["check", file, "--lang", "en"], { cwd: folder, lang: "zh" })).stdout).toContain(
      "σ' of the layer is forgotten",
    );
    expect((await chainrule(["derive", "--net", "2-1"], { lang: "zh" })).stdout).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe("the terminal", () => {
  it("says its width, or COLUMNS does, within what can be read", () => {
    expect(widthOf({ columns: 100 }, {})).toBe(100);
    expect([widthOf({ columns: 20 }, {}), widthOf({ columns: 300 }, {})]).toEqual([40, 120]);
    expect([
      widthOf({}, { COLUMNS: "72" }),
      widthOf({}, { COLUMNS: "wide" }),
      widthOf({}, {}),
      widthOf({ columns: 0 }, {}),
    ]).toEqual([72, 80, 80, 80]);
  });

  it("speaks the language that LC_ALL, LC_MESSAGES or LANG name, where reports have it", () => {
    expect(languageOf({ LANG: "zh_CN.UTF-8" })).toBe("zh");
    expect(languageOf({ LC_ALL: "C", LANG: "zh_CN.UTF-8" })).toBe("en");
    expect(languageOf({ LC_ALL: "", LANG: "zh_TW" })).toBe("zh");
    expect([languageOf({ LANG: "de_DE.UTF-8" }), languageOf({})]).toEqual(["en", "en"]);
  });
});
