/** The typical mistakes: those that are made on purpose to see what data and digits can show. */

/** The equation that a mistake is made in. */
export type Family = "BP1" | "BP2" | "BP3" | "BP4";

/** A mistake that people make, by its id and the ending of its key. */
export interface Typical {
  readonly id: string;
  readonly family: Family;
  readonly key?: string;
  /** It is about summing over samples: with one sample it is no mistake. */
  readonly several?: true;
}

export const typical: readonly Typical[] = [
  ...["A1", "A2", "A3"].map((id) => ({ id, family: "BP1" as const })),
  { id: "A4", family: "BP1", key: "|2" }, { id: "A5", family: "BP1", key: "|1/K" }, { id: "A5", family: "BP1", key: "|2/K" },
  { id: "A6", family: "BP1", several: true }, { id: "A7", family: "BP1", several: true },
  ...["A8", "A9", "A10", "A11", "A12", "A13", "A14"].map((id) => ({ id, family: "BP1" as const })),
  ...["B1", "B2", "B3", "B4"].map((id) => ({ id, family: "BP2" as const })),
  { id: "B5", family: "BP2", key: "|above|1" }, { id: "B5", family: "BP2", key: "|below|1" },
  ...["B6", "B7", "B8"].map((id) => ({ id, family: "BP2" as const })),
  { id: "B9", family: "BP2", key: "|σ'(v)|1" }, { id: "B9", family: "BP2", key: "|v|1" }, { id: "B9", family: "BP2", key: "|(1 − v)|1" },
  ...["B10", "B11", "B12"].map((id) => ({ id, family: "BP2" as const })),
  { id: "B13", family: "BP2", several: true },
  ...["B14", "B15"].map((id) => ({ id, family: "BP2" as const })),
  ...["C1", "C2", "C4"].map((id) => ({ id, family: "BP3" as const, several: true as const })),
  ...["C3", "C5", "C6", "C9"].map((id) => ({ id, family: "BP3" as const })),
  ...["D1", "D2", "D3", "D4", "D8", "D9", "D10"].map((id) => ({ id, family: "BP4" as const })),
  ...["D5", "D6"].map((id) => ({ id, family: "BP4" as const, several: true as const })),
  { id: "D7", family: "BP4", key: "weights|N", several: true }, { id: "D7", family: "BP4", key: "weights|1/N", several: true },
  ...["E1", "E3"].map((id) => ({ id, family: "BP4" as const })),
  { id: "E2", family: "BP4", several: true },
];
