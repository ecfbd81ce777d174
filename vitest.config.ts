import { defineConfig } from "vitest/config";
import { HangWatch } from "./packages/autograd/test/hang.ts";
import { sharing } from "./packages/autograd/test/sharing.ts";

const MINUTE = 60_000;

const shared = sharing.map((name) => `packages/autograd/test/${name}`);

/**
 * `vitest run --mode nightly`: what is random or exhaustive has its large size; `CHAINRULE_NIGHTLY=1` says the same.
 */
export default defineConfig(({ mode }) => {
  const nightly = mode === "nightly" || process.env["CHAINRULE_NIGHTLY"] === "1";
  // No limit of time decides a test: a busy machine is no fault. This one ends what would never end.
  const limit = (nightly ? 300 : 10) * MINUTE;
  const all = { env: nightly ? { CHAINRULE_NIGHTLY: "1" } : {}, testTimeout: limit, hookTimeout: limit };
  return {
    test: {
      globalSetup: "./packages/autograd/test/global.ts",
      reporters: ["default", new HangWatch(limit)],
      // One for each core; the default leaves one core idle, which of two is half of them.
      maxWorkers: "100%",
      teardownTimeout: limit,
      projects: [
        { test: { ...all, name: "autograd alone", include: ["packages/autograd/test/**/*.test.ts"], exclude: shared } },
        // These files leave nothing behind, and share what they import.
        { test: { ...all, name: "autograd", include: shared, isolate: false } },
        {
          test: {
            ...all,
            name: "nn",
            include: [
              "packages/nn/test/**/*.test.ts",
              "examples/test/**/*.test.ts",
              "examples/playground/test/**/*.test.ts",
              "site/test/**/*.test.ts",
            ],
            isolate: false,
          },
        },
      ],
    },
  };
});
