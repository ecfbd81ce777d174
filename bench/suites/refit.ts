/**
 * The fit of the playground that follows while its data are dragged: how long a frame works, how many steps it takes,
 * and how soon after the release the fit has converged.
 */

import type { Page } from "playwright-core";

/** The figures of one drag. */
export interface Drag {
  /** Milliseconds that the fit worked in each frame while the data moved, and the steps that it took. */
  readonly frames: readonly { readonly steps: number; readonly spent: number }[];
  /** Milliseconds from the release to the frame that shows a fit that has converged, and its steps. */
  readonly after: number;
  readonly stepsAfter: number;
}

/** The state of the fit. */
export const fitting = "#developers?developers=tab%3Dfit";
export const there = ".says.there";

/** So many moves of the pointer make a drag, one for each frame of the screen. */
const MOVES = 40;

/**
 * Notes each frame of the fit as the page says it, until one has converged that came behind the last move and the
 * release.
 */
const WATCH = `{
  const says = document.querySelector(".says");
  window.drag = { frames: [], before: "", released: NaN, end: null };
  const look = () => {
    const { drag } = window;
    const after = performance.now() - drag.released;
    if (!says.matches(".there") || says.textContent === drag.before) requestAnimationFrame(look);
    else drag.end = { after, stepsAfter: Number(/\\d+/.exec(says.textContent)[0]) };
  };
  new MutationObserver(() => {
    const [, steps, spent] = /(\\d+) steps? in (\\d+) ms/.exec(says.textContent);
    if (Number.isNaN(window.drag.released)) window.drag.frames.push({ steps: Number(steps), spent: Number(spent) });
  }).observe(says, { childList: true, subtree: true, characterData: true });
  addEventListener("pointerup", () => { window.drag.released = performance.now(); look(); }, { capture: true });
}`;

/** Drags a peak to and fro, a frame of the screen at a time. */
async function dragged(page: Page, way: number): Promise<Drag> {
  await page.evaluate("Object.assign(window.drag, { frames: [], released: NaN, end: null })");
  const box = (await page.locator(".handle").nth(5).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let move = 1; move <= MOVES; move++) {
    await page.evaluate("new Promise(requestAnimationFrame)");
    await page.evaluate("window.drag.before = document.querySelector('.says').textContent");
    await page.mouse.move(x + way * move, y + way * 0.5 * move);
  }
  await page.mouse.up();
  // The page's policy lets nothing be evaluated in it later.
  await page.evaluate(
    "new Promise((resolve) => { const look = () => (window.drag.end === null ? requestAnimationFrame(look) : resolve()); look(); })",
  );
  return page.evaluate<Drag>("({ frames: window.drag.frames, ...window.drag.end })");
}

/** A page that shows the fit is dragged; the first drag warms the fit up. */
export async function drags(page: Page, rounds: number): Promise<readonly Drag[]> {
  await page.evaluate(WATCH);
  const found: Drag[] = [];
  for (let round = 0; round <= rounds; round++) {
    const drag = await dragged(page, round % 2 === 0 ? 1 : -1);
    if (drag.frames.length === 0) throw new Error("page: the fit follows nothing that is dragged; nothing is timed");
    if (round > 0) found.push(drag);
  }
  return found;
}
