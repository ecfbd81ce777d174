/**
 * What the compile-time shape rules yield; `tsc` checks these expectations, running them only shows that the file
 * loads.
 */

import { describe, expectTypeOf, test } from "vitest";
import type { Broadcast, BroadcastResult } from "../../src/types/broadcast.ts";
import type { Dot, MatMul, Outer } from "../../src/types/matmul.ts";
import type { BroadcastTo, Concat, Reshape, Stack, Transpose } from "../../src/types/movement.ts";
import type { NestedNumbers, ShapeOf } from "../../src/types/nested.ts";
import type { Reduce } from "../../src/types/reduce.ts";
import type { Guard, IsUnknownRank, Result, Shape, ShapeMismatch } from "../../src/types/shape.ts";

describe("shape", () => {
  test("guard and result", () => {
    expectTypeOf<Guard<[2, 3]>>().toEqualTypeOf<unknown>();
    expectTypeOf<Guard<ShapeMismatch<"no">>>().toEqualTypeOf<ShapeMismatch<"no">>();
    expectTypeOf<Result<[2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Result<ShapeMismatch<"no">>>().toEqualTypeOf<Shape>();
  });
  test("unknown rank", () => {
    expectTypeOf<IsUnknownRank<Shape>>().toEqualTypeOf<true>();
    expectTypeOf<IsUnknownRank<number[]>>().toEqualTypeOf<true>();
    expectTypeOf<IsUnknownRank<[2, ...number[]]>>().toEqualTypeOf<true>();
    expectTypeOf<IsUnknownRank<[]>>().toEqualTypeOf<false>();
    expectTypeOf<IsUnknownRank<readonly [number, 3]>>().toEqualTypeOf<false>();
  });
});

describe("broadcast", () => {
  test("literal dimensions of equal and of different rank", () => {
    expectTypeOf<Broadcast<[2, 3], [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Broadcast<[2, 3], [3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Broadcast<[], readonly [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Broadcast<readonly [2, 3], []>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Broadcast<[2, 1], [1, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Broadcast<[8, 1, 6, 1], [7, 1, 5]>>().toEqualTypeOf<[8, 7, 6, 5]>();
    expectTypeOf<Broadcast<[0], [1]>>().toEqualTypeOf<[0]>();
  });
  test("unknown dimensions and ranks", () => {
    expectTypeOf<Broadcast<[number, 3], [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Broadcast<[number, 3], [1, 3]>>().toEqualTypeOf<[number, 3]>();
    expectTypeOf<Broadcast<[number], [number]>>().toEqualTypeOf<[number]>();
    expectTypeOf<Broadcast<[2 | 3], [3]>>().toEqualTypeOf<[3]>();
    expectTypeOf<Broadcast<[1 | 4], [3]>>().toEqualTypeOf<[3]>();
    expectTypeOf<Broadcast<Shape, [2, 3]>>().toEqualTypeOf<Shape>();
    expectTypeOf<Broadcast<[2, 3], number[]>>().toEqualTypeOf<Shape>();
  });
  test("the result of an operation", () => {
    expectTypeOf<BroadcastResult<[2, 3], []>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<BroadcastResult<[], [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<BroadcastResult<[2, 3], Shape>>().toEqualTypeOf<Shape>();
    expectTypeOf<BroadcastResult<[2, 3], [2]>>().toEqualTypeOf<Shape>();
  });
  test("a mismatch names the axis and both shapes", () => {
    expectTypeOf<Broadcast<[2, 3], [2, 4]>>().toEqualTypeOf<
      ShapeMismatch<"broadcast: axis -1 is 3 and 4 in [2, 3] and [2, 4]">
    >();
    expectTypeOf<Broadcast<[5, number], [2, 1, 3]>>().toEqualTypeOf<[2, 5, 3]>();
    expectTypeOf<Broadcast<[5, number], [2, 4, 3]>>().toEqualTypeOf<
      ShapeMismatch<"broadcast: axis -2 is 5 and 4 in [5, number] and [2, 4, 3]">
    >();
    expectTypeOf<Broadcast<[0], [2]>>().toEqualTypeOf<ShapeMismatch<"broadcast: axis -1 is 0 and 2 in [0] and [2]">>();
  });
});

describe("matmul", () => {
  test("matrices and transposes", () => {
    expectTypeOf<MatMul<[2, 3], [3, 4]>>().toEqualTypeOf<[2, 4]>();
    expectTypeOf<MatMul<[3, 2], [3, 4], true>>().toEqualTypeOf<[2, 4]>();
    expectTypeOf<MatMul<readonly [2, 3], readonly [4, 3], false, true>>().toEqualTypeOf<[2, 4]>();
    expectTypeOf<MatMul<[3, 2], [4, 3], true, true>>().toEqualTypeOf<[2, 4]>();
    expectTypeOf<MatMul<[number, 784], [784, 30]>>().toEqualTypeOf<[number, 30]>();
    expectTypeOf<MatMul<[2, number], [3, 4]>>().toEqualTypeOf<[2, 4]>();
  });
  test("vectors", () => {
    expectTypeOf<MatMul<[3], [3, 4]>>().toEqualTypeOf<[4]>();
    expectTypeOf<MatMul<[2, 3], [3]>>().toEqualTypeOf<[2]>();
    expectTypeOf<MatMul<[3], [3]>>().toEqualTypeOf<[]>();
    expectTypeOf<MatMul<[3], [3], true, true>>().toEqualTypeOf<[]>();
    expectTypeOf<MatMul<[3], [5, 3, 4]>>().toEqualTypeOf<[5, 4]>();
    expectTypeOf<MatMul<[5, 2, 3], [3]>>().toEqualTypeOf<[5, 2]>();
  });
  test("batches broadcast", () => {
    expectTypeOf<MatMul<[5, 2, 3], [5, 3, 4]>>().toEqualTypeOf<[5, 2, 4]>();
    expectTypeOf<MatMul<[5, 2, 3], [3, 4]>>().toEqualTypeOf<[5, 2, 4]>();
    expectTypeOf<MatMul<[7, 1, 2, 3], [5, 4, 3], false, true>>().toEqualTypeOf<[7, 5, 2, 4]>();
    expectTypeOf<MatMul<[5, 2, 3], [6, 3, 4]>>().toEqualTypeOf<
      ShapeMismatch<"matmul: axis -3 is 5 and 6 in [5, 2, 3] and [6, 3, 4]">
    >();
  });
  test("what is not known", () => {
    expectTypeOf<MatMul<Shape, [3, 4]>>().toEqualTypeOf<Shape>();
    expectTypeOf<MatMul<[2, 3], [3, 4], boolean>>().toEqualTypeOf<Shape>();
  });
  test("mismatches", () => {
    expectTypeOf<MatMul<[2, 3], [4, 5]>>().toEqualTypeOf<
      ShapeMismatch<"matmul: inner axes are 3 and 4 in [2, 3] and [4, 5]">
    >();
    expectTypeOf<MatMul<[2, 3], [4, 5], false, true>>().toEqualTypeOf<
      ShapeMismatch<"matmul: inner axes are 3 and 5 in [2, 3] and [4, 5] transposed">
    >();
    expectTypeOf<MatMul<[2], [3]>>().toEqualTypeOf<ShapeMismatch<"matmul: inner axes are 2 and 3 in [2] and [3]">>();
    expectTypeOf<MatMul<[], [3]>>().toEqualTypeOf<
      ShapeMismatch<"matmul: a scalar has no axis to contract in [] and [3]">
    >();
    expectTypeOf<MatMul<[3], []>>().toEqualTypeOf<
      ShapeMismatch<"matmul: a scalar has no axis to contract in [3] and []">
    >();
    expectTypeOf<MatMul<[2, 3], []>>().toEqualTypeOf<
      ShapeMismatch<"matmul: a scalar has no axis to contract in [2, 3] and []">
    >();
  });
  test("dot and outer", () => {
    expectTypeOf<Dot<[3], readonly [3]>>().toEqualTypeOf<[]>();
    expectTypeOf<Dot<[number], [3]>>().toEqualTypeOf<[]>();
    expectTypeOf<Dot<Shape, [3]>>().toEqualTypeOf<[]>();
    expectTypeOf<Dot<[2], [3]>>().toEqualTypeOf<ShapeMismatch<"dot: [2] and [3] have different lengths">>();
    expectTypeOf<Dot<[2, 3], [3]>>().toEqualTypeOf<ShapeMismatch<"dot: [2, 3] and [3] are not both vectors">>();
    expectTypeOf<Outer<[2], [number]>>().toEqualTypeOf<[2, number]>();
    expectTypeOf<Outer<Shape, [3]>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Outer<[2, 3], [3]>>().toEqualTypeOf<ShapeMismatch<"outer: [2, 3] and [3] are not both vectors">>();
  });
});

describe("reduce", () => {
  test("all axes", () => {
    expectTypeOf<Reduce<[2, 3]>>().toEqualTypeOf<[]>();
    expectTypeOf<Reduce<[2, 3], undefined, true>>().toEqualTypeOf<[1, 1]>();
    expectTypeOf<Reduce<[2, 3], undefined, boolean>>().toEqualTypeOf<Shape>();
    expectTypeOf<Reduce<Shape>>().toEqualTypeOf<[]>();
    expectTypeOf<Reduce<Shape, undefined, true>>().toEqualTypeOf<Shape>();
  });
  test("one axis", () => {
    expectTypeOf<Reduce<[2, 3, 4], 0>>().toEqualTypeOf<[3, 4]>();
    expectTypeOf<Reduce<readonly [2, 3, 4], -1>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<Reduce<[2, 3, 4], -3>>().toEqualTypeOf<[3, 4]>();
    expectTypeOf<Reduce<readonly [2, 3, 4], 1, true>>().toEqualTypeOf<[2, 1, 4]>();
    expectTypeOf<Reduce<[number, 3], 1>>().toEqualTypeOf<[number]>();
    expectTypeOf<Reduce<Shape, 1>>().toEqualTypeOf<Shape>();
  });
  test("several axes", () => {
    expectTypeOf<Reduce<[2, 3, 4], [0, 2]>>().toEqualTypeOf<[3]>();
    expectTypeOf<Reduce<[2, 3, 4], readonly [-1, 0], true>>().toEqualTypeOf<[1, 3, 1]>();
    expectTypeOf<Reduce<[2, 3, 4], []>>().toEqualTypeOf<[2, 3, 4]>();
  });
  test("axes that only the run knows", () => {
    expectTypeOf<Reduce<[2, 3, 4], number>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Reduce<[2, 3, 4], 0 | 1>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Reduce<[2, 3], number, true>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Reduce<[2, 3], number[]>>().toEqualTypeOf<Shape>();
    expectTypeOf<Reduce<[2, 3], [number, 0], true>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Reduce<[2, 3], number | undefined>>().toEqualTypeOf<Shape>();
    expectTypeOf<Reduce<[2, 3], 0, boolean>>().toEqualTypeOf<Shape>();
  });
  test("mismatches", () => {
    expectTypeOf<Reduce<[2, 3], 2>>().toEqualTypeOf<ShapeMismatch<"reduce: axis 2 is out of range in [2, 3]">>();
    expectTypeOf<Reduce<[2, 3], -3, true>>().toEqualTypeOf<
      ShapeMismatch<"reduce: axis -3 is out of range in [2, 3]">
    >();
    expectTypeOf<Reduce<[], 0>>().toEqualTypeOf<ShapeMismatch<"reduce: axis 0 is out of range in []">>();
    expectTypeOf<Reduce<[2, 3], [0, -2]>>().toEqualTypeOf<ShapeMismatch<"reduce: axis -2 is repeated in [2, 3]">>();
  });
});

describe("transpose", () => {
  test("reversed and permuted", () => {
    expectTypeOf<Transpose<readonly [2, 3, 4]>>().toEqualTypeOf<[4, 3, 2]>();
    expectTypeOf<Transpose<[]>>().toEqualTypeOf<[]>();
    expectTypeOf<Transpose<[2, 3, 4], readonly [2, 0, 1]>>().toEqualTypeOf<[4, 2, 3]>();
    expectTypeOf<Transpose<[2, number, 4], [0, -1, -2]>>().toEqualTypeOf<[2, 4, number]>();
  });
  test("what is not known", () => {
    expectTypeOf<Transpose<Shape>>().toEqualTypeOf<Shape>();
    expectTypeOf<Transpose<Shape, [1, 0]>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Transpose<[2, 3], number[]>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Transpose<[2, 3], [1, 0] | undefined>>().toEqualTypeOf<[number, number]>();
  });
  test("mismatches", () => {
    expectTypeOf<Transpose<[2, 3, 4], [1, 0]>>().toEqualTypeOf<
      ShapeMismatch<"transpose: [1, 0] is not a permutation of the axes of [2, 3, 4]">
    >();
    expectTypeOf<Transpose<[2, 3], [1, 1]>>().toEqualTypeOf<
      ShapeMismatch<"transpose: [1, 1] is not a permutation of the axes of [2, 3]">
    >();
    expectTypeOf<Transpose<[2, 3], [0, 2]>>().toEqualTypeOf<
      ShapeMismatch<"transpose: [0, 2] is not a permutation of the axes of [2, 3]">
    >();
  });
});

describe("reshape", () => {
  test("full targets", () => {
    expectTypeOf<Reshape<[2, 3], readonly [3, 2]>>().toEqualTypeOf<[3, 2]>();
    expectTypeOf<Reshape<[], [1, 1]>>().toEqualTypeOf<[1, 1]>();
    expectTypeOf<Reshape<[1], []>>().toEqualTypeOf<[]>();
    expectTypeOf<Reshape<[50000, 784], [50000, 28, 28]>>().toEqualTypeOf<[50000, 28, 28]>();
    expectTypeOf<Reshape<[0, 3], [0, 5]>>().toEqualTypeOf<[0, 5]>();
    expectTypeOf<Reshape<[2, 2, 6], [2, 3, 4]>>().toEqualTypeOf<[2, 3, 4]>();
    expectTypeOf<Reshape<[2, number], [number, 2]>>().toEqualTypeOf<[number, 2]>();
    expectTypeOf<Reshape<[2, 3], [number, 5]>>().toEqualTypeOf<[number, 5]>();
    expectTypeOf<Reshape<[number, 4], [2, 2]>>().toEqualTypeOf<[2, 2]>();
    expectTypeOf<Reshape<Shape, [2, 2]>>().toEqualTypeOf<[2, 2]>();
    expectTypeOf<Reshape<[2, 3], number[]>>().toEqualTypeOf<Shape>();
  });
  test("one -1", () => {
    expectTypeOf<Reshape<[2, 3, 4], readonly [6, -1]>>().toEqualTypeOf<[6, 4]>();
    expectTypeOf<Reshape<[2, 3, 4], [-1]>>().toEqualTypeOf<[24]>();
    expectTypeOf<Reshape<[60000, 784], [-1, 28, 28]>>().toEqualTypeOf<[60000, 28, 28]>();
    expectTypeOf<Reshape<[], [-1]>>().toEqualTypeOf<[1]>();
    expectTypeOf<Reshape<[0, 3], [-1, 3]>>().toEqualTypeOf<[0, 3]>();
    expectTypeOf<Reshape<[0, 3], [-1, 0]>>().toEqualTypeOf<[number, 0]>();
    expectTypeOf<Reshape<[number, 28, 28], [-1, 784]>>().toEqualTypeOf<[number, 784]>();
    expectTypeOf<Reshape<[2, 3], [number, -1]>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Reshape<Shape, [2, -1]>>().toEqualTypeOf<[2, number]>();
  });
  test("mismatches", () => {
    expectTypeOf<Reshape<[2, 3], [4, 2]>>().toEqualTypeOf<
      ShapeMismatch<"reshape: [2, 3] has another number of elements than [4, 2]">
    >();
    expectTypeOf<Reshape<[2, 3], [4, -1]>>().toEqualTypeOf<
      ShapeMismatch<"reshape: the elements of [2, 3] do not fill [4, -1]">
    >();
    expectTypeOf<Reshape<[2, 3], [-1, -1]>>().toEqualTypeOf<
      ShapeMismatch<"reshape: [-1, -1] has more than one -1 or another negative dimension">
    >();
    expectTypeOf<Reshape<[2, 3], [-2, -3]>>().toEqualTypeOf<
      ShapeMismatch<"reshape: [-2, -3] has more than one -1 or another negative dimension">
    >();
  });
});

describe("broadcastTo", () => {
  test("stretches ones and adds axes in front", () => {
    expectTypeOf<BroadcastTo<[3], readonly [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<BroadcastTo<[2, 1], [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<BroadcastTo<[], [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<BroadcastTo<[number], [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<BroadcastTo<[3], [number, number]>>().toEqualTypeOf<[number, 3]>();
    expectTypeOf<BroadcastTo<Shape, [2, 3]>>().toEqualTypeOf<[2, 3]>();
    expectTypeOf<BroadcastTo<[3], number[]>>().toEqualTypeOf<Shape>();
  });
  test("mismatches", () => {
    expectTypeOf<BroadcastTo<[3], [2, 1]>>().toEqualTypeOf<
      ShapeMismatch<"broadcastTo: axis -1 is 3 and 1 in [3] and [2, 1]">
    >();
    expectTypeOf<BroadcastTo<[2, 3], [3]>>().toEqualTypeOf<
      ShapeMismatch<"broadcastTo: the target has fewer axes in [2, 3] and [3]">
    >();
  });
});

describe("concat", () => {
  test("the axis adds up, the others agree", () => {
    expectTypeOf<Concat<[[2, 3], [4, 3]]>>().toEqualTypeOf<[6, 3]>();
    expectTypeOf<Concat<readonly [readonly [2, 3], [2, 4], [2, 5]], 1>>().toEqualTypeOf<[2, 12]>();
    expectTypeOf<Concat<[[2, 3], [2, 97]], -1>>().toEqualTypeOf<[2, 100]>();
    expectTypeOf<Concat<[[number, 3], [2, 3]]>>().toEqualTypeOf<[number, 3]>();
    expectTypeOf<Concat<[[2, number], [2, 3]]>>().toEqualTypeOf<[4, 3]>();
    expectTypeOf<Concat<[readonly [2, 3]]>>().toEqualTypeOf<[2, 3]>();
  });
  test("what is not known", () => {
    expectTypeOf<Concat<[[2, 3], Shape]>>().toEqualTypeOf<Shape>();
    expectTypeOf<Concat<[[2, 3], [2, 3]], number>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<Concat<[2, 3][]>>().toEqualTypeOf<[number, 3]>();
    expectTypeOf<Concat<readonly Shape[], 1>>().toEqualTypeOf<Shape>();
  });
  test("mismatches", () => {
    expectTypeOf<Concat<[[2, 3], [2, 4]]>>().toEqualTypeOf<
      ShapeMismatch<"concat: axis 1 is 3 and 4 in [2, 3] and [2, 4]">
    >();
    expectTypeOf<Concat<[[2, 3], [3]]>>().toEqualTypeOf<ShapeMismatch<"concat: ranks differ in [2, 3] and [3]">>();
    expectTypeOf<Concat<[[3], [2, 3]]>>().toEqualTypeOf<ShapeMismatch<"concat: ranks differ in [3] and [2, 3]">>();
    expectTypeOf<Concat<[[2, 3], [2, 3]], 2>>().toEqualTypeOf<
      ShapeMismatch<"concat: axis 2 is out of range in [2, 3]">
    >();
    expectTypeOf<Concat<[2, 3][], 2>>().toEqualTypeOf<ShapeMismatch<"concat: axis 2 is out of range in [2, 3]">>();
    expectTypeOf<Concat<[[], []]>>().toEqualTypeOf<ShapeMismatch<"concat: axis 0 is out of range in []">>();
    expectTypeOf<Concat<[]>>().toEqualTypeOf<ShapeMismatch<"concat: the list is empty">>();
  });
});

describe("stack", () => {
  test("a new axis counts the list", () => {
    expectTypeOf<Stack<[[2, 3], [2, 3]]>>().toEqualTypeOf<[2, 2, 3]>();
    expectTypeOf<Stack<[[2, 3], [2, number], [2, 3]], 1>>().toEqualTypeOf<[2, 3, 3]>();
    expectTypeOf<Stack<readonly [readonly [5, 6]], -1>>().toEqualTypeOf<[5, 6, 1]>();
    expectTypeOf<Stack<[[], [], []]>>().toEqualTypeOf<[3]>();
  });
  test("what is not known", () => {
    expectTypeOf<Stack<[2, 3][], 2>>().toEqualTypeOf<[2, 3, number]>();
    expectTypeOf<Stack<[[2], Shape]>>().toEqualTypeOf<Shape>();
    expectTypeOf<Stack<[[2], [2]], number>>().toEqualTypeOf<[number, number]>();
  });
  test("mismatches", () => {
    expectTypeOf<Stack<[[2, 3], [2, 4]]>>().toEqualTypeOf<
      ShapeMismatch<"stack: axis 1 is 3 and 4 in [2, 3] and [2, 4]">
    >();
    expectTypeOf<Stack<[[2], [2]], 2>>().toEqualTypeOf<
      ShapeMismatch<"stack: axis 2 is out of range for [2] and a new axis">
    >();
    expectTypeOf<Stack<[]>>().toEqualTypeOf<ShapeMismatch<"stack: the list is empty">>();
  });
});

describe("nested numbers", () => {
  test("literals", () => {
    expectTypeOf<ShapeOf<3>>().toEqualTypeOf<[]>();
    expectTypeOf<ShapeOf<boolean>>().toEqualTypeOf<[]>();
    expectTypeOf<ShapeOf<readonly [1, 2, 3]>>().toEqualTypeOf<[3]>();
    expectTypeOf<ShapeOf<readonly [readonly [1, 2], readonly [3, 4]]>>().toEqualTypeOf<[2, 2]>();
    expectTypeOf<ShapeOf<readonly [readonly [readonly [true], readonly [false]]]>>().toEqualTypeOf<[1, 2, 1]>();
    expectTypeOf<ShapeOf<readonly []>>().toEqualTypeOf<[0]>();
    expectTypeOf<ShapeOf<readonly [readonly [], readonly []]>>().toEqualTypeOf<[2, 0]>();
  });
  test("arrays", () => {
    expectTypeOf<ShapeOf<number>>().toEqualTypeOf<[]>();
    expectTypeOf<ShapeOf<number[]>>().toEqualTypeOf<[number]>();
    expectTypeOf<ShapeOf<number[][]>>().toEqualTypeOf<[number, number]>();
    expectTypeOf<ShapeOf<readonly [number[], readonly [1, 2]]>>().toEqualTypeOf<[2, number]>();
    expectTypeOf<ShapeOf<readonly [number, number][]>>().toEqualTypeOf<[number, 2]>();
    expectTypeOf<ShapeOf<1 | readonly [2]>>().toEqualTypeOf<[] | [1]>();
    expectTypeOf<ShapeOf<readonly NestedNumbers[]>>().toEqualTypeOf<Shape>();
  });
  test("ragged literals", () => {
    expectTypeOf<ShapeOf<readonly [readonly [1, 2], readonly [3]]>>().toEqualTypeOf<
      ShapeMismatch<"tensor: rows at level 1 have different lengths">
    >();
    expectTypeOf<ShapeOf<readonly [1, readonly [3]]>>().toEqualTypeOf<
      ShapeMismatch<"tensor: level 0 has numbers beside arrays">
    >();
  });
});
