/** A text of the kind that courses, books and posts have, right as it stands, and slips planted in it. */
export interface Course {
  readonly name: string;
  readonly net: string;
  readonly cost?: string;
  readonly text: string;
  /** Words of the notes of the right text. */
  readonly says?: readonly string[];
  /**
   * What stands there, what stands there instead, and the roots that are then found, as `id equation layer`; a lone
   * number is another exit status.
   */
  readonly slips: readonly (readonly [there: string, instead: string, roots: readonly string[] | number])[];
}
