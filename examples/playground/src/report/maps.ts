/** The numbers of a map, read by pointer and by keys, as on the page that the command writes. */

/** What an entry says, in the line beneath its maps; at rest that line says the worst one. */
function read(article: Element, cell: Element | null): void {
  const readout = article.querySelector<HTMLElement>(".readout");
  if (readout === null) return;
  readout.dataset["rest"] ??= readout.textContent ?? "";
  article.querySelector(".heat .here")?.classList.remove("here");
  cell?.classList.add("here");
  readout.textContent =
    cell === null
      ? readout.dataset["rest"]
      : `${cell.closest("figure")?.querySelector("figcaption")?.textContent ?? ""} ${cell.getAttribute("data-v") ?? ""}`;
}

const articleOf = (target: EventTarget | null): Element | null =>
  target instanceof Element ? target.closest("article[id]") : null;

export function pointed({ target }: Event): void {
  const article = articleOf(target);
  if (article !== null) read(article, (target as Element).closest("[data-v]"));
}

export function left({ target }: Event): void {
  const article = articleOf(target);
  if (article !== null) read(article, null);
}

/** Arrows go from entry to entry, Home and End to the first and the last. */
export function moved(event: KeyboardEvent): void {
  const map = event.target instanceof Element ? event.target.closest<SVGElement>("svg.heat") : null;
  if (map === null) return;
  const cells = [...map.querySelectorAll("[data-v]")];
  const columns = Number(map.dataset["columns"]);
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -cells.length,
    End: cells.length,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const at = cells.findIndex((cell) => cell.classList.contains("here"));
  read(
    map.closest("article[id]")!,
    cells[
      at < 0 && Math.abs(step) < cells.length ? 0 : Math.min(cells.length - 1, Math.max(0, Math.max(at, 0) + step))
    ]!,
  );
}
