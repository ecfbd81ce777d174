/**
 * Arrays as lines of a text, `gradW1 = [[0.1, -0.2], [0.3, ]]`: what stands in fields is kept so, with a place for what
 * is still to come.
 */

export type Entries = readonly (readonly string[])[];
export type Listing = ReadonlyMap<string, Entries>;

const line = /^(\w+) = \[\[(.*)\]\]$/;

export function listed(text: string): Listing {
  const found = text.split("\n").flatMap((one) => {
    const [, name, inside] = line.exec(one) ?? [];
    return name === undefined ? [] : [[name, inside!.split("], [").map((row) => row.split(", "))] as const];
  });
  return new Map(found);
}

export const textOf = (listing: Listing): string =>
  [...listing].map(([name, rows]) => `${name} = [[${rows.map((row) => row.join(", ")).join("], [")}]]`).join("\n");

const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

export const isNumber = (entry: string): boolean => number.test(entry);

/**
 * An entry as it is typed: a comma is a point, a minus is any minus, and nothing of it ends the list that it stands in.
 */
export const typed = (entry: string): string =>
  entry
    .trim()
    .replace(/,/g, ".")
    .replace(/[−–]/g, "-")
    .replace(/[[\]\s=]/g, "");

const isWhole = (rows: Entries): boolean => rows.every((row) => row.every(isNumber));

/** Without the arrays of which an entry is missing or no number: those are not handed in yet. */
export const whole = (listing: Listing): Listing => new Map([...listing].filter(([, rows]) => isWhole(rows)));
