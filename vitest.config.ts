import { defineConfig } from "vitest/config";
import { HangWatch } from "./packages/autograd/test/hang.ts";

const MINUTE = 60_000;

/** `vitest run --mode nightly`: what is random or exhaustive has its large size; `CHAINRULE_NIGHTLY=1` says the same. */
export default defineConfig(({ mode }) => {
  const nightly = mode === "nightly" || process.env["CHAINRULE_NIGHTLY"] === "1";
  // No limit of time decides a test: a busy machine is no fault. This one ends what would never end.
  const limit = (nightly ? 300 : 10) * MINUTE;
  return {
    test: {
      include: ["packages/*/test/**/*.test.ts", "examples/test/**/*.test.ts"],
      globalSetup: "./packages/autograd/test/global.ts",
      env: nightly ? { CHAINRULE_NIGHTLY: "1" } : {},
      reporters: ["default", new HangWatch(limit)],
      // One for each core; the default leaves one core idle, which of two is half of them.
      maxWorkers: "100%",
      testTimeout: limit,
      hookTimeout: limit,
      teardownTimeout: limit,
    },
  };
});
