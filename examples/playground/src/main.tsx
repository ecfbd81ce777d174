/** Begins the page, and has it kept for when there is no network. */

import { render } from "preact";
import { App } from "./app.tsx";
import { arrive } from "./arrive.ts";
import "./style/colors.css";
import "./style/page.css";
import "./style/report.css";

void arrive().then(() => render(<App />, document.getElementById("app")!));

// From disk there is nothing to keep.
if (__FORM__ === "folder" && "serviceWorker" in navigator) void navigator.serviceWorker.register("./sw.js");
