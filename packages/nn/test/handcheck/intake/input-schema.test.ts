/** The schema of what can be handed in is the one that the table of names gives, and knows what people write. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { seed, sized } from "../../../../autograd/test/size.ts";
import { offered } from "../../../src/handcheck/intake/meaning.ts";
import { Random } from "../../../src/random.ts";
import { drawManner, drawTruth, handedIn } from "./handed.ts";
import { inputSchema } from "./input-schema.ts";

const strangers = fileURLToPath(new URL("../../strangers/hand/", import.meta.url));
const validate = new Ajv2020({
  strict: true,
  strictTypes: false,
  allowUnionTypes: true,
  allowMatchingProperties: true,
}).compile(inputSchema());

describe("the schema of the input", () => {
  it("is the one that is published", async () => {
    await expect(`${JSON.stringify(inputSchema(), null, 2)}\n`).toMatchFileSnapshot(
      "../../../schema/handcheck-input-1.json",
    );
  });

  it("takes what strangers wrote, but for names and words that are none", () => {
    const files = readdirSync(strangers).filter((name) => name.endsWith(".json"));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((name) => !validate(JSON.parse(readFileSync(`${strangers}${name}`, "utf8"))))).toEqual([
      "key_convtypo.json",
      "key_extra.json",
    ]);
  });

  it("takes right work in anybody's names, and none of the names that are refused", () => {
    const random = new Random(seed).split("schema");
    for (let n = 0; n < sized(50, 1000); n++) {
      const manner = drawManner(random);
      const given: unknown = JSON.parse(JSON.stringify(handedIn(drawTruth(random, manner.bias !== "none"), manner)));
      expect(validate(given), JSON.stringify([manner, validate.errors])).toBe(true);
    }
    for (const name of ["gardW1", "summ", "wieghts", "reg", "foo"]) expect(validate({ [name]: 1 }), name).toBe(false);
    for (const name of offered)
      if (!["backward"].includes(name))
        expect(
          validate({ [name]: null }) ||
            validate({ [name]: [1] }) ||
            validate({ [name]: {} }) ||
            validate({ [name]: 1 }) ||
            validate({ [name]: "auto" }),
          name,
        ).toBe(true);
  });
});
