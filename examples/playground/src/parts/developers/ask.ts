/** Asks the worker for a fit, and waits. */

import type { Language } from "@chainrule/nn/handcheck";
import { checker } from "../../worker/checker.ts";
import type { DevelopersAsked, DevelopersTold } from "./answer.ts";

/** What is told is of the kind that was asked for. */
export async function ask<A extends DevelopersAsked>(
  lang: Language,
  asked: A,
): Promise<Extract<DevelopersTold, { readonly kind: A["kind"] }>> {
  const answer = await checker().ask({ kind: "part", part: "developers", lang, asked });
  if (answer.kind === "part") return answer.told as Extract<DevelopersTold, { readonly kind: A["kind"] }>;
  throw new Error(answer.kind === "fault" ? answer.says[0]!.en : "there is no answer");
}
