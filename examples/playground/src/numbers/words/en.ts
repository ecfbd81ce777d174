/** What the fields for numbers say in English. */

export const en = {
  bias: "one row",
  sample: (n: number) => `sample ${n}`,
  unit: (layer: number, n: number) => (layer === 0 ? `input ${n}` : `unit ${n} of layer ${layer}`),
  given: "Given",
  asked: "Your numbers",
  samples: "Samples",
  fewer: "one sample fewer",
  more: "one sample more",
  note: "Put your own parameters and data in the upper fields, and what you derived in the lower ones: as many of them as you have, with as many digits as you have.",
  tooLarge: (most: number) =>
    `Layers of more than ${most} units are pasted as they were printed, or dropped as a file.`,
};
