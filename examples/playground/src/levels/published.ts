/** Where slips stand in public: works, courses and libraries. The lines that show them are written anew. */

import type { Words } from "@chainrule/nn/handcheck";
import { asked, courses } from "./published-courses.ts";
import { books, libraries } from "./published-works.ts";

/** What sort of thing it was published in. */
export type Sort = "book" | "course" | "library" | "post" | "answer";

/** A slip in public. */
export interface Exhibit {
  /** The work by its own name, or in words where it has none. */
  readonly work: string | Words;
  readonly sort: Sort;
  /** The place in it. */
  readonly where: Words;
  /** What was found there. */
  readonly says: Words;
}

/** A slip of a network, which a level shows. */
export interface Published extends Exhibit {
  readonly level: string;
}

const all = { ...books, ...courses, ...libraries, ...asked };

export const published: Readonly<Record<keyof typeof all, Published>> = all;

export type PublishedName = keyof typeof published;

export const publishedNames = Object.keys(published) as readonly PublishedName[];
