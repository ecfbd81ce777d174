/** How a TypeScript file is read: by Node itself where it can, else by the tsx that stands near the file or near us. */

import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SourceError } from "../handcheck/intake/given.ts";
import { exportErrors } from "../locales/export-errors.ts";

/** True if Node takes the types off by itself: from 22.18 and 23.6 without being asked. */
export const readsTypes = (): boolean =>
  (process.features as { readonly typescript?: unknown }).typescript === "strip" ||
  (process.features as { readonly typescript?: unknown }).typescript === "transform";

type Conditions = Readonly<Record<"import" | "require", { readonly default: string } | undefined>>;

interface Manifest {
  readonly exports?: Readonly<Record<string, Conditions | undefined>>;
}

/** The addresses of tsx's two interfaces: of modules, and of files that Node takes for CommonJS. */
export interface Tsx {
  readonly module: string;
  readonly common: string;
}

/** Finds tsx; `null` where it is not installed. */
export function findTsx(from: readonly string[]): Tsx | null {
  for (const place of from) {
    try {
      const file = createRequire(place).resolve("tsx/package.json");
      const { exports } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
      const [module, common] = [exports?.["./esm/api"]?.import?.default, exports?.["./cjs/api"]?.require?.default];
      if (module !== undefined && common !== undefined)
        return { module: new URL(module, pathToFileURL(file)).href, common: resolve(dirname(file), common) };
    } catch {
      // Not there: the next place.
    }
  }
  return null;
}

interface Esbuild {
  readonly transform: (text: string, options: object) => Promise<{ readonly code: string }>;
  readonly transformSync: (text: string, options: object) => { readonly code: string };
}

/** The esbuild that tsx reads files with. */
const esbuildOf = ({ common }: Tsx): Esbuild => createRequire(realpathSync(common))("esbuild") as Esbuild;

/** Options of esbuild by which stacks are in the lines of what was written. */
const optionsFor = (file: string, format: "esm" | "cjs"): object => ({
  loader: "ts",
  format,
  target: "es2022",
  sourcemap: "inline",
  sourcefile: file,
  logLevel: "silent",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  // As strict as the module that it was.
  ...(format === "cjs" ? { banner: '"use strict";' } : {}),
});

/** A module of JavaScript. */
export const transformed = (text: string, file: string, tsx: Tsx): string =>
  esbuildOf(tsx).transformSync(text, optionsFor(file, "esm")).code;

/** A script of JavaScript, made beside: the thread does not wait for it. */
export async function scriptOf(text: string, file: string, tsx: Tsx): Promise<string> {
  return (await esbuildOf(tsx).transform(text, optionsFor(file, "cjs"))).code;
}

/**
 * Signs of what needs a loader, or a tsconfig.json to be understood: other modules, what modules know of themselves,
 * classes and their decorators.
 */
const beyondItself = /\b(?:import|from|require|module|exports|class|__dirname|__filename)\b|@/;

/**
 * True if a file needs nothing but itself. Then its types are taken off here, while its process starts: to load tsx
 * there takes three times as long. What esbuild does not make a script of (an `await` outside of functions), and wrong
 * syntax, is for tsx as well.
 */
export function standsAlone(file: string, text: string): boolean {
  return /\.m?ts$/i.test(file) && !beyondItself.test(text);
}

/** Says what to do where Node reads no TypeScript. */
export const withoutTypes = (): SourceError =>
  new SourceError(exportErrors.noTypes({ version: process.versions.node }), exportErrors.readTypes);
