/**
 * The fit in frames: one question at a time, each going on from the last answer, until it has converged on the data as
 * they are.
 */

import type { Language } from "@chainrule/nn/handcheck";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../ask.ts";
import type { FitTold } from "./answer.ts";
import { roughly } from "./peaks.ts";

/** As long as a frame may take for its steps. */
const MILLISECONDS = 10;

export interface Frame extends FitTold {
  /** Steps since the data were changed last, and how long they took. */
  readonly since: { readonly steps: number; readonly milliseconds: number };
}

export function useFit(lang: Language, truth: readonly number[]): readonly [frame: Frame | null, again: () => void] {
  const [frame, show] = useState<Frame | null>(null);
  const wanted = useRef(truth);
  const start = useRef<readonly number[]>(roughly(truth));
  const running = useRef(false);
  const there = useRef(true);
  const compiled = useRef(false);
  const run = async (): Promise<void> => {
    if (running.current) return;
    running.current = true;
    let [of, begun, steps] = [wanted.current, performance.now(), 0];
    // The first question compiles, which is no part of any fit.
    if (!compiled.current) await ask(lang, { kind: "fit", truth: of, start: of, milliseconds: 0, statistics: false });
    compiled.current = true;
    begun = performance.now();
    for (let done = false; !done && there.current;) {
      if (of !== wanted.current) [of, begun, steps] = [wanted.current, performance.now(), 0];
      const told = await ask(lang, {
        kind: "fit",
        truth: of,
        start: start.current,
        milliseconds: MILLISECONDS,
        statistics: false,
      });
      start.current = told.parameters;
      steps += told.steps;
      const since = { steps, milliseconds: performance.now() - begun };
      if (there.current) show({ ...told, since });
      done = told.converged && of === wanted.current;
      // How well the parameters are known is said of where it ends, once the clock has stopped.
      if (done) {
        const known = { kind: "fit", truth: of, start: told.parameters, milliseconds: 0, statistics: true } as const;
        const { deviations } = await ask(lang, known);
        if (there.current) show({ ...told, deviations, since });
      }
      done &&= of === wanted.current;
    }
    running.current = false;
  };
  useEffect(() => {
    wanted.current = truth;
    void run();
  }, [truth]);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  const again = (): void => {
    start.current = roughly(wanted.current);
    wanted.current = [...wanted.current];
    void run();
  };
  return [frame, again];
}
