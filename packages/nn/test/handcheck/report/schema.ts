/** Validates JSON by the schema that is published with the package. */

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const read = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../../schema/${name}.json`, import.meta.url), "utf8")) as object;
const compile = (name: string) =>
  new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false }).compile(read(name));
const ofClass = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
for (const name of ["handcheck-1", "opcheck-1"]) ofClass.addSchema(read(name), `${name}.json`);
const schemas = {
  "handcheck/1": compile("handcheck-1"),
  "opcheck/1": compile("opcheck-1"),
  "class/1": ofClass.compile(read("class-1")),
} as const;

/** What is wrong with a text by a schema; nothing where it is right. */
export function violations(text: string, schema: keyof typeof schemas = "handcheck/1"): string[] {
  const validate = schemas[schema];
  return validate(JSON.parse(text))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}
