/** The page is a folder, or one file that opens from disk. */
declare const __FORM__: "folder" | "file";

/** The script of the frame for visitors' code, as a policy names it. */
declare const __FRAME_HASH__: string;

/** What serves a visitor's code, as the text of one script. */
declare module "virtual:inside/*" {
  const text: string;
  export default text;
}
