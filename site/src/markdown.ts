/**
 * A page of Markdown as HTML: headings can be linked to, links lead to pages of the site, wide tables scroll by
 * themselves.
 */

import { existsSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import MarkdownIt, { type Token } from "markdown-it";
import type { PageSource } from "./pages.ts";
import { repository, root } from "./pages.ts";

/** A heading's place, as GitHub names it: links within the pages are written for that. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** What stands after the language of a block: a command that printed it is shown above it, what tests need is not. */
function block(content: string, info: string): string {
  const [, command] = /^\S+ \$ (.+)$/.exec(info.trim()) ?? [];
  const caption = command === undefined ? "" : `<p class="command"><code>${escaped(command)}</code></p>`;
  return `${caption}<pre tabindex="0"><code>${escaped(content)}</code></pre>\n`;
}

/** Where a link leads that stands on a page: a page of the site, a file of it, or a file of the repository. */
export function targetOf(href: string, page: PageSource, pages: readonly PageSource[]): string {
  if (/^[a-z]+:|^#/i.test(href)) return href;
  const [path = "", place] = href.split("#");
  const file = posix.normalize(posix.join(dirname(page.from), path)).replace(/\/$/, "");
  const hash = place === undefined ? "" : `#${place}`;
  const own = pages.find(({ from }) => from === file || from === `${file}/README.md`);
  if (own !== undefined) return `${posix.relative(dirname(page.to), own.to)}${hash}`;
  if (file.startsWith("docs/images/")) return posix.relative(dirname(page.to), file);
  if (!existsSync(join(root, file))) throw new Error(`${page.from}: there is no ${file}, to which it links`);
  return `${repository}/tree/main/${file}${hash}`;
}

function renderer(page: PageSource, pages: readonly PageSource[]): MarkdownIt {
  const md = new MarkdownIt({ html: false, linkify: false, typographer: false });
  const { rules } = md.renderer;
  rules.fence = (tokens, index) => block(tokens[index]!.content, tokens[index]!.info);
  rules.code_block = (tokens, index) => block(tokens[index]!.content, "");
  rules.table_open = () => '<div class="wide" tabindex="0"><table>\n';
  rules.table_close = () => "</table></div>\n";
  // The corner above names of rows is no heading.
  const isCorner = (tokens: readonly Token[], at: number): boolean => tokens[at + 1]?.content === "";
  rules.th_open = (tokens, at, options, _, self) =>
    isCorner(tokens, at) ? "<td>" : self.renderToken(tokens, at, options);
  rules.th_close = (tokens, at) => (tokens[at - 1]?.content === "" ? "</td>\n" : "</th>\n");
  const seen = new Map<string, number>();
  rules.heading_open = (tokens, index, options, _, self) => {
    const text = tokens[index + 1]!.children!.filter(({ type }) => /^(?:text|code_inline)$/.test(type))
      .map(({ content }) => content)
      .join("");
    const slug = slugOf(text);
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    tokens[index]!.attrSet("id", before === 0 ? slug : `${slug}-${before}`);
    return self.renderToken(tokens, index, options);
  };
  rules.link_open = (tokens, index, options, _, self) => {
    tokens[index]!.attrSet("href", targetOf(tokens[index]!.attrGet("href")!, page, pages));
    return self.renderToken(tokens, index, options);
  };
  const image = rules.image!;
  rules.image = (tokens, index, options, env, self) => {
    tokens[index]!.attrSet("src", targetOf(tokens[index]!.attrGet("src")!, page, pages));
    return image(tokens, index, options, env, self);
  };
  return md;
}

/** Comments are for who writes the page. */
const withoutComments = (text: string): string => text.replace(/^<!--[\s\S]*?-->\n/gm, "");

export const htmlOf = (text: string, page: PageSource, pages: readonly PageSource[]): string =>
  renderer(page, pages).render(withoutComments(text));
