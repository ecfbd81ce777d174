/**
 * The work queue of a kernel in chunks that threads claim one by one: each begins with its own, and then helps those
 * that are behind.
 */

import type { Callee } from "../assembler/body.ts";
import { atomic, i32, op, plus, times } from "../assembler/expressions.ts";
import type { ModuleBuilder } from "../assembler/module.ts";
import { MOST_THREADS } from "../memory/control-words.ts";

/** Bytes of the counters of a kernel, one for each thread; they are 0 when a job begins. */
export const WORK_QUEUE_BYTES = 4 * MOST_THREADS;

/**
 * Emits a function (thread, threads) around a kernel (piece, pieces, thread), of which each thread has `each` pieces.
 * What a thread finds left over, it takes from another's: the one that the system holds back holds up the others by a
 * piece, not a part.
 */
export function emitWorkQueue(
  builder: ModuleBuilder,
  name: string,
  kernel: Callee,
  each: number,
  counters: number,
): Callee {
  return builder.function(
    name,
    ["i32", "i32"],
    null,
    (body) => {
      const [thread, threads] = [body.parameter(0), body.parameter(1)];
      if (each === 1) return body.call(kernel, thread, threads, thread);
      body.if(op("i32.eq", threads, i32(1)), () => {
        body.call(kernel, i32(0), i32(1), i32(0));
        body.return();
      });
      const [pieces, owner, piece, turn] = [
        body.let(times(threads, each)),
        body.let(thread),
        body.local("i32"),
        body.local("i32"),
      ];
      body.for(turn, i32(0), threads, 1, () => {
        body.block((leave) =>
          body.loop((again) => {
            body.set(piece, atomic("i32.atomic.rmw.add", times(owner, 4), i32(1), counters));
            leave(op("i32.ge_s", piece, i32(each)));
            body.call(kernel, plus(times(owner, each), piece), pieces, thread);
            again();
          }),
        );
        body.set(owner, plus(owner, 1));
        body.if(op("i32.eq", owner, threads), () => body.set(owner, i32(0)));
      });
    },
    true,
  );
}
