/** Files that hold arrays, or texts that may, by their endings. */

const arrayFiles: readonly string[] = [".npz", ".npy", ".csv", ".tsv", ".txt", ".md", ".log", ".out"];

/** True for the ending of a file whose content says what it holds. */
export const isArrayFile = (ending: string): boolean => arrayFiles.includes(ending);
