/** The emitter: integers of variable length, modules, functions, locals, blocks and loops, and what it refuses. */

import { describe, expect, it } from "vitest";
import { callOf, Body, type Callee } from "../../src/backends/wasm/assembler/body.ts";
import { Bytes } from "../../src/backends/wasm/assembler/bytes.ts";
import {
  EmitError,
  extract,
  f32,
  f64,
  i32,
  i64,
  load,
  op,
  plus,
  repeated,
  select,
  shuffle,
  shuffleBytes,
  times,
  v128,
  type Expression,
} from "../../src/backends/wasm/assembler/expressions.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { opcodes, type ValueType } from "../../src/backends/wasm/assembler/opcodes.ts";
import { random } from "../ops/sampling.ts";

const wasm = wasmHost()!;

const limits = { initial: 1, maximum: 1, shared: false };

/** A function of whole numbers, run at once. */
function evaluate(
  takes: readonly ValueType[],
  gives: ValueType,
  write: (body: Body) => void,
): (...x: (number | bigint)[]) => number | bigint {
  const builder = new ModuleBuilder(limits);
  builder.function("run", takes, gives, write, true);
  const { run } = new wasm.Instance(new wasm.Module(builder.finish()), { host: { memory: new wasm.Memory(limits) } })
    .exports;
  return run as (...x: (number | bigint)[]) => number | bigint;
}

const valueOf = (value: Expression): number | bigint => evaluate([], value.type, (body) => body.result(value))();

describe("bytes", () => {
  const written = (write: (out: Bytes) => void): number[] => {
    const out = new Bytes();
    write(out);
    return [...out.view()];
  };

  it("hold unsigned integers seven bits a byte", () => {
    const expected: readonly [number, number[]][] = [
      [0, [0]],
      [127, [127]],
      [128, [128, 1]],
      [624485, [0xe5, 0x8e, 0x26]],
      [2 ** 32 - 1, [255, 255, 255, 255, 15]],
    ];
    for (const [value, bytes] of expected) expect(written((out) => out.unsigned(value))).toEqual(bytes);
  });

  it("hold signed integers, the sign in the last byte", () => {
    const expected: readonly [number | bigint, number[]][] = [
      [0, [0]],
      [63, [63]],
      [64, [0xc0, 0]],
      [-1, [127]],
      [-64, [64]],
      [-65, [0xbf, 127]],
      [-123456, [0xc0, 0xbb, 0x78]],
      [2n ** 63n - 1n, [...new Array<number>(9).fill(255), 0]],
    ];
    for (const [value, bytes] of expected) expect(written((out) => out.signed(value))).toEqual(bytes);
  });

  it("hold floats in little-endian order, names and other bytes by their length", () => {
    expect(written((out) => out.float32(1))).toEqual([0, 0, 128, 63]);
    expect(written((out) => out.float64(-2))).toEqual([0, 0, 0, 0, 0, 0, 0, 192]);
    expect(written((out) => out.name("aé"))).toEqual([3, 97, 0xc3, 0xa9]);
    const inner = new Bytes();
    inner.append([7, 8]);
    expect(written((out) => out.sized(inner))).toEqual([2, 7, 8]);
  });

  it("grow", () => {
    expect(
      written((out) => {
        for (let k = 0; k < 5000; k++) out.byte(k & 255);
      }),
    ).toEqual(Array.from({ length: 5000 }, (_, k) => k & 255));
  });
});

describe("constants", () => {
  it("are what was written", () => {
    for (const x of [0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), 123456789]) expect(valueOf(i32(x))).toBe(x);
    for (const x of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 1234567890123456789n]) expect(valueOf(i64(x))).toBe(x);
    for (const x of [0, -0, 1.5, Math.PI, Infinity, NaN, 5e-324]) expect(valueOf(f64(x))).toBe(x);
    for (const x of [0, -0, 1.5, Math.PI, Infinity, NaN, 1e-45]) expect(valueOf(f32(x))).toBe(Math.fround(x));
    expect([0, 1].map((lane) => valueOf(extract("i64x2.extract_lane", repeated.i64(-7n), lane)))).toEqual([-7n, -7n]);
    expect([0, 3].map((lane) => valueOf(extract("f32x4.extract_lane", repeated.f32(0.1), lane)))).toEqual([
      Math.fround(0.1),
      Math.fround(0.1),
    ]);
    expect([0, 1].map((lane) => valueOf(extract("f64x2.extract_lane", repeated.f64(0.1), lane)))).toEqual([0.1, 0.1]);
    expect([0, 3].map((lane) => valueOf(extract("i32x4.extract_lane", repeated.i32(-9), lane)))).toEqual([-9, -9]);
  });

  it("are added and multiplied beforehand", () => {
    expect(plus(i32(3), 4).constant).toBe(7);
    expect(times(i32(3), 4).constant).toBe(12);
    expect(times(i32(2 ** 30), 8).constant).toBe(0);
    const x = op("i32.clz", i32(1));
    expect([plus(x, 0), plus(i32(0), x), times(x, 1), times(i32(1), x)]).toEqual([x, x, x, x]);
    expect(times(x, 0).constant).toBe(0);
    expect([plus(x, 5), times(x, 8), times(x, 7)].map(valueOf)).toEqual([36, 248, 217]);
  });
});

describe("choices of bytes and lanes", () => {
  const bytes = Array.from({ length: 32 }, (_, k) => k);
  const [low, high] = [v128(bytes.slice(0, 16)), v128(bytes.slice(16))];
  const read = (vector: Expression): number[] =>
    bytes.slice(0, 16).map((lane) => Number(valueOf(extract("i8x16.extract_lane_u", vector, lane))));

  it("take from both vectors", () => {
    const picked = bytes.filter((k) => k % 2 === 0);
    expect(read(shuffleBytes(low, high, picked))).toEqual(picked);
    expect(read(shuffle(low, high, [0, 4, 1, 5]))).toEqual(
      [0, 4, 1, 5].flatMap((lane) => [0, 1, 2, 3].map((k) => 4 * lane + k)),
    );
    expect(read(shuffle(low, high, [1, 2]))).toEqual(bytes.slice(8, 24));
  });

  it("take the first of two where the condition holds", () => {
    const choose = evaluate(["i32"], "i32", (body) => body.result(select(body.parameter(0), i32(5), i32(6))));
    expect([choose(1), choose(0), choose(-4)]).toEqual([5, 6, 5]);
    expect(read(select(i32(0), low, high))).toEqual(bytes.slice(16));
  });
});

describe("a body", () => {
  it("has variables that begin at 0, and parameters", () => {
    expect(
      evaluate(["i32", "i32"], "i32", (body) => {
        const [sum, unused, product] = [body.local("i32"), body.local("f64"), body.local("i32")];
        body.set(sum, plus(plus(sum, body.parameter(0)), body.parameter(1)));
        body.set(unused, f64(1));
        body.set(product, op("i32.mul", sum, body.let(i32(10))));
        body.result(product);
      })(3, 4),
    ).toBe(70);
  });

  it("branches", () => {
    const sign = evaluate(["i32"], "i32", (body) => {
      const result = body.local("i32");
      const x = body.parameter(0);
      body.if(
        op("i32.lt_s", x, i32(0)),
        () => body.set(result, i32(-1)),
        () => body.if(x, () => body.set(result, i32(1))),
      );
      body.result(result);
    });
    expect([-5, 0, 5].map((x) => sign(x))).toEqual([-1, 0, 1]);
  });

  const counted = (
    from: (n: Expression) => Expression,
    to: (n: Expression) => Expression,
    step: number,
  ): ((n: number) => number | bigint) =>
    evaluate(["i32"], "i32", (body) => {
      const [i, sum] = [body.local("i32"), body.local("i32")];
      body.for(i, from(body.parameter(0)), to(body.parameter(0)), step, () => body.set(sum, plus(times(sum, 10), i)));
      body.result(sum);
    });

  it("counts from one value up to another, not at all where there is nothing to count", () => {
    const variable = counted(
      () => i32(1),
      (n) => n,
      1,
    );
    expect([0, 1, 2, 5].map(variable)).toEqual([0, 0, 1, 1234]);
    expect(
      counted(
        () => i32(1),
        () => i32(5),
        1,
      )(0),
    ).toBe(1234);
    expect(
      counted(
        () => i32(1),
        () => i32(6),
        2,
      )(0),
    ).toBe(135);
    expect(
      counted(
        () => i32(3),
        () => i32(5),
        2,
      )(0),
    ).toBe(3);
    expect(
      counted(
        () => i32(5),
        () => i32(5),
        1,
      )(0),
    ).toBe(0);
    expect(
      counted(
        (n) => n,
        () => i32(9),
        3,
      )(2),
    ).toBe(258);
  });

  it("jumps out of blocks and back in loops, from inside others", () => {
    // The smallest power of 3 above n.
    const above = evaluate(["i32"], "i32", (body) => {
      const power = body.let(i32(1));
      body.block((leave) => {
        body.loop((again) => {
          body.if(op("i32.gt_s", power, body.parameter(0)), () => leave());
          body.set(power, times(power, 3));
          again();
        });
      });
      body.result(power);
    });
    expect([0, 1, 26, 27].map((n) => above(n))).toEqual([1, 3, 27, 81]);
    const early = evaluate(["i32"], "i32", (body) => {
      const result = body.let(i32(1));
      body.block((leave) => {
        leave(body.parameter(0));
        body.set(result, i32(2));
      });
      body.result(result);
    });
    expect([0, 1].map((x) => early(x))).toEqual([2, 1]);
  });

  it("repeats while a condition holds that is looked at first", () => {
    const digits = evaluate(["i32"], "i32", (body) => {
      const [rest, count] = [body.let(body.parameter(0)), body.local("i32")];
      body.while(rest, () => {
        body.set(rest, op("i32.div_u", rest, i32(10)));
        body.set(count, plus(count, 1));
      });
      body.result(count);
    });
    expect([0, 7, 12345].map((x) => digits(x))).toEqual([0, 1, 5]);
  });

  it("sets a constant once, before everything else", () => {
    const run = evaluate(["i32"], "i32", (body) => {
      const [i, total] = [body.parameter(0), body.local("v128")];
      body.while(i, () => {
        const three = body.constant(repeated.i32(3));
        expect(body.constant(repeated.i32(3))).toBe(three);
        body.set(total, op("i32x4.add", total, three));
        body.set(i, plus(i, -1));
      });
      body.result(extract("i32x4.extract_lane", total, 2));
    });
    expect([0, 1, 7].map((n) => run(n))).toEqual([0, 3, 21]);
  });

  it("gives the same with straight code in another order, whatever reads and writes what", () => {
    const next = random(11);
    const below = (n: number): number => Math.floor(next() * n);
    let moved = 0;
    for (let program = 0; program < 300; program++) {
      /** Statements over four variables and four places in memory; a branch among them is not moved over. */
      const statements = Array.from({ length: 4 + below(12) }, () => [below(6), below(4), below(4), below(4)] as const);
      const emit =
        (straight: boolean) =>
        (body: Body): void => {
          const locals = [3, 5, 7, 11].map((value) => body.let(i32(value)));
          const write = (): void => {
            for (const [kind, a, b, c] of statements) {
              if (kind === 0) body.store("i32.store", i32(0), locals[a]!, 4 * b);
              else if (kind === 1) body.set(locals[a]!, load("i32.load", i32(0), 4 * b));
              else if (kind === 2 && c === 0) body.if(locals[a]!, () => body.set(locals[b]!, plus(locals[a]!, 1)));
              else if (kind === 3) body.set(locals[a]!, op("i32.div_u", op("i32.mul", locals[b]!, i32(7)), i32(3)));
              else body.set(locals[a]!, op("i32.add", op("i32.mul", locals[b]!, i32(3)), locals[c]!));
            }
          };
          if (straight) body.straight(write);
          else write();
          const places = [0, 4, 8, 12].map((at) => load("i32.load", i32(0), at));
          body.result([...locals, ...places].reduce((sum, x) => op("i32.add", op("i32.mul", sum, i32(31)), x)));
        };
      const codes = [false, true].map((straight) => {
        const body = new Body([]);
        emit(straight)(body);
        return String(body.finish().view());
      });
      if (codes[0] !== codes[1]) moved++;
      expect(evaluate([], "i32", emit(true))()).toBe(evaluate([], "i32", emit(false))());
    }
    expect(moved).toBeGreaterThan(100);
  });

  it("begins what takes long early in straight code", () => {
    const body = new Body(["v128"]);
    const x = body.parameter(0);
    body.straight(() => {
      const first = body.let(op("f32x4.add", x, x));
      body.let(op("f32x4.mul", first, first));
      const second = body.let(op("f32x4.div", x, x));
      body.let(op("f32x4.mul", second, second));
    });
    const code = [...body.finish().view()];
    /** Where the bytes of an instruction stand. */
    const at = (name: string): number => String(code).indexOf(String(opcodes.get(name)!.bytes));
    expect(at("f32x4.div")).toBeLessThan(at("f32x4.add"));
    expect(at("f32x4.add")).toBeLessThan(at("f32x4.mul"));
  });

  it("ends early", () => {
    const builder = new ModuleBuilder(limits);
    builder.function(
      "run",
      ["i32"],
      null,
      (body) => {
        body.if(body.parameter(0), () => body.return());
        body.store("i32.store", i32(0), i32(9));
      },
      true,
    );
    const memory = new wasm.Memory(limits);
    const { run } = new wasm.Instance(new wasm.Module(builder.finish()), { host: { memory } }).exports as {
      run: (x: number) => void;
    };
    run(1);
    expect(new Int32Array(memory.buffer)[0]).toBe(0);
    run(0);
    expect(new Int32Array(memory.buffer)[0]).toBe(9);
  });
});

describe("a module", () => {
  it("calls its own functions and those of the host, and exports what it is told to", () => {
    const builder = new ModuleBuilder(limits);
    const noted = builder.import("note", ["f64"], "f64");
    const told = builder.import("tell", ["i32", "i32"], null);
    const twice = builder.function("twice", ["f64"], "f64", (body) =>
      body.result(op("f64.add", body.parameter(0), body.parameter(0))),
    );
    builder.function(
      "run",
      ["f64"],
      "f64",
      (body) => {
        body.call(told, i32(1), i32(2));
        body.call(twice, f64(0));
        body.result(callOf(noted, [callOf(twice, [body.parameter(0)])]));
      },
      true,
    );
    const notes: number[][] = [];
    const host = {
      memory: new wasm.Memory(limits),
      note(x: number): number {
        notes.push([x]);
        return x + 1;
      },
      tell(...x: number[]): void {
        notes.push(x);
      },
    };
    const { exports } = new wasm.Instance(new wasm.Module(builder.finish()), { host });
    expect(Object.keys(exports)).toEqual(["run"]);
    expect((exports.run as (x: number) => number)(3)).toBe(7);
    expect(notes).toEqual([[1, 2], [6]]);
  });
});

describe("a mistake of the caller", () => {
  const callee: Callee = { name: "f", index: 0, takes: ["i32"], gives: null };
  const writing = (write: (body: Body) => void) => (): void => {
    new ModuleBuilder(limits).function("run", [], null, write);
  };
  const refused: Readonly<Record<string, readonly [() => unknown, string]>> = {
    "an unknown instruction": [() => op("i32.cube", i32(1)), "no instruction i32.cube"],
    "an operand too few": [() => op("i32.add", i32(1)), "takes 2 operands, not 1"],
    "an operand of another type": [() => op("i32.add", i32(1), f32(1)), "takes i32, not f32"],
    "an address of another type": [() => load("i32.load", f64(0)), "takes i32, not f64"],
    "an offset below 0": [() => new Bytes() && load("i32.load", i32(0), -1).write(new Bytes()), "an offset of -1"],
    "a vector of 15 bytes": [() => v128(new Array<number>(15).fill(0)), "has 16 bytes, not 15"],
    "a byte that does not exist": [
      () => shuffleBytes(repeated.i32(0), repeated.i32(0), new Array<number>(16).fill(32)),
      "with lanes",
    ],
    "a choice of two types": [() => select(i32(0), i32(1), f32(1)), "takes i32, not f32"],
    "a variable of another type": [writing((body) => body.set(body.local("i32"), f32(1))), "takes i32, not f32"],
    "a store of another type": [writing((body) => body.store("i32.store", i32(0), f32(1))), "takes i32, not f32"],
    "a condition of another type": [writing((body) => body.if(f32(1), () => body.return())), "takes i32, not f32"],
    "a missing parameter": [writing((body) => body.parameter(0)), "there is no parameter 0"],
    "a call with too many operands": [() => callOf(callee, [i32(1), i32(2)]), "takes 1 operands, not 2"],
    "an import after a function": [
      () => {
        const builder = new ModuleBuilder(limits);
        builder.function("run", [], null, () => undefined);
        builder.import("late", [], null);
      },
      "late is imported after a function",
    ],
  };

  it.each(Object.entries(refused))("is refused: %s", (_, [act, says]) => {
    expect(act).toThrow(EmitError);
    expect(act).toThrow(says);
  });
});
