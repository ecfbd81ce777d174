/**
 * TypeScript or JavaScript modules as plain code: types are taken off, `import` and `export` become `require` and
 * `exports`; lines stay lines.
 */

import { transform } from "sucrase";
import { Failed } from "./sandbox.ts";

/** Throws what is wrong with the text, with its line. */
export function plainCode(text: string): string {
  try {
    return transform(text, {
      transforms: ["typescript", "imports"],
      preserveDynamicImport: true,
      disableESTransforms: true,
    }).code;
  } catch (error) {
    const { message } = error as Error;
    const [, says = message, line] = /^(?:Error transforming .*?: )?(.*?) ?\((\d+):\d+\)$/s.exec(message) ?? [];
    throw new Failed("thrown", says, line === undefined ? null : Number(line));
  }
}
