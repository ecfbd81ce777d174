export const x: readonly never[] = [];
