/**
 * What a class is set, and what somebody made of it, as the address holds it: a link to a task is its address before
 * anything is done.
 */

import type { Hints } from "@chainrule/nn/handcheck";
import { MOST_SAMPLES } from "../../numbers/quantities.ts";

export interface Task {
  readonly net: string;
  readonly cost: string;
  /** What is handed in. */
  readonly form: "formulas" | "numbers";
  readonly hints: Hints;
  readonly seed: number;
  readonly samples: number;
  /** Parameters and data of the teacher's own, as a listing; drawn by the seed where it is empty. */
  readonly own: string;
}

export interface Place {
  readonly task: Task;
  /** A task that is being set, or one that is worked on. */
  readonly role: "set" | "do";
  readonly work: string;
  /** Of whoever hands in; it stands in the name of the file, and nowhere else. */
  readonly name: string;
}

export const first: Place = {
  task: { net: "2-3-1:tanh,sigmoid", cost: "crossEntropy", form: "numbers", hints: 1, seed: 1, samples: 2, own: "" },
  role: "set",
  work: "",
  name: "",
};

export function atOf({ task, role, work, name }: Place): string {
  const pairs = Object.entries({ ...task, role, work, name })
    .filter(([key, value]) => value !== { ...first, ...first.task }[key as keyof Task | "role" | "work" | "name"])
    .map(([key, value]) => [key, String(value)]);
  return new URLSearchParams(pairs).toString();
}

const wholeOf = (said: string | null, otherwise: number, most: number): number =>
  said !== null && /^\d+$/.test(said) && Number(said) <= most ? Number(said) : otherwise;

export const MOST_SEED = 999_999;

export function placeOf(at: string): Place {
  const said = new URLSearchParams(at);
  const { task } = first;
  return {
    role: said.get("role") === "do" ? "do" : "set",
    work: said.get("work") ?? "",
    name: said.get("name") ?? "",
    task: {
      net: said.get("net") ?? task.net,
      cost: said.get("cost") ?? task.cost,
      form: said.get("form") === "formulas" ? "formulas" : "numbers",
      hints: wholeOf(said.get("hints"), task.hints, 3) as Hints,
      seed: wholeOf(said.get("seed"), task.seed, MOST_SEED),
      samples: Math.max(1, wholeOf(said.get("samples"), task.samples, MOST_SAMPLES)),
      own: said.get("own") ?? "",
    },
  };
}
