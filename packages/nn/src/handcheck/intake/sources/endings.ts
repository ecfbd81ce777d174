/** Says what a file holds, by its ending: arrays, texts that may hold some, or a program. */

const arrayFiles: readonly string[] = [".npz", ".npy", ".csv", ".tsv", ".txt", ".md", ".log", ".out"];

/** True for the ending of a file whose content says what it holds. */
export const isArrayFile = (ending: string): boolean => arrayFiles.includes(ending);

/** True for a module of JavaScript or TypeScript. */
export const isModule = (file: string | null): boolean => file !== null && /\.[cm]?[jt]s$/i.test(file);

/** True for a file or a notebook for Python. */
export const isPython = (file: string | null): boolean => file !== null && /\.(?:py|ipynb)$/i.test(file);

/** True for a file that is a program: whoever judges it must ask a process. */
export const isProgram = (file: string | null): boolean =>
  isModule(file) || isPython(file) || (file !== null && /\.m$/i.test(file));
