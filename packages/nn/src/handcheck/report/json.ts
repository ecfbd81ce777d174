/** The data of a document as JSON: every number a number, except those that JSON lacks. */

import type { Document } from "./document.ts";

/** NaN and the infinities by name, where they stand for numbers. */
export function plainNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return String(value);
}

/** JSON that ends with a line break; what belongs to a document stands in it by the name of its schema. */
export function toJson(data: Document["data"], appendix: Document | null = null): string {
  const all = appendix === null ? data : { ...data, [appendix.data.schema.split("/")[0]!]: appendix.data };
  return `${JSON.stringify(all, plainNumbers, 2)}\n`;
}
