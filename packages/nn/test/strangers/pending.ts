/** Strangers' backprops that are not judged as they should be yet. */
export const pending: readonly string[] = [];
