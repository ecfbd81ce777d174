/** The page is a folder, or one file that opens from disk. */
declare const __FORM__: "folder" | "file";
