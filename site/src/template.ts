/** What stands around the content of a page. */

import { dirname, posix } from "node:path";
import { groups, type PageSource } from "./pages.ts";

/** No script, and nothing from elsewhere. */
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ctext x='16' y='25' font-size='27' text-anchor='middle' font-family='Georgia,serif' font-style='italic' fill='%230b6b58'%3E%E2%88%82%3C/text%3E%3C/svg%3E";

const to = (page: PageSource, path: string): string => posix.relative(dirname(page.to), path) || posix.basename(path);

function contents(page: PageSource): string {
  const list = groups.map(({ title, pages }) => {
    const links = pages.map(
      (one) =>
        `<li><a href="${to(page, one.to)}"${one.to === page.to ? ' aria-current="page"' : ""}>${one.title}</a></li>`,
    );
    return `<h2>${title}</h2>\n<ul>${links.join("")}</ul>`;
  });
  return `<nav class="contents" aria-label="Pages">\n<details open><summary>Pages</summary>\n${list.join("\n")}\n</details>\n</nav>`;
}

const head = (page: PageSource): string => `<header class="head">
<a class="brand" href="${to(page, "index.html")}"><span aria-hidden="true">∂</span>chainrule</a>
<nav aria-label="Site">
<a href="${to(page, "playground/index.html")}">Playground</a>
<a href="${to(page, "docs/handcheck.html")}">Pages</a>
<a href="${to(page, "docs/operations.html")}">Operations</a>
<a href="${to(page, "api/index.html")}">API</a>
</nav>
</header>`;

/** The first page begins with what can be done at once. */
const hero = (page: PageSource): string => `<section class="hero" aria-label="chainrule">
<h1>Which equation of my backprop is wrong?</h1>
<p>Exact derivatives for TypeScript, and a check that names the equation, the layer and the slip.</p>
<p class="ways"><a class="main" href="${to(page, "playground/index.html")}">Open the playground</a> <a href="${to(page, "docs/handcheck.html")}">How the check works</a> <a href="${to(page, "api/index.html")}">API reference</a></p>
</section>`;

/** The whole page. */
export function pageOf(page: PageSource, content: string, { isHome }: { readonly isHome: boolean }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${to(page, "site.css")}">
<title>${isHome ? "chainrule: derivatives that are exact, and a check of yours" : `${page.title} · chainrule`}</title>
</head>
<body>
<a class="skip" href="#content">To the content</a>
${head(page)}
${isHome ? hero(page) : ""}
<div class="${isHome ? "body at-home" : "body"}">
${contents(page)}
<main id="content" tabindex="-1">
${content}
</main>
</div>
<footer>MIT licensed. These pages load no script, set no cookie and ask nobody else for anything.</footer>
</body>
</html>
`;
}
