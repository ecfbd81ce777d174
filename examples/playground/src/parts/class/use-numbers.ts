/** The numbers of a task, once they are drawn. */

import type { Language } from "@chainrule/nn/handcheck";
import { useTold, type Told } from "../use-told.ts";
import type { Task } from "./place.ts";

export function useNumbers({ net, cost, seed, samples, own }: Task, lang: Language): Told<"numbers"> | null {
  return useTold("numbers", lang, { net, cost, seed, samples, own }, JSON.stringify([net, cost, seed, samples, own]));
}
