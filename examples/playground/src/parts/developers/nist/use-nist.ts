/** The sets, the fit that is looked at, and the digits that each fit has reached. */

import type { Language } from "@chainrule/nn/handcheck";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../ask.ts";
import type { Listed, NistFit, NistTold } from "./answer.ts";

export const keyOf = (name: string, start: number): string => `${name} ${start}`;

/** The digits that the worst parameter has. */
export const reached = (fit: NistFit): number => Math.min(...fit.trail.at(-1)!.digits);

interface Sets {
  readonly sets: readonly Listed[];
  readonly fit: NistFit | null;
  readonly digits: Readonly<Record<string, number>>;
  readonly busy: boolean;
  readonly all: () => void;
}

export function useNist(lang: Language, name: string, start: number): Sets {
  const [sets, list] = useState<readonly Listed[]>([]);
  const [fit, show] = useState<NistFit | null>(null);
  const [digits, count] = useState<Readonly<Record<string, number>>>({});
  const [busy, set] = useState(false);
  const there = useRef(true);
  const told = async (one: string, from: number): Promise<NistTold> => {
    const answer = await ask(lang, { kind: "nist", name: one, start: from });
    if (there.current && answer.fit !== null) {
      const found = reached(answer.fit);
      count((before) => ({ ...before, [keyOf(one, from)]: found }));
    }
    return answer;
  };
  useEffect(() => {
    let wanted = true;
    show(null);
    void told(name, start).then((answer) => {
      if (!wanted) return;
      list(answer.sets);
      show(answer.fit);
    });
    return () => {
      wanted = false;
    };
  }, [name, start]);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  const all = async (): Promise<void> => {
    set(true);
    for (const one of sets)
      for (const from of [0, 1])
        if (there.current && digits[keyOf(one.name, from)] === undefined) await told(one.name, from);
    set(false);
  };
  return { sets, fit, digits, busy, all: () => void all() };
}
