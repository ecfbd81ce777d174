import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "examples/test/**/*.test.ts"],
    globalSetup: "./packages/autograd/test/global.ts",
    testTimeout: 60_000,
  },
});
