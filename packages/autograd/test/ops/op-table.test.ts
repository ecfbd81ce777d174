/** Every check of the harness for every row of the op table, in every type and on every sample. */

import { afterAll, describe, it } from "vitest";
import type { DType } from "../../src/index.ts";
import { report } from "../report.ts";
import { isTried } from "../size.ts";
import { tally } from "./compare.ts";
import { checkFirstOrder, checkSettled } from "./checks/jacobians.ts";
import { checkLoops, checkPlanted, checkRecorded } from "./checks/paths.ts";
import { checkSecondOrder } from "./checks/second-order.ts";
import { checkDetached, checkLinearity, checkNarrow, checkZeroSeed } from "./checks/seeds.ts";
import { checkMethod, checkRefusals, checkRefusedType, checkValue, withUnchangedOperands } from "./checks/values.ts";
import { casesOf, caseOf } from "./sampling.ts";
import { families, table } from "./table/index.ts";

const dtypes: readonly DType[] = ["float64", "float32", "int32", "bool"];
const isFloat = (dtype: DType): boolean => dtype === "float64" || dtype === "float32";

afterAll(() => {
  const worst = [...tally.worst].map(([oracle, error]) => `${error.toExponential(1)} ${oracle}`);
  report("ops", table.length);
  report(
    "checks",
    tally.checks,
    `op table: ${table.length} ops, ${tally.checks.toLocaleString("en-US")} checks, worst relative error ${worst.join(", ")}`,
  );
});

describe.each(Object.entries(families))("%s", (_, rows) => {
  describe.each(rows.map((row) => [row.name, row] as const))("%s", (_, row) => {
    const regular = (dtype: DType) =>
      casesOf(row, dtype).filter((one) => one.sample.valueOnly !== true && one.leaves.length > 0);
    const floats = row.dtypes.filter(isFloat);

    it.each(row.dtypes)("has the value, the shape and the type of its reference in %s", (dtype) => {
      for (const one of casesOf(row, dtype)) withUnchangedOperands(one, () => checkValue(one));
    });

    it("gives the same bits as a method", () => {
      for (const dtype of row.dtypes) casesOf(row, dtype).forEach(checkMethod);
    });

    it("refuses the types that it does not take, and two types at once", () => {
      // What an op does to a single entry may be nothing.
      const several = row.samples.findIndex(({ shapes }) =>
        shapes.every((shape) => shape !== "number" && shape.some((size) => size > 1)),
      );
      for (const dtype of dtypes) if (!row.dtypes.includes(dtype)) checkRefusedType(caseOf(row, several, dtype));
    });

    it("refuses wrong arguments with the op, the reason, and the line of the caller", () => {
      checkRefusals(row);
    });

    it("has the derivative of an independent oracle, the same in both modes", () => {
      for (const one of regular("float64")) withUnchangedOperands(one, () => checkFirstOrder(one));
    });

    if (row.order === 2)
      it("has the second derivative that differences of the first show, in all four combinations of modes", () => {
        // The first sample of each op; of the others some with each commit.
        regular("float64")
          .filter((one, at) => at === 0 || isTried(3, `second ${row.name} ${one.label} ${at}`))
          .forEach(checkSecondOrder);
      });

    it("passes nothing on of a zero seed, even at singular points", () => {
      for (const dtype of floats) for (const one of casesOf(row, dtype)) checkZeroSeed(one);
    });

    it("pulls back linearly, and alike whether the other operands are tracked or constant", () => {
      for (const one of regular("float64")) {
        checkLinearity(one);
        checkDetached(one);
      }
    });

    it("has the float32 gradient within the roundings of float32", () => {
      regular("float32").forEach(checkNarrow);
    });

    it("gives the same bits with generated loops, with interpreted ones, and in blocks of vectors", () => {
      checkLoops(floats.flatMap((dtype) => casesOf(row, dtype)).filter((one) => one.leaves.length > 0));
    });

    it("gives the same bits with sweeps that are recorded and that are not", () => {
      for (const dtype of floats)
        casesOf(row, dtype)
          .filter((one) => one.leaves.length > 0)
          .forEach(checkRecorded);
    });

    it("has the settled derivative where it could be another", () => {
      checkSettled(row, "float64");
      checkSettled(row, "float32");
    });

    it("is named by anomaly mode where it makes a number that is not finite", () => {
      checkPlanted(row);
    });
  });
});
