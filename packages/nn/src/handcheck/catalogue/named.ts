/** The names that a report of a network may give, with what they say, for a lesson or a game of one's own. */

import type { Words } from "../../locales/words.ts";
import type { Line } from "../report.ts";
import { catalogue } from "./catalogue.ts";

/** A mistake as it is called. */
export interface NamedMistake {
  /** The id that a root of a report has: `B1`. */
  readonly id: string;
  /** The equations in which it is looked for; none where it is seen in shapes, steps or behavior. */
  readonly equations: readonly Line["equation"][];
  readonly says: Words;
}

/** Every mistake of networks that has a name, in the order of the ids. */
export const namedMistakes: readonly NamedMistake[] = /* @__PURE__ */ catalogue.map(({ id, rules, says }) => ({
  id,
  equations: rules.flatMap((rule) => (rule === "elsewhere" ? [] : [rule])),
  says,
}));
