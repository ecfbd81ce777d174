/** Says what the page carries within itself: its style and its few lines of script. */

/** Two palettes under one set of names; paper is always light. */
const light =
  "--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--back:#ffffff;--card:#f6f8fa;--good:#1a7f37;--bad:#c4232b;--note:#8a5a00;--plus:#0b62c4;--minus:#c8501e;--zero:#ffffff;--broken:#8250df";
const dark =
  "--ink:#e6edf3;--soft:#9aa5b1;--line:#343c46;--back:#0d1117;--card:#161b22;--good:#56d364;--bad:#ff7b72;--note:#e3b341;--plus:#58a6ff;--minus:#ff9a5c;--zero:#161b22;--broken:#bc8cff";

export const style = `
:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:1.5rem 1.25rem 3rem;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI","Noto Sans CJK SC","Noto Sans",sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0}h2{font-size:1.1rem;margin:2rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}h3{font-size:1rem;margin:0}
p{margin:.35rem 0}code,pre,.number{font-family:ui-monospace,SFMono-Regular,Menlo,"Noto Sans Mono",monospace;font-size:.875em}
.brand,.soft,figcaption,.readout{color:var(--soft)}.brand{font-size:.85rem;letter-spacing:.02em}
.banner{border-left:.35rem solid var(--tone);padding:.2rem 0 .2rem 1rem}.banner h1{color:var(--tone)}
.correct{--tone:var(--good)}.mistake,.forward-wrong,.contract{--tone:var(--bad)}.inconclusive{--tone:var(--note)}
.ok{--tone:var(--good)}.root,.shape,.nan{--tone:var(--bad)}.inherited,.kink,.convention{--tone:var(--note)}.missing{--tone:var(--soft)}
.graph{display:block;width:100%;height:auto}.graph.tall{display:none}.graph.alone{margin:auto}
.edge{stroke:var(--soft);stroke-width:1;opacity:.35;fill:none}.unit,.input{fill:var(--card);stroke:var(--soft);stroke-width:1.5}.input{stroke-dasharray:3 2}
.flow{stroke:var(--soft);stroke-width:1.5;fill:none}.head{fill:var(--soft)}.graph text{fill:var(--ink);font-size:14px}.graph .layer,.graph .count,.graph .gap{fill:var(--soft)}
.badge rect{fill:var(--back);stroke:var(--tone);stroke-width:1.5}.badge text{fill:var(--tone);font-weight:600}.badge.root rect{fill:var(--tone)}.badge.root text{fill:var(--back)}
.badge:hover rect,.badge:focus-visible rect{stroke-width:3}.badge:focus{outline:none}
section>article{border:1px solid var(--line);border-left:.3rem solid var(--tone,var(--line));border-radius:.4rem;padding:.7rem .9rem;margin:.6rem 0;scroll-margin-top:1rem;break-inside:avoid}
section>article:target{box-shadow:0 0 0 3px color-mix(in srgb,var(--tone) 35%,transparent)}
section>article>header{display:flex;flex-wrap:wrap;gap:.3rem .9rem;align-items:baseline}.state{color:var(--tone);font-weight:600;margin-left:auto;white-space:nowrap}
section>article.ok{padding-block:.45rem}math{font-size:1.12em}.pair{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.5rem 0;align-items:baseline}.pair dt{color:var(--soft)}.pair dd{margin:0;overflow-x:auto}
.wrong{color:var(--bad)}.right{color:var(--good)}.id{font-size:.8rem;border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;color:var(--soft);white-space:nowrap}
.maps{display:flex;flex-wrap:wrap;gap:1rem;margin-top:.7rem}figure{margin:0}figcaption{font-size:.85rem}.heat{display:block;max-width:100%;height:auto}
.heat rect{fill:color-mix(in oklab,var(--c) var(--s),var(--zero));stroke:var(--line);stroke-width:.5}.plus{--c:var(--plus)}.minus{--c:var(--minus)}.broken{--c:var(--broken)}
.heat rect.here{stroke:var(--ink);stroke-width:2}.heat:focus-visible{outline:2px solid var(--plus);outline-offset:2px}
.entries{overflow-x:auto}.entries table{border-collapse:collapse;font-size:.85rem}.entries :is(th,td){padding:.1rem .9rem .1rem 0;text-align:right;font-weight:400}
.heat .worst{fill:none;stroke:var(--ink);stroke-width:2.5}.readout{font-size:.85rem;font-family:ui-monospace,Menlo,"Noto Sans Mono",monospace;overflow-wrap:anywhere}
.derivation h1{font-size:1.15rem}.derivation h2{font-size:1rem;border:0;margin-top:1rem}.derivation :is(th,td){padding:.1rem 1rem .1rem 0;text-align:left}
.derivation{overflow-x:auto;border:1px solid var(--line);border-radius:.4rem;padding:.5rem 1rem;background:var(--card)}pre{overflow-x:auto;margin:.5rem 0}
ul{margin:.4rem 0;padding-left:1.3rem}summary{cursor:pointer;color:var(--soft)}a{color:inherit}
@media screen and (max-width:40rem){body{padding:1rem .9rem 2rem}.graph.wide{display:none}.graph.tall{display:block;margin:auto}.state{margin-left:0;white-space:normal}header>span{max-width:100%;overflow-x:auto;overflow-y:hidden}math{font-size:1.05em}.pair{grid-template-columns:1fr;gap:0}.pair dd{margin-bottom:.4rem}.maps{gap:.7rem}.derivation{padding:.3rem .6rem}}
@page{size:A4;margin:16mm 14mm}
@media print{body{max-width:none;padding:0;font-size:10.5pt}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.data,.entries{display:none}h1,h2,h3{break-after:avoid}.maps,table,math,.derivation li,.graph{break-inside:avoid}.maps{flex-wrap:nowrap}.heat{max-height:32mm;width:auto}.graph.wide{max-height:75mm}.graph.alone{max-height:140mm}.derivation{overflow:visible;border:0;padding:0;background:none}.derivation math{font-size:1em}.pair dd{overflow:visible}}
`.trim();

export const script = `
for (const article of document.querySelectorAll("article")) {
  const readout = article.querySelector(".readout");
  if (readout === null) continue;
  const first = readout.textContent;
  article.addEventListener("pointerover", ({ target }) => {
    const cell = target instanceof Element ? target.closest("[data-v]") : null;
    if (cell !== null) readout.textContent = cell.closest("figure").querySelector("figcaption").textContent + " " + cell.dataset.v;
  });
  article.addEventListener("pointerleave", () => { readout.textContent = first; });
  for (const map of article.querySelectorAll("svg.heat")) {
    const cells = [...map.querySelectorAll("[data-v]")];
    const columns = Number(map.dataset.columns);
    let at = -1;
    const go = (to) => {
      if (at >= 0) cells[at].classList.remove("here");
      at = to;
      if (at < 0) { readout.textContent = first; return; }
      cells[at].classList.add("here");
      readout.textContent = map.closest("figure").querySelector("figcaption").textContent + " " + cells[at].dataset.v;
    };
    map.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -cells.length, End: cells.length };
      if (!Object.hasOwn(steps, event.key)) return;
      event.preventDefault();
      go(at < 0 ? 0 : Math.min(cells.length - 1, Math.max(0, at + steps[event.key])));
    });
    map.addEventListener("blur", () => { go(-1); });
  }
}
`.trim();
