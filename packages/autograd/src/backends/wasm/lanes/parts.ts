/** The numbers of a few neighboring entries as vectors: loading, storing and converting them, for every type. */

import type { DType } from "../../../graph/dtype.ts";
import { readForms, type LaneForms, type LaneOperand } from "../../../kernels/lanes/forms.ts";
import { Computed } from "./computed.ts";
import { laneCount, laneShape, bytesOf, laneTypeOf } from "../../../kernels/lanes/machine-types.ts";
import { wasmLanes } from "./wasm-lanes.ts";
import type { External2Name, ExternalName, Lanes, LaneType } from "../../../kernels/lanes/lanes.ts";
import type { Body, Callee, Local } from "../assembler/body.ts";
import {
  extract,
  i32,
  load,
  op,
  plus,
  repeated,
  replace,
  select,
  shuffle,
  v128,
  type Expression,
} from "../assembler/expressions.ts";

/** Numbers: one vector after the other. */
export interface NumberParts {
  readonly kind: "numbers";
  readonly type: LaneType;
  readonly parts: readonly Expression[];
}

/** Conditions: lanes of all ones or zeros, as wide as the numbers that they came from. */
export interface MaskParts {
  readonly kind: "mask";
  readonly width: 32 | 64;
  readonly parts: readonly Expression[];
}

export type Parts = NumberParts | MaskParts;

/** The place of a number: a cursor in bytes, and a constant distance from it. */
export interface Position {
  readonly cursor: Expression;
  readonly offset: number;
}

/** Emits the work on `step` neighboring entries; a step of 1 uses no vectors. */
export class PartsEmitter {
  readonly body: Body;
  readonly step: number;
  readonly #fused: boolean;
  readonly #external: (name: ExternalName | External2Name) => Callee;
  readonly #lanes = new Map<LaneType, Lanes<Expression, Expression>>();
  /** To be cleared where straight code begins. */
  readonly computed = new Computed();

  constructor(body: Body, step: number, fused: boolean, external: (name: ExternalName | External2Name) => Callee) {
    this.body = body;
    this.step = step;
    this.#fused = fused;
    this.#external = external;
  }

  get vector(): boolean {
    return this.step > 1;
  }

  /** The operations of a type. */
  lanes(type: LaneType): Lanes<Expression, Expression> {
    const found = this.#lanes.get(type);
    if (found !== undefined) return found;
    const lanes = wasmLanes({
      body: this.body,
      type,
      vector: this.vector,
      fused: this.#fused,
      external: this.#external,
      computed: this.computed,
    });
    this.#lanes.set(type, lanes);
    return lanes;
  }

  /** How many vectors hold the numbers of a step. */
  partCount(type: LaneType): number {
    return this.vector ? this.step / laneCount[type] : 1;
  }

  #each(type: LaneType, make: (part: number) => Expression): NumberParts {
    const parts = this.vector
      ? Array.from({ length: this.partCount(type) }, (_, part) => this.body.let(make(part)))
      : [this.body.let(make(0))];
    return { kind: "numbers", type, parts };
  }

  /** A constant. */
  number(value: number, dtype: DType): Parts {
    if (dtype === "bool") {
      const mask = this.vector ? repeated.i32(value === 0 ? 0 : -1) : i32(value === 0 ? 0 : 1);
      const width = this.step === 2 ? 64 : 32;
      return {
        kind: "mask",
        width,
        parts: Array.from({ length: this.partCount(width === 64 ? "f64" : "i32") }, () => mask),
      };
    }
    const type = laneTypeOf(dtype);
    const constant = this.lanes(type).constant(value);
    if (!this.vector) return { kind: "numbers", type, parts: [constant] };
    return { kind: "numbers", type, parts: Array.from({ length: this.partCount(type) }, () => constant) };
  }

  /**
   * Loads the numbers of a step, `stride` entries apart.
   *
   * @param valid - how many entries exist; lanes beyond are anything
   */
  load(dtype: DType, { cursor, offset }: Position, stride: number, valid: number): Parts {
    const bytes = bytesOf(dtype);
    if (dtype === "bool") return this.#loadMask({ cursor, offset }, stride, valid);
    const type = laneTypeOf(dtype);
    if (!this.vector) return this.#each(type, () => load(`${type}.load`, cursor, offset));
    if (stride === 0) {
      const one = this.body.let(load(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", cursor, offset));
      return { kind: "numbers", type, parts: Array.from({ length: this.partCount(type) }, () => one) };
    }
    if (stride === 1) return this.#each(type, (part) => load("v128.load", cursor, offset + 16 * part));
    const shape = laneShape[type];
    return this.#each(type, (part) => {
      const first = part * laneCount[type];
      let vector = op(
        `${shape}.splat`,
        this.#loadAt(type, cursor, offset, Math.min(first, valid - 1) * stride * bytes),
      );
      for (let lane = 1; lane < laneCount[type] && first + lane < valid; lane++) {
        vector = replace(
          `${shape}.replace_lane`,
          vector,
          lane,
          this.#loadAt(type, cursor, offset, (first + lane) * stride * bytes),
        );
      }
      return vector;
    });
  }

  /** One number at a distance that may be negative. */
  #loadAt(type: LaneType, cursor: Expression, offset: number, distance: number): Expression {
    return offset + distance >= 0
      ? load(`${type}.load`, cursor, offset + distance)
      : load(`${type}.load`, plus(cursor, distance), offset);
  }

  #loadMask({ cursor, offset }: Position, stride: number, valid: number): MaskParts {
    if (!this.vector) return { kind: "mask", width: 32, parts: [this.body.let(load("i32.load8_u", cursor, offset))] };
    const parts = Array.from({ length: this.partCount("i32") }, (_, part) => {
      let bytes: Expression;
      if (stride === 1)
        bytes = op(
          "i32x4.extend_low_i16x8_u",
          op("i16x8.extend_low_i8x16_u", load("v128.load32_zero", cursor, offset + 4 * part)),
        );
      else {
        const at = (lane: number): Expression => {
          const distance = Math.min(4 * part + lane, valid - 1) * stride;
          return offset + distance >= 0
            ? load("i32.load8_u", cursor, offset + distance)
            : load("i32.load8_u", plus(cursor, distance), offset);
        };
        bytes = op("i32x4.splat", at(0));
        if (stride !== 0)
          for (let lane = 1; lane < 4; lane++) bytes = replace("i32x4.replace_lane", bytes, lane, at(lane));
      }
      return this.body.let(op("i32x4.ne", bytes, repeated.i32(0)));
    });
    return { kind: "mask", width: 32, parts };
  }

  /** Stores the first `valid` numbers of a step side by side. */
  store(dtype: DType, { cursor, offset }: Position, value: Parts, valid: number): void {
    const bytes = bytesOf(dtype);
    if (value.kind === "mask") return this.#storeMask({ cursor, offset }, value, valid);
    if (!this.vector) return this.body.store(`${value.type}.store`, cursor, value.parts[0]!, offset);
    const lanes = laneCount[value.type];
    value.parts.forEach((part, k) => {
      const left = valid - k * lanes;
      if (left >= lanes) this.body.store("v128.store", cursor, part, offset + 16 * k);
      else
        for (let lane = 0; lane < left; lane++)
          this.body.storeLane(
            bytes === 8 ? "v128.store64_lane" : "v128.store32_lane",
            cursor,
            part,
            lane,
            offset + 16 * k + lane * bytes,
          );
    });
  }

  #storeMask({ cursor, offset }: Position, value: MaskParts, valid: number): void {
    if (!this.vector) return this.body.store("i32.store8", cursor, value.parts[0]!, offset);
    this.maskOf(value, 32).forEach((part, k) => {
      const halves = op("i16x8.narrow_i32x4_u", op("v128.and", part, repeated.i32(1)), repeated.i32(0));
      const packed = this.body.let(op("i8x16.narrow_i16x8_u", halves, repeated.i32(0)));
      const left = valid - 4 * k;
      if (left >= 4) this.body.storeLane("v128.store32_lane", cursor, packed, 0, offset + 4 * k);
      else
        for (let lane = 0; lane < left; lane++)
          this.body.storeLane("v128.store8_lane", cursor, packed, lane, offset + 4 * k + lane);
    });
  }

  /** The conditions of a step in lanes of a width. */
  maskOf(mask: MaskParts, width: 32 | 64): readonly Expression[] {
    if (!this.vector || mask.width === width) return mask.parts;
    if (width === 64) {
      return mask.parts.flatMap((part) => [
        this.body.let(op("i64x2.extend_low_i32x4_s", part)),
        this.body.let(op("i64x2.extend_high_i32x4_s", part)),
      ]);
    }
    return Array.from({ length: mask.parts.length / 2 }, (_, k) =>
      this.body.let(shuffle(mask.parts[2 * k]!, mask.parts[2 * k + 1]!, [0, 2, 4, 6])),
    );
  }

  /** The numbers or conditions of one part, as formulas take them. */
  operand(value: Parts, type: LaneType, part: number): LaneOperand<Expression, Expression> {
    return value.kind === "numbers"
      ? { value: value.parts[part]! }
      : { mask: this.maskOf(value, type === "f64" ? 64 : 32)[part]! };
  }

  /** The value of an op, by the form that fits its operands. */
  formula(forms: LaneForms, operands: readonly Parts[]): Parts {
    if (!this.vector && forms.value !== undefined && operands.every((x) => x.kind === "numbers")) {
      const { type } = operands[0] as NumberParts;
      const l = this.lanes(type);
      const numbers = operands.map(({ parts }) => parts[0]!);
      return { kind: "numbers", type, parts: [l.share(forms.value(l, ...numbers))] };
    }
    return this.map((l, x) => readForms(forms, l, x), operands);
  }

  /** A formula of the entries of a step, part by part. */
  map(
    read: (
      l: Lanes<Expression, Expression>,
      operands: readonly LaneOperand<Expression, Expression>[],
    ) => LaneOperand<Expression, Expression>,
    operands: readonly Parts[],
  ): Parts {
    if (!this.vector) return this.#mapOne(read, operands);
    const numbers = operands.find((x): x is NumberParts => x.kind === "numbers");
    // Conditions alone may be of either width; a step of two entries has only the wider one.
    const wide = this.step === 2 || operands.every((x) => x.kind === "mask" && x.width === 64);
    const type = numbers?.type ?? (wide ? "f64" : "f32");
    const l = this.lanes(type);
    const answers = Array.from({ length: this.partCount(type) }, (_, part) =>
      read(
        l,
        operands.map((x) => this.operand(x, type, part)),
      ),
    );
    const parts = answers.map((answer) => l.share("mask" in answer ? answer.mask : answer.value));
    return "mask" in answers[0]!
      ? { kind: "mask", width: type === "f64" ? 64 : 32, parts }
      : { kind: "numbers", type, parts };
  }

  /** A formula of single numbers. */
  #mapOne(read: Parameters<PartsEmitter["map"]>[0], operands: readonly Parts[]): Parts {
    let [type, isWide]: [LaneType | null, boolean] = [null, true];
    const given: LaneOperand<Expression, Expression>[] = [];
    for (let k = 0; k < operands.length; k++) {
      const x = operands[k]!;
      if (x.kind === "numbers") {
        type ??= x.type;
        given.push({ value: x.parts[0]! });
      } else {
        isWide &&= x.width === 64;
        given.push({ mask: x.parts[0]! });
      }
    }
    type ??= isWide ? "f64" : "f32";
    const l = this.lanes(type);
    const answer = read(l, given);
    if ("mask" in answer) return { kind: "mask", width: type === "f64" ? 64 : 32, parts: [l.share(answer.mask)] };
    return { kind: "numbers", type, parts: [l.share(answer.value)] };
  }

  /** The same numbers in another type, as `cast` defines it. */
  convert(value: Parts, dtype: DType): Parts {
    if (dtype === "bool") {
      if (value.kind === "mask") return value;
      const lanes = this.lanes(value.type);
      return {
        kind: "mask",
        width: value.type === "f64" ? 64 : 32,
        parts: value.parts.map((part) => this.body.let(lanes.ne(part, lanes.constant(0)))),
      };
    }
    const to = laneTypeOf(dtype);
    if (value.kind === "mask") {
      const masks = this.maskOf(value, to === "f64" ? 64 : 32);
      return this.#each(to, (part) => this.lanes(to).fromMask(masks[part]!));
    }
    const from = value.type;
    if (from === to) return value;
    if (!this.vector) {
      const names: Record<string, string> = {
        "f32 f64": "f64.promote_f32",
        "f64 f32": "f32.demote_f64",
        "i32 f64": "f64.convert_i32_s",
        "i32 f32": "f32.convert_i32_s",
        "f64 i32": "i32.trunc_sat_f64_s",
        "f32 i32": "i32.trunc_sat_f32_s",
      };
      return this.#each(to, () => op(names[`${from} ${to}`]!, value.parts[0]!));
    }
    if (to === "f64") {
      const widen = from === "f32" ? "f64x2.promote_low_f32x4" : "f64x2.convert_low_i32x4_s";
      return this.#each(to, (part) => {
        const whole = value.parts[part >> 1]!;
        return op(widen, part % 2 === 0 ? whole : shuffle(whole, whole, [2, 3, 2, 3]));
      });
    }
    if (from === "f64") {
      const narrow = to === "f32" ? "f32x4.demote_f64x2_zero" : "i32x4.trunc_sat_f64x2_s_zero";
      return this.#each(to, (part) =>
        shuffle(op(narrow, value.parts[2 * part]!), op(narrow, value.parts[2 * part + 1]!), [0, 1, 4, 5]),
      );
    }
    return this.#each(to, (part) =>
      op(to === "f32" ? "f32x4.convert_i32x4_s" : "i32x4.trunc_sat_f32x4_s", value.parts[part]!),
    );
  }

  /** True if any number of a step has no int32 value. */
  hasNoInt32({ type, parts }: NumberParts): Expression {
    const l = this.lanes(type);
    const outside = parts
      .map((part) => {
        const whole = l.share(l.trunc(part));
        // Written so that NaN is outside.
        return l.not(l.and(l.ge(whole, l.constant(-(2 ** 31))), l.lt(whole, l.constant(2 ** 31))));
      })
      .reduce((a, b) => l.or(a, b));
    return this.vector ? op("v128.any_true", outside) : outside;
  }

  /** True if any number of a step is none of a type as it is: no whole number of int32, or not 0 or 1 of bool. */
  hasOther({ type, parts }: NumberParts, dtype: "int32" | "bool"): Expression {
    const l = this.lanes(type);
    const others = parts
      .map((part) => {
        const x = l.share(part);
        if (dtype === "bool") return l.not(l.or(l.eq(x, l.constant(0)), l.eq(x, l.constant(1))));
        return l.not(l.and(l.eq(x, l.trunc(x)), l.and(l.ge(x, l.constant(-(2 ** 31))), l.lt(x, l.constant(2 ** 31)))));
      })
      .reduce((a, b) => l.or(a, b));
    return this.vector ? op("v128.any_true", others) : others;
  }

  /** The numbers of a step with those beyond the first `valid` replaced. */
  keepValid(value: NumberParts, valid: number, otherwise: number): NumberParts {
    if (valid >= this.step || !this.vector) return value;
    const lanes = laneCount[value.type];
    const width = 16 / lanes;
    const rest = this.lanes(value.type).constant(otherwise);
    const parts = value.parts.map((part, k) => {
      const left = Math.max(0, Math.min(lanes, valid - k * lanes));
      if (left === lanes) return part;
      return this.body.let(
        op("v128.bitselect", part, rest, v128(Array.from({ length: 16 }, (_, i) => (i < left * width ? 255 : 0)))),
      );
    });
    return { ...value, parts };
  }

  /** One lane of a vector. */
  lane(type: LaneType, vector: Expression, lane: number): Expression {
    return extract(`${laneShape[type]}.extract_lane`, vector, lane);
  }

  /** The larger or smaller of two single numbers. */
  extremum(type: LaneType, kind: "max" | "min", a: Local, b: Local): Expression {
    if (type !== "i32") return op(`${type}.${kind}`, a, b);
    return select(op(kind === "max" ? "i32.gt_s" : "i32.lt_s", a, b), a, b);
  }
}
