/** koffi, which calls C functions from Node: as much of it as is used here, and how it is found. */

/** A C function. */
export type Native = (...operands: readonly unknown[]) => unknown;

/** A library that was opened. */
export interface KoffiLibrary {
  /** @throws where the library has no such function */
  func(name: string, result: string, takes: readonly string[]): Native;
}

/** The part of koffi that is used. */
export interface Koffi {
  readonly version: string;
  /** @throws where there is no such library, or it cannot be opened */
  load(path: string): KoffiLibrary;
}

/** Versions before it crash when they are handed memory that threads share. */
const OLDEST = [2, 14] as const;

/** True if a version can be used. */
function isRecent(version: string): boolean {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Says in one line what was thrown. */
export function messageOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).split("\n")[0]!;
}

/** koffi, or the reason why there is none. */
export async function findKoffi(): Promise<Koffi | string> {
  // A name that no bundler follows: who does not have koffi does not need it.
  const name: string = "koffi";
  try {
    const module = (await import(/* @vite-ignore */ name)) as { readonly default?: Koffi } & Koffi;
    const koffi = module.default ?? module;
    return isRecent(koffi.version) ? koffi : `koffi ${koffi.version} is too old: npm install koffi@latest`;
  } catch (thrown) {
    return `koffi is not installed, or cannot be loaded here: npm install koffi (${messageOf(thrown)})`;
  }
}
