/** What the address holds of this part: which of its three it shows, and what each of them keeps. */

export const tabs = ["loss", "fit", "nist"] as const;
export type Tab = (typeof tabs)[number];

export interface Held {
  readonly tab: Tab;
  /** What each keeps in a form of its own, where it is not as at first. */
  readonly kept: Readonly<Partial<Record<Tab, string | undefined>>>;
}

/** `tab=fit&loss=…` */
export function heldOf(at: string): Held {
  const said = new URLSearchParams(at);
  const kept = Object.fromEntries(tabs.flatMap((tab) => (said.has(tab) ? [[tab, said.get(tab)!]] : [])));
  return { tab: tabs.find((tab) => tab === said.get("tab")) ?? "loss", kept };
}

export function atOf({ tab, kept }: Held): string {
  const own = tabs.flatMap((name) => (kept[name] === undefined ? [] : [[name, kept[name]]]));
  return new URLSearchParams([...(tab === "loss" ? [] : [["tab", tab]]), ...own]).toString();
}
