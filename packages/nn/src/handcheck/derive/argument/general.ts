/** BP1 to BP4 for an arbitrary layer l. */

import { derivation } from "../../../locales/derivation.ts";
import type { Block, Expression, Section } from "../language/ast.ts";
import { chain, equation, negative, partial, prose, remark, said, sum, symbol, text } from "../language/build.ts";
import { hasLetters, isElementwise, type Subject } from "../language/subject.ts";
import { bias, cost, delta, u, v, weight } from "./entries.ts";

/** The four equations for an arbitrary layer; null where they differ from layer to layer or the names allow no l. */
export function general(subject: Subject): Section | null {
  const hidden = Array.from({ length: subject.layers - 1 }, (_, index) => index + 1);
  if (!subject.notation.general || hidden.length === 0 || !hidden.every((l) => isElementwise(subject, l))) return null;
  const l = { of: "l", plus: 0 } as const;
  const [last, next, previous] = [
    { of: "L", plus: 0 } as const,
    { of: "l", plus: 1 } as const,
    { of: "l", plus: -1 } as const,
  ];
  const j = { letter: "j", layer: l };
  const out = { letter: "j", layer: last };
  const [up, down] = [
    { letter: "k", layer: next },
    { letter: "k", layer: previous },
  ];
  const slope = { kind: "apply", name: "slope", layer: l, of: u(l, j) } as const;
  const signed = (of: Expression): Expression => (subject.notation.deltaSign === -1 ? negative(of) : of);
  const mixed = !isElementwise(subject, subject.layers);
  const other = { letter: "k", layer: last };
  const bp1 = mixed
    ? [signed(sum(other, chain(partial(cost, v(last, other)), partial(v(last, other), u(last, out)))))]
    : [
        signed(chain(partial(cost, v(last, out)), partial(v(last, out), u(last, out)))),
        signed(chain(partial(cost, v(last, out)), { ...slope, layer: last, of: u(last, out) })),
      ];
  const blocks: Block[] = [
    hasLetters(subject)
      ? text(prose(derivation.anyNumberOfLayers, { weight: weight(l, j, down) }))
      : text(said(derivation.anyHiddenLayer)),
    equation(delta(last, out), bp1, { label: "BP1" }),
    equation(
      delta(l, j),
      [
        signed(sum(up, chain(partial(cost, u(next, up)), partial(u(next, up), v(l, j)), partial(v(l, j), u(l, j))))),
        sum(up, chain(delta(next, up), weight(next, up, j), slope)),
      ],
      { label: "BP2" },
    ),
    equation(partial(cost, bias(l, j)), [signed(delta(l, j))], { label: "BP3" }),
    equation(partial(cost, weight(l, j, down)), [signed(chain(v(previous, down), delta(l, j)))], { label: "BP4" }),
  ];
  if (subject.notation.name === "document") {
    blocks.splice(
      3,
      0,
      remark(
        prose(derivation.slipsOfDocument, {
          last: symbol("W", l, [j, { letter: "k", layer: next }]),
          first: symbol("u", next, [j]),
        }),
      ),
    );
  }
  return { title: said(derivation.generalTitle), blocks };
}
