/** Runs a loss in the sandbox, and tells what comes of it part by part. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { GraphTold, TimesTold, ValuesTold } from "../../../sandbox/inside/loss.ts";
import { asFailed, Failed, Sandbox } from "../../../sandbox/sandbox.ts";
import { graphFrom, timesFrom, valuesFrom } from "./read.ts";

export interface LossTold {
  readonly values: ValuesTold | null;
  readonly graph: GraphTold | Failed | null;
  readonly times: TimesTold | Failed | null;
  readonly failed: Failed | null;
  readonly running: boolean;
}

/** Milliseconds: after the last key, and for an answer. */
const REST = 250;
export const LIMIT = 5000;

const nothing: LossTold = { values: null, graph: null, times: null, failed: null, running: false };

/** The library for it and what takes types off are loaded with the first text. */
async function started(text: string): Promise<Sandbox> {
  const [{ plainCode }, { default: inside }] = await Promise.all([
    import("../../../sandbox/plain-code.ts"),
    import("virtual:inside/autograd"),
  ]);
  return new Sandbox(inside, plainCode(text));
}

/** `text` is run where `may` says so; another text ends what runs. */
export function useLoss(text: string, may: boolean): readonly [LossTold, end: () => void] {
  const [told, set] = useState<LossTold>(nothing);
  const end = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (!may) {
      set(nothing);
      return undefined;
    }
    let sandbox: Sandbox | null = null;
    let wanted = true;
    const tell = (part: Partial<LossTold>): void => {
      if (wanted) set((before) => ({ ...before, ...part }));
    };
    const run = async (): Promise<void> => {
      tell({ running: true });
      try {
        sandbox = await started(text);
        if (!wanted) {
          sandbox.end();
          return;
        }
        tell({ values: valuesFrom(await sandbox.ask("values", LIMIT)), failed: null });
        tell({ graph: await sandbox.ask("graph", LIMIT).then(graphFrom, asFailed) });
        tell({ times: await sandbox.ask("times", LIMIT).then(timesFrom, asFailed) });
      } catch (error) {
        tell({ ...nothing, failed: asFailed(error) });
      }
      sandbox?.end();
      tell({ running: false });
    };
    const timer = setTimeout(() => void run(), REST);
    // A sandbox that is still being loaded cannot be ended: it is no longer wanted.
    end.current = () => {
      tell({ ...nothing, failed: new Failed("ended") });
      wanted = false;
      sandbox?.end();
    };
    return () => {
      wanted = false;
      clearTimeout(timer);
      sandbox?.end();
    };
  }, [text, may]);
  return [
    told,
    () => {
      end.current();
    },
  ];
}
