/** Points and curves on a canvas, in the colors of the page. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Plot {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** In the order of `x`. */
  readonly curve: ArrayLike<number>;
  readonly across: Span;
  readonly up: Span;
  /** The part of the height, below, that differences have; their largest stands beside it. */
  readonly residuals: Span | null;
}

const PART = 0.18;
/** Many points are small. */
const dotOf = (points: number): number => (points > 500 ? 1.8 : 3.5);

/** Where a value lies among so many pixels. */
export const placeOf = (value: number, { from, to }: Span, pixels: number): number =>
  ((value - from) / (to - from)) * pixels;

/** Draws; the canvas is made as fine as the screen is. */
export function draw(canvas: HTMLCanvasElement, { x, y, curve, across, up, residuals }: Plot): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const fine = devicePixelRatio;
  if (canvas.width !== Math.round(width * fine) || canvas.height !== Math.round(height * fine))
    [canvas.width, canvas.height] = [Math.round(width * fine), Math.round(height * fine)];
  const pen = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  const ink = (name: string): string => style.getPropertyValue(name);
  pen.setTransform(fine, 0, 0, fine, 0, 0);
  pen.clearRect(0, 0, width, height);
  const tall = residuals === null ? height : height * (1 - PART);
  const at = (value: number): number => placeOf(value, across, width);
  const over = (value: number): number => tall - placeOf(value, up, tall);
  pen.fillStyle = ink("--soft");
  const dot = dotOf(x.length);
  for (let i = 0; i < x.length; i++) pen.fillRect(at(x[i]!) - dot / 2, over(y[i]!) - dot / 2, dot, dot);
  pen.strokeStyle = ink("--accent");
  pen.lineWidth = 1.75;
  pen.lineJoin = "round";
  pen.beginPath();
  for (let i = 0; i < x.length; i++) pen.lineTo(at(x[i]!), over(curve[i]!));
  pen.stroke();
  if (residuals === null) return;
  const middle = height * (1 - PART / 2);
  pen.strokeStyle = ink("--line");
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(0, middle);
  pen.lineTo(width, middle);
  pen.stroke();
  pen.fillStyle = ink("--bad");
  for (let i = 0; i < x.length; i++) {
    const off = placeOf(y[i]! - curve[i]!, residuals, height * PART) - (height * PART) / 2;
    pen.fillRect(at(x[i]!) - 0.5, middle - Math.max(off, 0), 1, Math.max(1, Math.abs(off)));
  }
}
