/** Where slips stand in public: works, courses and libraries, what was found there, and the level that shows it. Their texts are written anew. */

import type { Words } from "@chainrule/nn/handcheck";
import { asked, courses } from "./published-courses.ts";
import { books, libraries } from "./published-works.ts";

/** What sort of thing it was published in. */
export type Sort = "book" | "course" | "library" | "post" | "answer";

/** A slip in public. */
export interface Published {
  /** The work by its own name, or in words where it has none. */
  readonly work: string | Words;
  readonly sort: Sort;
  /** The place in it. */
  readonly where: Words;
  /** What was found there. */
  readonly says: Words;
  /** The level that shows it. */
  readonly level: string;
}

export const published = { ...books, ...courses, ...libraries, ...asked } as const satisfies Readonly<Record<string, Published>>;

export type PublishedName = keyof typeof published;

export const publishedNames = Object.keys(published) as readonly PublishedName[];
