/**
 * How much work something does, counted: how often blocks of the library's code run, which no busy machine changes.
 * What was compiled before this module came is not counted: it is imported first.
 */

import { Session, type Profiler } from "node:inspector";

const session = new Session();
session.connect();

function post<T>(method: string, parameters: object = {}): T {
  let got: { readonly error: Error | null; readonly result: T } | null = null;
  session.post(method, parameters, (error, result) => (got = { error, result: result as T }));
  const { error, result } = got!;
  if (error !== null) throw error;
  return result;
}

post("Profiler.enable");
post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** Every function, loop body and branch counts each time that it is entered; the counts begin anew with each look. */
const look = (part: string): number =>
  post<Profiler.TakePreciseCoverageReturnType>("Profiler.takePreciseCoverage")
    .result.filter(({ url }) => url.includes(part))
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((sum, { count }) => sum + count, 0);

/**
 * How often blocks of code run during a call.
 *
 * @param f - what is counted
 * @param part - which sources count: those with this in their address
 */
export function workOf(f: () => void, part: string): number {
  look(part);
  f();
  return look(part);
}
