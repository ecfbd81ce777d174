/** Links of a built site that lead nowhere: to a file that is not there, or to a place that its page does not have. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export interface DeadLink {
  /** The page on which it stands, from the root of the site. */
  readonly page: string;
  readonly href: string;
}

const unescaped = (text: string): string =>
  text
    .replaceAll("&amp;", "&")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");

/** A script's texts are no links. */
const withoutScripts = (html: string): string =>
  html.replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, (whole) => /^<script\b[^>]*>/.exec(whole)?.[0] ?? "");

const linksIn = (html: string): string[] =>
  [...withoutScripts(html).matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, href]) => unescaped(href!));

const placesIn = (html: string): Set<string> =>
  new Set([...html.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => unescaped(id!)));

/** Every page, each read once. */
class Site {
  readonly #places = new Map<string, Set<string>>();
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  pages(): string[] {
    return readdirSync(this.folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".html"))
      .map((file) => join(this.folder, file));
  }

  hasPlace(file: string, place: string): boolean {
    let places = this.#places.get(file);
    if (places === undefined) this.#places.set(file, (places = placesIn(readFileSync(file, "utf8"))));
    return places.has(place) || places.has(decodeURIComponent(place));
  }
}

const isElsewhere = (href: string): boolean => /^(?:[a-z][a-z+.-]*:|\/\/)/i.test(href);

function leads(site: Site, page: string, href: string): boolean {
  const [path = "", place = ""] = href.split("#");
  const wanted = resolve(dirname(page), decodeURIComponent(path.split("?")[0]!));
  let file = path === "" ? page : wanted;
  if (relative(site.folder, file).startsWith("..") || !existsSync(file)) return false;
  if (statSync(file).isDirectory()) file = join(file, "index.html");
  if (!existsSync(file)) return false;
  // The playground reads its own fragments.
  return (
    place === "" ||
    !file.endsWith(".html") ||
    relative(site.folder, file).startsWith("playground") ||
    site.hasPlace(file, place)
  );
}

export function deadLinks(folder: string): DeadLink[] {
  const site = new Site(resolve(folder));
  return site.pages().flatMap((page) =>
    linksIn(readFileSync(page, "utf8"))
      .filter((href) => !isElsewhere(href) && !leads(site, page, href))
      .map((href) => ({ page: relative(site.folder, page), href })),
  );
}
