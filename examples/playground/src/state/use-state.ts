/** The state of the page and its address, each following the other. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { fragmentOf, stateOf } from "./fragment.ts";
import type { State } from "./state.ts";

/** Changes a state; `kept` changes are steps that *back* goes back by, others replace the last one. */
export type Change = (part: Partial<State>, kept?: boolean) => void;

const here = (): string => location.pathname + location.search;

/** Typing changes the address often; browsers allow some hundred changes in half a minute. */
const REST = 300;

/**
 * Where the tab keeps its state over a reload, which goes to the address as it was when it was asked for: what was
 * typed in the last moment is not in it.
 */
const LEFT = "left";

function keep(fragment: string): void {
  try {
    sessionStorage.setItem(LEFT, fragment);
  } catch {
    // Nothing is stored where somebody has forbidden it.
  }
}

/** Puts what was kept into the address, where the page is loaded again; asked once, before anything is shown. */
export function restore(): void {
  try {
    const kept = sessionStorage.getItem(LEFT);
    sessionStorage.removeItem(LEFT);
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    if (kept !== null && navigation?.type === "reload") history.replaceState(null, "", here() + kept);
  } catch {
    // As above: then the address alone says what there is.
  }
}

/**
 * The state, what changes it, and a number that grows whenever its texts come from elsewhere than where they are typed.
 */
export function usePageState(): readonly [State, Change, epoch: number] {
  const [{ state, epoch }, set] = useState(() => ({ state: stateOf(location.hash), epoch: 0 }));
  // The newest state, at once: what is shown, and the effects behind it, follow a moment later.
  const now = useRef(state);
  // The address as it was last read or written: another one is a way that somebody has gone, of which the event is
  // still to come.
  const known = useRef(location.hash);
  const changed = useRef(false);
  const change: Change = useCallback((part, kept = false) => {
    if (kept) {
      // *Back* leads to what was typed last, not to what was written last.
      history.replaceState(null, "", here() + fragmentOf(now.current));
      history.pushState(null, "", here() + fragmentOf({ ...now.current, ...part }));
      known.current = location.hash;
    }
    const next = { ...now.current, ...part };
    now.current = next;
    changed.current = true;
    set(({ epoch: count }) => ({
      state: next,
      epoch: count + (kept && ("text" in part || "exercise" in part) ? 1 : 0),
    }));
  }, []);
  useEffect(() => {
    const write = (): void => {
      const fragment = fragmentOf(now.current);
      if (location.hash !== known.current || fragment === location.hash) return;
      history.replaceState(null, "", here() + fragment);
      known.current = location.hash;
    };
    const leave = (): void => {
      // A reload may have been asked for before the address was written. A link leaves nothing behind by being looked
      // at.
      if (changed.current && location.hash === known.current) keep(fragmentOf(now.current));
    };
    const timer = setTimeout(write, REST);
    addEventListener("pagehide", leave);
    return () => {
      clearTimeout(timer);
      removeEventListener("pagehide", leave);
    };
  }, [state]);
  useEffect(() => {
    const read = (): void => {
      known.current = location.hash;
      if (fragmentOf(now.current) === location.hash) return;
      changed.current = false;
      const next = stateOf(location.hash);
      now.current = next;
      set(({ epoch: count }) => ({ state: next, epoch: count + 1 }));
    };
    addEventListener("popstate", read);
    addEventListener("hashchange", read);
    return () => {
      removeEventListener("popstate", read);
      removeEventListener("hashchange", read);
    };
  }, []);
  return [state, change, epoch];
}
