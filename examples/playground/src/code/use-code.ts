/** The check of a function that is typed; what runs it is loaded with the first one. */

import type { Hints, Language } from "@chainrule/nn/handcheck";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, Subject } from "../worker/protocol.ts";

/** Why there is no report: it threw before the judge could ask, took too long, or was ended. */
export interface CodeFailed {
  readonly kind: "thrown" | "time" | "ended";
  readonly says: string;
  readonly seconds: number;
}

export interface CodeTold {
  readonly answer: Answer | null;
  /** What was checked, with the answers of its calls. */
  readonly subject: Subject | null;
  readonly failed: CodeFailed | null;
}

/** Milliseconds: after the last key, and until the last report makes room for what is said of a run that goes on. */
const REST = 250;
const SLOW = 700;

const nothing: CodeTold = { answer: null, subject: null, failed: null };

/** `subject` is a function where it is not `null`; `key` says when it is another one. */
export function useCode(
  subject: Subject | null,
  how: { readonly lang: Language; readonly hints: Hints },
  key: string,
): readonly [CodeTold, end: () => void] {
  const [told, set] = useState<CodeTold>(nothing);
  const end = useRef<() => void>(() => undefined);
  useEffect(() => {
    if (subject === null) {
      set(nothing);
      return undefined;
    }
    let wanted = true;
    let stop = (): void => undefined;
    const run = async (): Promise<void> => {
      const { runCode } = await import("./run-code.ts");
      if (!wanted) return;
      const running = runCode(subject, how);
      stop = running.end;
      const slow = setTimeout(() => {
        if (wanted) set(nothing);
      }, SLOW);
      const found = await running.told;
      clearTimeout(slow);
      if (wanted) set(found);
    };
    const timer = setTimeout(() => void run(), REST);
    const leave = (): void => {
      wanted = false;
      clearTimeout(timer);
      stop();
    };
    // What has not begun, or is still loaded, is ended as well.
    end.current = () => {
      leave();
      set({ ...nothing, failed: { kind: "ended", says: "", seconds: 0 } });
    };
    return leave;
  }, [key]);
  return [
    told,
    () => {
      end.current();
    },
  ];
}
