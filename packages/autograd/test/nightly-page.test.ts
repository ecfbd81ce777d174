// The page of the nightly run says what failed, and what passes since.
import { describe, expect, it } from "vitest";

interface Page {
  readonly pageOf: (run: { printed: string; begun: Date; commit: string }) => string;
  readonly withSecondRun: (page: string, files: readonly string[], run: { begun: Date; commit: string }) => string;
}

const { pageOf, withSecondRun } = (await import(new URL("./nightly-page.mjs", import.meta.url).href)) as Page;

const begun = new Date("2026-01-02T03:04:05Z");
const summary =
  "\n      Tests  1 failed | 7 passed (8)\n Test Files  1 failed | 2 passed (3)\n   Duration  61.30s (transform 1s, tests 2s)\n\nchainrule: 60 ops · 9 checks\n  9 checks of a thing\n ELIFECYCLE  Command failed\n";
const failure =
  "\u001b[31m FAIL \u001b[39m \u001b[30m by itself \u001b[39m packages/a/test/one.test.ts > a group > is right\n FAIL  |two words| packages/a/test/one.test.ts > is finite\n";

describe("the page of the nightly run", () => {
  it("has the date, the commit, the totals and what was counted", () => {
    const page = pageOf({ printed: summary, begun, commit: "abc1234" });
    expect(page).toContain("- 2026-01-02, after commit abc1234, Node");
    expect(page).toContain("- 1 failed | 7 passed (8) in 1 failed | 2 passed (3) files, 61.30s\n- 60 ops · 9 checks\n");
    expect(page.endsWith("What the tests counted:\n\n- 9 checks of a thing\n")).toBe(true);
    expect(page).not.toContain("What failed");
  });

  it("lists each failed test once, and says once that its file passes", () => {
    const page = pageOf({ printed: `${failure}${failure}${summary}`, begun, commit: "abc1234" });
    expect(page.match(/^- packages\/a\/test\/one\.test\.ts: .+$/gm)).toEqual([
      "- packages/a/test/one.test.ts: a group > is right",
      "- packages/a/test/one.test.ts: is finite",
    ]);
    const later = { begun: new Date("2026-01-03T00:00:00Z"), commit: "def5678" };
    const mended = withSecondRun(page, ["packages/a/test/one.test.ts"], later);
    expect(mended).toContain(
      "- packages/a/test/one.test.ts: a group > is right; passes 2026-01-03, after commit def5678\n",
    );
    expect(withSecondRun(mended, ["packages/a/test/one.test.ts"], later)).toBe(mended);
    expect(withSecondRun(page, ["packages/a/test/other.test.ts"], later)).toBe(page);
  });
});
