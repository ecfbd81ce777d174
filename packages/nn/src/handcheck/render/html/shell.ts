/** One page that needs nothing beside itself: its head, a policy that forbids every request, the report as data, the script. */

import type { Verdict } from "../../report.ts";
import { escapeHtml } from "../formula.ts";
import { plainNumbers } from "../json.ts";
import { phrases, type Language } from "../words.ts";
import { script, style } from "./assets.ts";

/** What the page is about, and what stands on it. */
export interface Shell {
  readonly lang: Language;
  readonly headline: string;
  readonly verdict: Verdict;
  /** What was checked: the name of a file. */
  readonly file: string | undefined;
  /** HTML below the headline, inside the banner. */
  readonly banner: string;
  /** HTML of the page between the banner and the data. */
  readonly body: string;
  /** The report, and the name of its schema. */
  readonly schema: string;
  readonly report: unknown;
}

/** Text as HTML, line by line. */
export const prose = (text: string): string => escapeHtml(text).replaceAll("\n", "<br>");

/** A titled part; nothing where it has no body. */
export const section = (title: string, body: string): string => (body === "" ? "" : `<section><h2>${prose(title)}</h2>${body}</section>`);

/** A reason, and the place as it is written. */
export function reasonHtml(text: string): string {
  const [first = "", ...place] = text.split("\n");
  return `<li>${prose(first)}${place.length === 0 ? "" : `<pre>${escapeHtml(place.join("\n"))}</pre>`}</li>`;
}

/** The page. */
export function page({ lang, headline, verdict, file, banner, body, schema, report }: Shell): string {
  // A closing tag inside a string of the data must not end the data.
  const data = JSON.stringify(report, plainNumbers).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="${lang === "zh" ? "zh-Hans" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${prose(headline)} · chainrule check</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="brand">chainrule check${file === undefined ? "" : ` · ${prose(file)}`}</p>
<div class="banner ${verdict}"><h1>${prose(headline)}</h1>${banner}</div>
${body}
<section class="data"><h2>${prose(phrases[lang].data)}</h2><details><summary>${schema}</summary><pre>${prose(JSON.stringify(report, plainNumbers, 2))}</pre></details></section>
</main>
<script type="application/json" id="report">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}
