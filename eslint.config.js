/** What the compiler cannot see: unsafe values, promises left alone, dead disables. */

import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      ".ci/",
      "bench/*.mjs",
      "packages/*.mjs",
      "examples/playground/build/",
      "examples/playground/src/sandbox/frame.js",
      "packages/autograd/test/*.mjs",
      "packages/*/bin/",
      "packages/*/templates/",
      "**/node_modules/",
      "**/dist/",
      "**/test/types/fixtures/",
      "**/test/strangers/hand/",
      "**/test/strangers/wild/",
      "**/test/strangers/more/",
      "examples/class/submissions/",
      "eslint.config.js",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // `!` states what a loop's bounds prove; `noUncheckedIndexedAccess` asks for it in every kernel.
      "@typescript-eslint/no-non-null-assertion": "off",
      // Callers without types reach these checks; the compiler believes that nobody does.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // Shapes appear in a type parameter once, on purpose: the guard in the parameter uses them.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true, allowArray: true },
      ],
      // Its advice on generic calls would trade a visible assertion for an invisible inference.
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      "@typescript-eslint/prefer-for-of": "off",
      "@typescript-eslint/unified-signatures": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-console": "error",
      // The formatter breaks code at 120 columns; what it leaves are comments.
      "max-len": [
        "error",
        { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true },
      ],
    },
  },
  {
    // A function fits a screen; a test's describe holds many.
    files: ["**/*.ts", "**/*.tsx"],
    ignores: ["**/test/**"],
    rules: { "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  // `print` is the one function of the library whose purpose is to print; that nothing can be compiled is said once.
  {
    files: [
      "packages/autograd/src/inspect/text.ts",
      "packages/autograd/src/compile/fallback.ts",
      "examples/**",
      "bench/**",
      "scoreboards/**",
      "site/src/build.ts",
      "packages/*/test/**",
      "*.config.ts",
    ],
    rules: { "no-console": "off" },
  },
  {
    // Loops made at run time are what makes an op's function inline; examples are programs that are read from pages.
    files: [
      "packages/autograd/src/kernels/loops.ts",
      "packages/autograd/test/docs/examples.ts",
      "scoreboards/notation/function.ts",
      "scoreboards/rivals/fmin.ts",
    ],
    rules: { "@typescript-eslint/no-implied-eval": "off", "@typescript-eslint/no-unsafe-call": "off" },
  },
);
