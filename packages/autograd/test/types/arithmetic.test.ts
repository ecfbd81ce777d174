/** The arithmetic of dimensions at compile time: carries, sizes beyond a double's integers, remainders. */

import { describe, expectTypeOf, test } from "vitest";
import type { Add, ElementCount, Quotient } from "../../src/types/arithmetic.ts";

describe("arithmetic", () => {
  test("sums carry", () => {
    expectTypeOf<Add<999, 1>>().toEqualTypeOf<1000>();
    expectTypeOf<Add<0, 0>>().toEqualTypeOf<0>();
    expectTypeOf<Add<7, 123456789>>().toEqualTypeOf<123456796>();
    expectTypeOf<Add<number, 1>>().toEqualTypeOf<number>();
    expectTypeOf<Add<0.5, 1>>().toEqualTypeOf<number>();
    expectTypeOf<Add<1e21, 1>>().toEqualTypeOf<number>();
  });
  test("products of any size", () => {
    expectTypeOf<ElementCount<[99999, 99999]>>().toEqualTypeOf<"9999800001">();
    expectTypeOf<ElementCount<[0, 12345]>>().toEqualTypeOf<"0">();
    expectTypeOf<ElementCount<[9999999999, 9999999999]>>().toEqualTypeOf<"99999999980000000001">();
    expectTypeOf<ElementCount<[2, number]>>().toEqualTypeOf<undefined>();
  });
  test("quotients", () => {
    expectTypeOf<Quotient<"47040000", "784">>().toEqualTypeOf<60000>();
    expectTypeOf<Quotient<"9999800001", "99999">>().toEqualTypeOf<99999>();
    expectTypeOf<Quotient<"1", "2">>().toEqualTypeOf<never>();
    expectTypeOf<Quotient<"0", "2">>().toEqualTypeOf<0>();
    expectTypeOf<Quotient<"6", "0">>().toEqualTypeOf<number>();
    expectTypeOf<Quotient<"99999999980000000001", "1">>().toEqualTypeOf<number>();
  });
});
