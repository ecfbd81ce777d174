/**
 * A submission cannot write its own verdict: whatever it patches, prints, posts, writes or ends, the judge sees arrays,
 * or says by name what it saw.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chainrule, newFolder, patient, put, runAside, spawned, start, type Ran } from "./command.ts";
import { backprop, forgotten, withLine } from "./files.ts";

const folder = newFolder();

/** Checks a file whose code has a process of its own, as always; the command has this one. */
const check = (name: string, text: string): Promise<Ran> =>
  chainrule(["check", put(folder, name, text), ...patient], { cwd: folder, run: runAside });

/** Checks a file with the command in a process too, as people do. */
const checkOutside = (name: string, text: string, ...words: readonly string[]): Promise<Ran> =>
  spawned(["check", put(folder, name, text), ...patient, ...words], { cwd: folder });

const flat = (text: string): string => text.replace(/\n\s*/g, " ");

/** Until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const isAlive = (pid: number): boolean => {
  try {
    // What is over and not yet fetched is over.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Nines in every place. */
const nines = backprop([
  [
    "return { delta: { 1: delta1",
    'const all = (a) => (typeof a === "object" ? a.map(all) : 9);\n  return { delta: { 1: all(delta1), 2: all(delta2) }, gradB: { 1: all(mean(delta1)), 2: all(mean(delta2)) }, gradW: { 1: all(outer(delta1, x)), 2: all(outer(delta2, v1)) } };\n  return { delta: { 1: delta1',
  ],
]);

const patches = `
Math.abs = () => 0; Math.max = () => 0; Math.min = () => 0; Math.sqrt = () => 0;
Number.isFinite = () => true; Object.is = () => true; Object.entries = () => []; Object.values = () => [];
`;

/** They answer whoever is not the backprop itself. */
const prototypes = `
Object.prototype.toJSON = function () { return { verdict: "correct" }; };
JSON.stringify = () => '{"verdict":"correct"}'; JSON.parse = () => ({});
Map.prototype.get = () => undefined; Map.prototype.set = function () { return this; };
Buffer.from = () => new Uint8Array(); Buffer.prototype.toString = () => ""; Buffer.prototype.write = () => 0;
Promise.prototype.then = function () { return this; };
Reflect.apply = () => 0; Function.prototype.call = () => 0; Function.prototype.apply = () => 0;
`;

const arrays = `
Array.isArray = () => false; Array.from = () => []; Array.prototype[Symbol.iterator] = function* () {};
Array.prototype.push = Array.prototype.join = Array.prototype.every = Array.prototype.concat = () => 0;
Float64Array.from = () => [9]; Float64Array.prototype.set = () => 0;
`;

describe.concurrent("what a file patches", () => {
  it.each([
    ["Math", patches],
    ["prototypes", prototypes],
    ["arrays", arrays],
  ])("%s, changes nothing for the judge: wrong stays wrong, right stays right", async (name, head) => {
    const [wrong, slip, right] = await Promise.all([
      check(`nines-${name}.mjs`, head + nines),
      check(`slip-${name}.mjs`, head + forgotten),
      check(`right-${name}.mjs`, head + backprop()),
    ]);
    expect([wrong.status, slip.status, right.status], wrong.stdout + slip.stdout + right.stdout + right.stderr).toEqual(
      [1, 1, 0],
    );
    expect(slip.stdout).toContain("[B1]");
  });

  it("in the streams hides its prints at most", async () => {
    const { status, stdout } = await checkOutside(
      "streams.mjs",
      `process.stdout.write = () => true; console.log = () => undefined; process.exitCode = 0; process.on("exit", () => { process.exitCode = 0; });\n${forgotten}`,
    );
    expect([status, stdout]).toEqual([1, expect.stringContaining("[B1]")]);
  });
});

describe.concurrent("what a file posts or writes", () => {
  it("as a message reaches nobody", async () => {
    const posted = '{ kind: "report", report: { verdict: "correct" } }';
    const head = `import { parentPort, isMainThread } from "node:worker_threads";\nparentPort?.postMessage(${posted});\nprocess.send?.(${posted});\nif (!isMainThread) throw new Error("a thread of the judge's");\n`;
    expect((await checkOutside("posts.mjs", head + forgotten)).status).toBe(1);
  });

  it("where answers are expected is refused by name, forged or not", async () => {
    const frames = [
      "nonsense",
      '{"ready":true,"ok":0}\\nmore',
      '{"id":"0123456789abcdef0123456789abcdef","ok":{"value":{"record":[]},"changed":[]}}',
      '{"ok":{"record":[]}}',
    ];
    const all = await Promise.all(
      frames.map((frame, at) =>
        check(
          `frame-${at}.mjs`,
          `import { writeSync } from "node:fs";\n${withLine(`writeSync(3, ${JSON.stringify(`${frame}\n`).replaceAll("\\\\n", "\\n")});`)}`,
        ),
      ),
    );
    for (const { status, stdout } of all)
      expect([status, flat(stdout)]).toEqual([3, expect.stringContaining("it writes where answers are expected")]);
  });

  it("or closes, or reads, on that pipe ends in a fault at worst", async () => {
    const closing = await checkOutside(
      "closes.mjs",
      `import { closeSync } from "node:fs";\n${withLine("closeSync(3);")}`,
    );
    expect([closing.status, flat(closing.stdout)]).toEqual([
      3,
      expect.stringMatching(/it ended the process itself|the process was ended/),
    ]);
    const reopened = await checkOutside(
      "reopens.mjs",
      `import { Socket } from "node:net";\nnew Socket({ fd: 3 }).pause();\n${forgotten}`,
    );
    expect(reopened.status, reopened.stdout).toBe(1);
  });
});

describe.concurrent("what a file answers", () => {
  const answer = (returned: string): string =>
    backprop([["return { delta: { 1: delta1", `return ${returned};\n  return { delta: { 1: delta1`]]);
  const whole = "{ gradB: { 1: mean(delta1), 2: mean(delta2) }, gradW: { 1: outer(delta1, x), 2: outer(delta2, v1) } }";

  it("may be a proxy, a class, or typed arrays, whose numbers are judged", async () => {
    const right = await Promise.all([
      check("proxy.mjs", answer(`new Proxy(${whole}, {})`)),
      check("class.mjs", answer(`new (class Answer { gradW = ${whole}.gradW; gradB = ${whole}.gradB; })()`)),
      check(
        "typed.mjs",
        answer(
          "{ gradB: { 1: new Float64Array(mean(delta1)), 2: new Float64Array([9, ...mean(delta2)]).subarray(1) }, gradW: { 2: outer(delta2, v1).map((row) => new Float64Array(row)) } }",
        ),
      ),
    ]);
    expect(
      right.map(({ status }) => status),
      right.map(({ stdout }) => stdout).join(""),
    ).toEqual([0, 0, 0]);
  });

  it("and is no array of numbers, or throws while it is read, is said by name", async () => {
    const odd: readonly (readonly [string, string, RegExp])[] = [
      ["getter", `{ get gradW() { throw new TypeError("not yet"); } }`, /getter\.mjs:\d+:\d+: TypeError: not yet/],
      ["length", "{ gradW: { 1: { length: 4, 0: [1] } } }", /gradW/],
      ["words", '{ gradW: { 1: [["1", "2", "3"]] } }', /gradW/],
      ["functions", "{ gradW: { 1: () => 1 } }", /no array of numbers/],
      [
        "endless",
        '{ gradW: { 1: new Proxy([], { get: (_, name) => (name === "length" ? 4 : [NaN, NaN, NaN]), has: () => true, ownKeys: () => ["length"] }) } }',
        /NaN|gradW/,
      ],
      ["throws", "(() => { throw { get message() { throw 1; } }; })()", /it throws/],
    ];
    const all = await Promise.all(odd.map(([name, returned]) => check(`${name}.mjs`, answer(returned))));
    all.forEach(({ status, stdout }, at) =>
      expect([status, flat(stdout)], odd[at]![0]).toEqual([3, expect.stringMatching(odd[at]![2])]),
    );
  });
});

describe.concurrent("what a file starts or takes", () => {
  it.skipIf(process.platform !== "linux")("and leaves running is ended with it", async () => {
    const pidFile = join(folder, "left");
    const head = `import { spawn } from "node:child_process";\nimport { writeFileSync } from "node:fs";\nconst child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { stdio: "inherit" });\nwriteFileSync(${JSON.stringify(pidFile)}, String(child.pid));\n`;
    const { status } = await checkOutside("starts.mjs", head + backprop());
    expect(status).toBe(0);
    await until(() => !isAlive(Number(readFileSync(pidFile, "utf8"))));
  });

  it.skipIf(process.platform !== "linux")("is over when the command is interrupted", async () => {
    const pidFile = join(folder, "interrupted");
    put(
      folder,
      "loops.mjs",
      `import { writeFileSync } from "node:fs";\n${withLine(`writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); for (;;);`)}`,
    );
    const command = start(["check", "loops.mjs", ...patient], { cwd: folder });
    const over = new Promise((resolve) => command.on("exit", (_, signal) => resolve(signal)));
    await until(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(isAlive(pid)).toBe(true);
    command.kill("SIGINT");
    expect(await over).toBe("SIGINT");
    await until(() => !isAlive(pid));
  });

  it("of memory has a limit", async () => {
    const { status, stdout, stderr } = await checkOutside(
      "grows.mjs",
      withLine("for (const kept = []; ; ) kept.push(new Array(1e5).fill(0.5));"),
      "--memory",
      "64",
    );
    expect([status, flat(stdout)]).toEqual([3, expect.stringContaining("backward took more than 64 MB of memory")]);
    expect(stderr).not.toContain("GCs");
  });

  it("waits for what never comes while it is loaded is said", async () => {
    const { status, stdout } = await check("waits.mjs", `await new Promise(() => undefined);\n${backprop()}`);
    expect([status, flat(stdout)]).toEqual([3, expect.stringContaining("the file waits for what never comes")]);
  });
});
