// The wrong formulas of a family differ from the right one and from each other on the data of the check.
import { describe, expect, it } from "vitest";
import { gapOf } from "../../../src/handcheck/bounds/compare.ts";
import { pull } from "../../../src/handcheck/catalogue/families/family.ts";
import { channelsLast } from "../../../src/handcheck/catalogue/families/channels-last.ts";
import { families } from "../../../src/handcheck/catalogue/families/index.ts";
import { fromTensor, largest, toTensor } from "../../../src/handcheck/bounds/numbers.ts";
import { drawInputs, drawUpstream } from "../../../src/handcheck/ops/probe.ts";

describe("the wrong formulas", () => {
  it.each([...Object.entries(families), ["conv2d, channels last", channelsLast] as const])(
    "of %s are distinct",
    (name, family) => {
      const settings = { ...family.settings, ...(name.startsWith("conv2d") ? { pad: 1 } : {}) };
      const drawing = { specs: family.inputs, family, settings, dtype: "float64", seed: 1 } as const;
      const inputs = drawInputs(drawing, 0).map(toTensor);
      const g = toTensor(drawUpstream(drawing, family.forward(inputs, settings).shape, 0));
      family.inputs.forEach((spec, k) => {
        if (!spec.differentiable) return;
        const [truth] = pull(
          ([x]) =>
            family.forward(
              inputs.map((other, j) => (j === k ? x! : other)),
              settings,
            ),
          [inputs[k]!],
          g,
        ).map(fromTensor);
        const wrong = family.slips
          .filter((slip) => slip.of === spec.name && slip.loose !== true)
          .flatMap((slip) => {
            const value = slip.value(inputs, g, settings, toTensor(truth!));
            return value === null ? [] : [{ slip, value: fromTensor(value) }];
          });
        wrong.forEach(({ slip, value }, i) => {
          expect([slip.yours, gapOf(value, truth!) > 1e-3 * largest(truth!.data)]).toEqual([slip.yours, true]);
          for (const other of wrong.slice(i + 1)) {
            if (other.slip.says.en === slip.says.en) continue;
            expect([slip.yours, other.slip.yours, gapOf(value, other.value) > 1e-4 * largest(truth!.data)]).toEqual([
              slip.yours,
              other.slip.yours,
              true,
            ]);
          }
        });
      });
    },
  );
});
