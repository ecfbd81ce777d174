/** For a class: what a link holds, the file that is handed in, and that the command says of it what the page said. */

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFiles, reportText } from "@chainrule/nn/handcheck";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chainrule } from "../../../packages/nn/test/handcheck/cli/command.ts";
import { listed, textOf } from "../src/numbers/listing.ts";
import { numbers } from "../src/numbers/answer.ts";
import { fileNameOf, handedFile, referenceFile } from "../src/parts/class/handed.ts";
import { atOf, first, MOST_SEED, placeOf, type Place, type Task } from "../src/parts/class/place.ts";
import { describePage, expectOpenToAll, expectToFitAPhone, open, until, untilTrue, visit } from "./browser.ts";

const places: fc.Arbitrary<Place> = fc.record({
  role: fc.constantFrom("set", "do"),
  work: fc.string({ unit: "grapheme" }),
  name: fc.string({ unit: "grapheme" }),
  task: fc.record({
    net: fc.constantFrom("2-2:tanh", "1-1:leakyRelu(0.2)"),
    cost: fc.constantFrom("quadratic", "crossEntropy"),
    form: fc.constantFrom("numbers", "formulas"),
    hints: fc.constantFrom(0, 1, 2, 3),
    seed: fc.nat(MOST_SEED),
    samples: fc.integer({ min: 1, max: 4 }),
    own: fc.constantFrom("", "x = [[1, 2]]"),
  }),
});

const drawn = (task: Task) => numbers(task);

/** Four decimals, as somebody writes them down. */
const rounded = (text: string): string =>
  textOf(
    new Map(
      [...listed(text)].map(([name, rows]) => [name, rows.map((row) => row.map((entry) => Number(entry).toFixed(4)))]),
    ),
  );

/** A folder with what was handed in, and what it is judged against. */
function handedIn(task: Task, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "chain rule class "));
  const { given, right } = drawn(task);
  mkdirSync(join(folder, "handed-in"));
  writeFileSync(join(folder, "task.txt"), referenceFile(task, given, right));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "handed-in", name), text);
  return folder;
}

/** What the command says of the folder, a line of the table for each file. */
async function judged(folder: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await chainrule(["check", "handed-in", "--reference", "task.txt", "--format", "csv"], {
    cwd: folder,
  });
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [file = "", verdict = ""] = line.split(",");
        return [file, verdict] as const;
      }),
  );
}

describe("a task of a class", () => {
  it("is held by the address, whatever it is", () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(placeOf(atOf(place))).toEqual(place);
      }),
    );
    expect(atOf(first)).toBe("");
    for (const odd of ["hints=9&seed=x&samples=0", "%", "role=?"])
      expect(placeOf(odd).task).toMatchObject({ hints: 1, seed: 1 });
  });

  it("has numbers that every cost can be asked of, the same for the same seed", () => {
    for (const [net, cost] of [
      ["2-3-1:tanh,sigmoid", "crossEntropy"],
      ["3-2:softmax", "categoricalCrossEntropy"],
      ["2-3:linear", "softmaxCrossEntropy"],
      ["2-2-2:relu,linear", "quadratic"],
    ] as const) {
      const task = { ...first.task, net, cost };
      expect(drawn(task)).toEqual(drawn(task));
      const right = [...listed(drawn(task).right).values()].flat(2).map(Number);
      expect(right.every(Number.isFinite), net).toBe(true);
      expect(drawn({ ...task, seed: 2 }).given).not.toBe(drawn(task).given);
    }
    const own = drawn({ ...first.task, own: "x = [[9, 8], [7, 6]]" });
    expect(listed(own.given).get("x")).toEqual([
      ["9", "8"],
      ["7", "6"],
    ]);
    expect(drawn({ ...first.task, own: "x = [[9, ], [7, 6]]" }).right).toBe("");
  });

  it("is handed in as a file of which the command says what the page says", async () => {
    const { task } = first;
    const { given, right } = drawn(task);
    const wrong = right.replace(/^gradB1 = .*$/m, (line) =>
      line.replace(/[\d.e-]+(?=[,\]])/g, (entry) => String(2 * Number(entry))),
    );
    const text = { formulas: "delta2 = v2 - t\ndelta1 = W2^T delta2", net: task.net, cost: task.cost };
    const files = {
      "right.txt": handedFile(task, given, rounded(right)),
      "wrong.txt": handedFile(task, given, wrong),
      "formulas.txt": handedFile({ ...task, form: "formulas" }, given, text.formulas),
    };
    const folder = handedIn(task, files);
    for (const [name, content] of Object.entries(files)) {
      const { report } = await checkFiles([{ name, content }]);
      const { stdout } = await chainrule(["check", `handed-in/${name}`], { cwd: folder });
      expect(stdout).toBe(reportText(report));
    }
    expect(await judged(folder)).toEqual({ "right.txt": "correct", "wrong.txt": "mistake", "formulas.txt": "mistake" });
  });

  it("is told from another one, where numbers were edited", async () => {
    const { task } = first;
    const [{ given }, other] = [drawn(task), drawn({ ...task, seed: 2 })];
    const folder = handedIn(task, {
      "answer.txt": handedFile(task, given, other.right),
      "task.txt": handedFile(task, other.given, other.right),
    });
    expect(await judged(folder)).toEqual({ "answer.txt": "mistake", "task.txt": "contract" });
    const { stdout } = await chainrule(["check", "handed-in/task.txt", "--reference", "task.txt"], { cwd: folder });
    expect(stdout.replace(/\s+/g, " ")).toContain("it has other numbers (x, W, b) than the reference task.txt");
  });

  it("names a file by whoever hands it in", () => {
    expect(fileNameOf(" Ada Lovelace ")).toBe("Ada-Lovelace.txt");
    expect(fileNameOf("../李 雷")).toBe("李-雷.txt");
    expect(fileNameOf("  ")).toBe("backprop.txt");
  });
});

/** Types into the fields of one array, row by row. */
async function fill(page: Page, label: RegExp, entries: readonly string[]): Promise<void> {
  const fields = page.getByRole("textbox", { name: label });
  for (const [k, entry] of entries.entries()) await fields.nth(k).fill(entry);
}

describePage("for a class", () => {
  it("goes from the link by the student's work to the command", async () => {
    const { page, said } = await visit("#class", ".steps button:enabled");
    await page.getByRole("button", { name: "Draw others" }).click();
    await page.getByRole("radio", { name: "right or not" }).check();
    const link = (await page.getByRole("link", { name: "Open it as a student" }).getAttribute("href"))!;
    const student = await open(link, { until: ".fields input" });
    const task: Task = { ...first.task, hints: 0, seed: 2 };
    const right = listed(rounded(drawn(task).right));
    await fill(student.page, /^δ²/, right.get("delta2")!.flat());
    await until(student.page, "Right");
    await fill(student.page, /^∂C\/∂b²/, ["0,9"]);
    await until(student.page, "Not right");
    await student.page.getByRole("textbox", { name: "Your name" }).fill("Ada");
    await student.page.getByRole("button", { name: "Save Ada.txt" }).waitFor();
    await student.page.reload();
    await until(student.page, "Not right");
    const [download] = await Promise.all([
      student.page.waitForEvent("download"),
      student.page.getByRole("button", { name: "Save Ada.txt" }).click(),
    ]);
    const folder = handedIn(task, { [download.suggestedFilename()]: readFileSync(await download.path(), "utf8") });
    expect(await judged(folder)).toEqual({ "Ada.txt": "mistake" });
    expect([...said, ...student.said]).toEqual([]);
    await student.context.close();
  });

  it("has the teacher's own numbers as they are typed", async () => {
    const { page } = await visit("#class", ".fields input");
    const shown = await page.evaluate(`(async () => {
      const field = document.querySelector(".fields input");
      field.value = "12";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      // The page shows itself anew before an answer can come.
      for (let k = 0; k < 10; k++) await undefined;
      return field.value;
    })()`);
    expect(shown).toBe("12");
    await page.locator(".fields h2", { hasText: "own" }).waitFor();
  });

  it("can be read and reached by everybody, on a phone too", async () => {
    const all = [
      ["#class", ".steps button:enabled"],
      ["#class?class=role%3Ddo", ".fields input"],
      ["#class?class=role%3Ddo%26form%3Dformulas", ".cm-content"],
    ] as const;
    await expectOpenToAll(all);
    await expectToFitAPhone("#class", ".steps button:enabled");
    await expectToFitAPhone("#class?class=role%3Ddo", ".fields input");
  });
});

/** Keeps what the page asks of numbers from its worker until `release` is called in the page. */
const HOLD = `{
  const { postMessage } = Worker.prototype;
  const held = [];
  Worker.prototype.postMessage = function (...message) {
    const post = () => postMessage.apply(this, message);
    if (message[0].part === "numbers") held.push(post);
    else post();
  };
  globalThis.release = () => {
    Worker.prototype.postMessage = postMessage;
    for (const post of held) post();
  };
}`;

describePage("numbers typed beside the nodes", () => {
  it("can be typed once those that are given are there, for a network that was changed too", async () => {
    const { page } = await visit("#yours?net=2-1:tanh", ".banner.quiet");
    await page.evaluate(HOLD);
    await page.getByRole("radio", { name: "numbers, beside the nodes" }).check();
    const fields = page.locator(".fields").first().locator("input");
    await fields.first().waitFor();
    expect(await fields.first().isEnabled()).toBe(false);
    await page.evaluate("release()");
    await page.locator(".fields input:enabled").first().waitFor();
    await page.evaluate(HOLD);
    await page.getByRole("button", { name: "one unit more" }).first().click();
    await page.locator(".fields input:disabled").first().waitFor();
    await page.evaluate("release()");
    await page.locator(".fields input:enabled").first().waitFor();
    const given = await fields.evaluateAll((all) => all.map((field) => (field as unknown as { value: string }).value));
    expect(given.length).toBe(2 * 3 + 3 + 1 + 2);
    expect(given).not.toContain("");
    await untilTrue(page, "location.hash.includes('numbers')");
  });

  it("are checked with each array that is whole, and stay over a reload", async () => {
    const { page, said } = await visit("#yours?net=2-3-1:tanh,sigmoid&cost=crossEntropy", ".banner.quiet");
    await page.getByRole("radio", { name: "numbers, beside the nodes" }).check();
    await page.locator(".fields input").first().waitFor();
    const right = listed(rounded(drawn(first.task).right));
    await fill(page, /^δ²/, right.get("delta2")!.flat());
    await until(page, "Right");
    await fill(
      page,
      /^δ¹/,
      right
        .get("delta1")!
        .flat()
        .map((entry, k) => (k === 0 ? String(-2 * Number(entry)) : entry)),
    );
    await until(page, "One mistake: BP2 at layer 1");
    expect(await page.locator(".matrix caption", { hasText: "δ¹" }).locator(".sign.root").count()).toBe(1);
    await page.reload();
    await until(page, "One mistake: BP2 at layer 1");
    await page.getByRole("button", { name: "one sample more" }).click();
    await until(page, "Nothing to check yet");
    expect(said).toEqual([]);
    await expectToFitAPhone("#yours?form=numbers&net=8-8:tanh", ".fields input");
  });
});
