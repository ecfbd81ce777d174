/** A fixed level: a claim, what is wrong with it, and where a slip of its kind was published. */

import type { PublishedName } from "./published.ts";

/** A level as it is played. */
export interface Level {
  /** Its name in the address. */
  readonly key: string;
  /** 1 to 3 */
  readonly rank: number;
  readonly net: string;
  readonly cost: string;
  readonly text: string;
  /** What the check says: equation, layer, and id of the catalogue; of a formula for every layer one for each. */
  readonly roots: readonly string[];
  readonly published: PublishedName;
}
