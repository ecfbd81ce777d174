/** The newest answer of a part's own module in the worker. */

import type { Language, Words } from "@chainrule/nn/handcheck";
import { useNewest } from "../worker/use-answer.ts";
import type { PartWork, WorkingPart } from "./answers.ts";

export type Told<P extends WorkingPart> =
  | {
      readonly kind: "told";
      readonly told: PartWork[P]["told"];
      /** It is told of what is asked now; what was told before stands until then. */
      readonly isNewest: boolean;
    }
  | { readonly kind: "fault"; readonly says: readonly Words[] };

/** `null` until the first answer is there; `key` says when the question is another one. */
export function useTold<P extends WorkingPart>(
  part: P,
  lang: Language,
  asked: PartWork[P]["asked"],
  key: string,
): Told<P> | null {
  const [answer, isNewest] = useNewest({ kind: "part", part, lang, asked }, `${part} ${lang} ${key}`);
  if (answer?.kind === "fault") return answer;
  if (answer?.kind !== "part") return null;
  return { kind: "told", told: answer.told as PartWork[P]["told"], isNewest };
}
