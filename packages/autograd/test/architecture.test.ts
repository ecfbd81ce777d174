/**
 * The map of the sources holds: imports point down, nothing runs in circles, nn keeps to the public doors, public names
 * are written down.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** A file by its path from the source folder, with its text. */
type Sources = ReadonlyMap<string, string>;

interface Import {
  readonly from: string;
  /** A path from the source folder, or the name of a package. */
  readonly to: string;
  /** It vanishes when types are taken away. */
  readonly typeOnly: boolean;
}

const packages = fileURLToPath(new URL("../../", import.meta.url));

const read = (folder: string): Sources => {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return new Map(names.map((name) => [name.split("\\").join("/"), readFileSync(join(folder, name), "utf8")]));
};

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

const statement = /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const dynamic = /\bimport\(\s*"([^"]+)"\s*\)/g;

const importsOf = (from: string, text: string): Import[] => {
  const bare = withoutComments(text);
  const resolve = (target: string): string =>
    target.startsWith(".") ? posix.normalize(posix.join(dirname(from), target)) : target;
  return [
    ...[...bare.matchAll(statement)].map(([, type, target]) => ({
      from,
      to: resolve(target!),
      typeOnly: type !== undefined,
    })),
    ...[...bare.matchAll(dynamic)].map(([, target]) => ({ from, to: resolve(target!), typeOnly: false })),
  ];
};

const allImports = (sources: Sources): Import[] => [...sources].flatMap(([name, text]) => importsOf(name, text));

/** The folders from the top down. */
const order = [
  "index",
  "vectors",
  "variable",
  "fluent",
  "optimize",
  "check",
  "blas",
  "scalar",
  "vmap",
  "inspect",
  "transforms",
  "sweep",
  "backends",
  "compile",
  "primitives",
  "ops",
  "graph",
  "kernels",
  "options",
  "errors",
  "begin",
  "caller",
  "types",
];

/** Interfaces above a layer whose types it may name: what is above hands in what has them. */
const interfaces: Readonly<Record<string, string>> = { compile: "backends/backend.ts" };

const layerOf = (path: string): string => path.split("/")[0]!.replace(/\.ts$/, "");

/** Files whose types every layer may name: they say what memory is, and import nothing but errors and options. */
const leaves = ["graph/dtype.ts"];

/** Arrows that are wrong although they point down. */
const closed: readonly (readonly [from: string, to: string])[] = [
  ["index", "check"],
  ["fluent", "check"],
  ["check", "inspect"],
  ["check", "fluent"],
  ["index", "scalar"],
  ["check", "scalar"],
  ["blas", "scalar"],
  ["scalar", "vmap"],
  ["scalar", "inspect"],
  ["scalar", "transforms"],
  ["scalar", "sweep"],
  ["index", "blas"],
  ["fluent", "blas"],
  ["check", "blas"],
  ["index", "optimize"],
  ["fluent", "optimize"],
  ["optimize", "check"],
  ["optimize", "blas"],
  ["optimize", "scalar"],
  ["optimize", "inspect"],
  ["index", "vmap"],
  ["fluent", "vmap"],
  ["optimize", "vmap"],
  ["check", "vmap"],
  ["blas", "vmap"],
  ["vmap", "inspect"],
];

const upward = (sources: Sources): string[] =>
  allImports(sources).flatMap(({ from, to, typeOnly }) => {
    const [upper, lower] = [layerOf(from), layerOf(to)];
    const arrow = `${from} → ${to}`;
    if (!order.includes(upper)) return [`${from} stands in no layer`];
    if (!order.includes(lower)) return [`${arrow}: no part of the library`];
    if (upper === lower || (typeOnly && (leaves.includes(to) || interfaces[upper] === to))) return [];
    if (closed.some(([a, b]) => a === upper && b === lower)) return [`${arrow}: closed`];
    return order.indexOf(upper) < order.indexOf(lower) ? [] : [`${arrow}: upward`];
  });

/** Folders within a part from the top down, below the part's own files; types may be named upward. */
const parts: Readonly<Record<string, readonly string[]>> = {
  "compile/": ["schedule", "passes", "ir"],
  "backends/wasm/": ["emit", "eager", "threads", "memory", "products", "lanes", "assembler", "host"],
};

const upwardWithin = (part: string, sources: Sources): string[] =>
  allImports(sources).flatMap(({ from, to, typeOnly }) => {
    if (typeOnly || !from.startsWith(part) || !to.startsWith(part)) return [];
    const placeOf = (path: string): number => {
      const [first, ...rest] = path.slice(part.length).split("/");
      const place = parts[part]!.indexOf(first!.replace(/\.ts$/, ""));
      return place < 0 && rest.length > 0 ? NaN : place;
    };
    const unknown = [from, to].filter((path) => Number.isNaN(placeOf(path)));
    if (unknown.length > 0) return unknown.map((path) => `${path} stands in no place`);
    return placeOf(from) <= placeOf(to) ? [] : [`${from} → ${to}: upward`];
  });

/** The check of hand-derived backprop, from the top down. */
const CHECK = "handcheck/";
const check = [
  "index",
  "entry",
  "forms",
  "part",
  "plant",
  "files",
  "formulas",
  "ops",
  "derive",
  "report/",
  "judge",
  "catalogue",
  "relations",
  "intake",
  "claims",
  "bounds",
  "report",
  "points",
  "complex",
  "equations",
  "nearest",
  "ahead",
  "once",
];

/** Files whose types every layer may name: what a report says, and what a source yields. */
const named = ["report.ts", "points.ts", "intake/given.ts"];

const upwardInCheck = (sources: Sources): string[] =>
  allImports(sources).flatMap(({ from: user, to: used, typeOnly }) => {
    if (!user.startsWith(CHECK) || !used.startsWith(CHECK)) return [];
    const [from, to] = [user.slice(CHECK.length), used.slice(CHECK.length)];
    const placeOf = (path: string): number => check.indexOf(path.startsWith("report/") ? "report/" : layerOf(path));
    const unknown = [from, to].filter((path) => placeOf(path) < 0);
    if (unknown.length > 0) return unknown.map((path) => `${path} stands in no layer`);
    return placeOf(from) <= placeOf(to) || (typeOnly && named.includes(to)) ? [] : [`${from} → ${to}: upward`];
  });

/** One cycle of value imports, as the files on it; `null` where there is none. */
const cycleIn = (sources: Sources): string[] | null => {
  const next = new Map(
    [...sources].map(([name, text]) => [
      name,
      importsOf(name, text)
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ to }) => to),
    ]),
  );
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const target of next.get(name) ?? []) {
      const cycle = visit(target, [...path, name]);
      if (cycle !== null) return cycle;
    }
    done.add(name);
    return null;
  };
  for (const name of sources.keys()) {
    const cycle = visit(name, []);
    if (cycle !== null) return cycle;
  }
  return null;
};

const doors = [
  "@chainrule/autograd",
  "@chainrule/autograd/check",
  "@chainrule/autograd/optimize",
  "@chainrule/autograd/blas",
  "@chainrule/autograd/scalar",
  "@chainrule/autograd/vmap",
];

/** What nn imports that is neither its own, nor a door, nor Node's, nor a declared dependency. */
const strangers = (sources: Sources, dependencies: readonly string[]): string[] =>
  allImports(sources)
    .filter(
      ({ to }) =>
        !sources.has(to) &&
        !doors.includes(to) &&
        !to.startsWith("node:") &&
        (to.startsWith("@chainrule/") || !dependencies.includes(to)),
    )
    .map(({ from, to }) => `${from} → ${to}`);

/** What the witness reaches beyond its own folder, directly or through files of nn. */
const reachOf = (sources: Sources, folder: string): string[] => {
  const seen = new Set([...sources.keys()].filter((name) => name.startsWith(folder)));
  for (const name of seen) {
    const text = sources.get(name);
    if (text !== undefined) for (const { to } of importsOf(name, text)) seen.add(to);
  }
  return [...seen].filter((name) => !name.startsWith(folder));
};

/** The names that an index file exports, types among them. */
const namesOf = (text: string): string[] => {
  const bare = withoutComments(text);
  const listed = [...bare.matchAll(/^export\s+(?:type\s)?\{([^}]*)\}/gm)].flatMap(([, list]) => list!.split(","));
  return listed
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, "")
        .replace(/^.*\sas\s+/, ""),
    )
    .filter((name) => name !== "")
    .sort();
};

const autograd = read(join(packages, "autograd/src"));
const nn = read(join(packages, "nn/src"));
const fixture = (files: Readonly<Record<string, string>>): Sources => new Map(Object.entries(files));

describe("the sources of autograd", () => {
  it("import downward only", () => {
    expect(autograd.size).toBeGreaterThan(40);
    expect(allImports(autograd).length).toBeGreaterThan(150);
    expect(upward(autograd)).toEqual([]);
  });

  it.each(Object.keys(parts))("import downward only within %s", (part) => {
    expect([...autograd.keys()].filter((name) => name.startsWith(part)).length).toBeGreaterThan(40);
    expect(upwardWithin(part, autograd)).toEqual([]);
  });

  it("import upward within a part where a lower folder names a higher one, or a file of the part", () => {
    const one = (from: string, to: string, part = "compile/"): string[] =>
      upwardWithin(part, fixture({ [`${part}${from}`]: `import { a } from "${to}";` }));
    expect(one("ir/value.ts", "../schedule/fuse.ts")).toEqual([
      "compile/ir/value.ts → compile/schedule/fuse.ts: upward",
    ]);
    expect(one("schedule/fuse.ts", "../program.ts")).toHaveLength(1);
    expect(one("odd/one.ts", "../program.ts")).toEqual(["compile/odd/one.ts stands in no place"]);
    expect(one("program.ts", "./schedule/fuse.ts")).toEqual([]);
    expect(one("host.ts", "./assembler/body.ts", "backends/wasm/")).toHaveLength(1);
    expect(one("assembler/body.ts", "../host.ts", "backends/wasm/")).toEqual([]);
  });

  it("have no cycle of imports", () => {
    expect(cycleIn(autograd)).toBeNull();
  });

  it("name types of leaf files that are leaves indeed", () => {
    for (const leaf of leaves)
      expect(importsOf(leaf, autograd.get(leaf)!).map(({ to }) => to)).toEqual(["errors.ts", "options.ts"]);
  });
});

/** Modules that are asked for while something runs. */
const later = (sources: Sources): string[] =>
  [...sources].filter(([, text]) => /(?<![.\w])import\(\s*["'`]/.test(withoutComments(text))).map(([name]) => name);

describe("the sources of nn", () => {
  it("ask for no module later, but for the command's: in a bundle of one file such a module's lines would be its user's", () => {
    expect(later(autograd)).toEqual([]);
    const found = later(nn);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((name) => !name.startsWith("cli/"))).toEqual([]);
    expect(later(fixture({ "a.ts": 'const { b } = await import("./b.ts");', "b.ts": '// import("./c.ts")' }))).toEqual([
      "a.ts",
    ]);
  });

  it("import autograd through its public doors, and nothing undeclared", () => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(packages, "nn/package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    expect(strangers(nn, Object.keys(dependencies))).toEqual([]);
  });

  it("have no cycle of imports", () => {
    expect(cycleIn(nn)).toBeNull();
  });

  it("import downward only within the check", () => {
    expect(
      allImports(nn).filter(({ from, to }) => from.startsWith(CHECK) && to.startsWith(CHECK)).length,
    ).toBeGreaterThan(500);
    expect(upwardInCheck(nn)).toEqual([]);
    const one = (from: string, to: string, form = "import") =>
      upwardInCheck(
        fixture({
          [`${CHECK}${from}`]: `${form} { a } from "${posix.relative(dirname(from), to).replace(/^(?!\.)/, "./")}";`,
        }),
      );
    expect(one("catalogue/bias.ts", "judge/walk.ts")).toEqual(["catalogue/bias.ts → judge/walk.ts: upward"]);
    expect(one("bounds/fit.ts", "claims/setting.ts", "import type")).toHaveLength(1);
    expect(one("odd.ts", "report.ts")).toEqual(["odd.ts stands in no layer"]);
    expect([
      one("judge/walk.ts", "catalogue/bias.ts"),
      one("bounds/look.ts", "intake/given.ts", "import type"),
      one("points.ts", "report.ts", "import type"),
    ]).toEqual([[], [], []]);
    expect(one("bounds/look.ts", "intake/given.ts")).toHaveLength(1);
  });

  it("keep the witness by hand free of all else", () => {
    const folder = "handcheck/equations";
    expect([...nn.keys()].some((name) => name.startsWith(folder))).toBe(true);
    expect(reachOf(nn, folder)).toEqual([]);
  });
});

describe("ARCHITECTURE.md", () => {
  const text = readFileSync(join(packages, "../ARCHITECTURE.md"), "utf8");

  it("shows every folder of autograd", () => {
    const folders = new Set(
      [...autograd.keys()].flatMap((path) =>
        path
          .split("/")
          .slice(0, -1)
          .map((name) => `${name}/`),
      ),
    );
    expect(folders.size).toBeGreaterThan(20);
    expect([...folders].filter((name) => !text.includes(name))).toEqual([]);
  });

  it("names five files to read first that are there", () => {
    const section = /## Read these five files first\n([\s\S]*?)\n## /.exec(text)![1]!;
    const files = [...section.matchAll(/^\d\. `(?:packages\/autograd\/src\/)?([^`]+)`/gm)].map(([, path]) => path!);
    expect(files).toHaveLength(5);
    expect(files.filter((path) => !autograd.has(path))).toEqual([]);
  });
});

describe("every source file", () => {
  it("has at most four hundred lines", () => {
    const over = [autograd, nn].flatMap((sources) =>
      [...sources].filter(([, text]) => text.split("\n").length > 401).map(([name]) => name),
    );
    expect(over).toEqual([]);
  });
});

/** Comments that begin with a question word: the first word is the name of what they describe, or what it does. */
const vague = (sources: Sources): string[] =>
  [...sources].flatMap(([name, text]) =>
    [...text.matchAll(/\/\*\*\s+(?:\*\s+)?((?:What|Where|Whether)\b.*)/g)].map(([, words]) => `${name}: ${words!}`),
  );

describe("every comment", () => {
  it("begins with the name of what it describes, or with a verb", () => {
    for (const sources of [nn, autograd]) expect(vague(sources)).toEqual([]);
    const said = fixture({
      "a.ts": "/** Whether it is. */\n/**\n * What it is.\n */\n/** Says what it is. */\n// Where",
    });
    expect(vague(said)).toEqual(["a.ts: Whether it is. */", "a.ts: What it is."]);
  });
});

describe("the public names", () => {
  const entries = [
    [
      "autograd",
      {
        ".": "src/index.ts",
        "./check": "src/check/index.ts",
        "./optimize": "src/optimize/index.ts",
        "./blas": "src/blas/index.ts",
        "./scalar": "src/scalar/index.ts",
        "./vmap": "src/vmap/index.ts",
      },
    ],
    ["nn", { ".": "src/index.ts", "./handcheck": "src/handcheck/index.ts" }],
  ] as const;

  it.each(entries)("of %s are the ones written down", async (name, files) => {
    const present = Object.entries(files).filter(([, file]) => existsSync(join(packages, name, file)));
    const names = Object.fromEntries(
      present.map(([entry, file]) => [entry, namesOf(readFileSync(join(packages, name, file), "utf8"))]),
    );
    const written = relative(dirname(fileURLToPath(import.meta.url)), join(packages, name, "test/public-names.json"));
    await expect(`${JSON.stringify(names, null, 2)}\n`).toMatchFileSnapshot(written);
  });

  it("of autograd are all that the modules have when run", async () => {
    for (const entry of [
      "index.ts",
      "check/index.ts",
      "optimize/index.ts",
      "blas/index.ts",
      "scalar/index.ts",
      "vmap/index.ts",
    ]) {
      const file = join(packages, "autograd/src", entry);
      const listed = namesOf(readFileSync(file, "utf8"));
      const present = Object.keys((await import(file)) as object);
      for (const name of present) expect(listed, entry).toContain(name);
    }
  });
});

describe("the checks themselves", () => {
  it("see an arrow that points up, in whatever form it is written", () => {
    const forms = [
      'import { grad } from "../transforms/grad.ts";',
      'import type { Grad } from "../transforms/grad.ts";',
      'export { grad } from "../transforms/grad.ts";',
      'import "../transforms/grad.ts";',
      'import {\n  grad,\n  type Grad,\n} from "../transforms/grad.ts";',
      'const later = import("../transforms/grad.ts");',
    ];
    for (const form of forms) {
      expect(upward(fixture({ "ops/arithmetic.ts": form, "transforms/grad.ts": "" })), form).toEqual([
        "ops/arithmetic.ts → transforms/grad.ts: upward",
      ]);
    }
  });

  it("see values of a leaf file, strangers, and closed arrows that point down", () => {
    expect(upward(fixture({ "kernels/loops.ts": 'import { allocate } from "../graph/dtype.ts";' }))).toHaveLength(1);
    expect(upward(fixture({ "kernels/loops.ts": 'import type { Elements } from "../graph/dtype.ts";' }))).toEqual([]);
    expect(upward(fixture({ "ops/cast.ts": 'import { readFileSync } from "node:fs";' }))).toEqual([
      "ops/cast.ts → node:fs: no part of the library",
    ]);
    expect(upward(fixture({ "check/index.ts": 'import { show } from "../inspect/show.ts";' }))).toHaveLength(1);
    expect(upward(fixture({ "util/extra.ts": 'import "../errors.ts";' }))).toEqual([
      "util/extra.ts stands in no layer",
    ]);
  });

  it("see a compiler that knows a machine, but for the types of the interface", () => {
    const one = (text: string): string[] => upward(fixture({ "compile/program.ts": text }));
    expect(one('import type { Backend } from "../backends/backend.ts";')).toEqual([]);
    expect(one('import { wasm } from "../backends/backend.ts";')).toHaveLength(1);
    expect(one('import type { WasmExecutable } from "../backends/wasm/executable.ts";')).toHaveLength(1);
    expect(upward(fixture({ "ops/cast.ts": 'import type { Backend } from "../backends/backend.ts";' }))).toHaveLength(
      1,
    );
  });

  it("pass over what a comment quotes", () => {
    expect(
      upward(
        fixture({
          "ops/cast.ts": '/**\n * import { grad } from "../transforms/grad.ts";\n */\n// import "../index.ts";',
        }),
      ),
    ).toEqual([]);
  });

  it("see a cycle, unless only types close it", () => {
    const closing = (form: string): Sources =>
      fixture({ "a.ts": 'import { b } from "./b.ts";', "b.ts": 'import { c } from "./c.ts";', "c.ts": form });
    expect(cycleIn(closing('import { a } from "./a.ts";'))).toEqual(["a.ts", "b.ts", "c.ts", "a.ts"]);
    expect(cycleIn(closing('import type { A } from "./a.ts";'))).toBeNull();
  });

  it("see a back door into autograd, and a witness that is no stranger to it", () => {
    const files = fixture({
      "network/cost.ts": 'import { add } from "@chainrule/autograd/src/index.ts";',
      "handcheck/equations/forward.ts": 'import { shared } from "../../shared.ts";',
      "shared.ts": 'import { add } from "@chainrule/autograd";',
    });
    expect(strangers(files, ["@chainrule/autograd"])).toEqual(["network/cost.ts → @chainrule/autograd/src/index.ts"]);
    expect(reachOf(files, "handcheck/equations")).toEqual(["shared.ts", "@chainrule/autograd"]);
  });

  it("read the names of an index file", () => {
    expect(namesOf('export { b, type A, c as d } from "./x.ts";\nexport type { E } from "./y.ts";\n')).toEqual([
      "A",
      "E",
      "b",
      "d",
    ]);
  });
});
