/**
 * Somebody's code, apart: in a worker within a frame of an origin of its own, that has no storage, no cache and no
 * network. The worker's text is the code itself, so that nothing is evaluated and no policy has to allow it. The page
 * asks through a port, and ends it by taking the frame away.
 */

import type { Answered, Asked, Thrown } from "./inside/serve.ts";
import script from "./frame.js?raw";

/**
 * The frame allows its own script and the worker, and less than the page, whose policy it inherits: nothing is fetched,
 * not from the page's host either.
 */
const policy = `default-src 'none'; script-src '${__FRAME_HASH__}' 'wasm-unsafe-eval'; worker-src blob:`;
const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${script}</script>`;

/** What ended it: it threw, it took too long, or somebody ended it. */
export class Failed extends Error {
  readonly kind: "thrown" | "time" | "ended";
  readonly line: number | null;
  constructor(kind: Failed["kind"], message = "", line: number | null = null) {
    super(message);
    this.kind = kind;
    this.line = line;
  }
}

/** The reason why it ended, whatever was thrown. */
export const asFailed = (error: unknown): Failed =>
  error instanceof Failed ? error : new Failed("thrown", String(error));

/** JavaScript with `require` and `exports` as a program of the worker: what serves it stands in the lines before. */
function textOf(inside: string, code: string): string {
  const before = inside.split("\n").length + 1;
  return `${inside}\nself.begin(${before}, function (require, exports, module) {\n${code}\n});`;
}

export class Sandbox {
  private readonly frame = document.createElement("iframe");
  private readonly channel = new MessageChannel();
  private readonly waiting = new Map<
    number,
    { readonly resolve: (ok: unknown) => void; readonly reject: (error: Failed) => void }
  >();
  private readonly inside: string;
  private last = 0;
  private over: Failed | null = null;

  /** `inside` is what serves the code, `code` has been through `plainCode`. */
  constructor(inside: string, code: string) {
    this.inside = inside;
    const {
      frame,
      channel: { port1, port2 },
    } = this;
    frame.setAttribute("sandbox", "allow-scripts");
    frame.hidden = true;
    frame.title = "";
    frame.setAttribute("aria-hidden", "true");
    frame.srcdoc = page;
    frame.addEventListener("load", () => frame.contentWindow?.postMessage(textOf(inside, code), "*", [port2]), {
      once: true,
    });
    port1.onmessage = ({ data }: MessageEvent<Answered>) => {
      this.told(data);
    };
    addEventListener("message", this.failed);
    document.body.append(frame);
  }

  /** What is no program at all is said by the worker itself. */
  private readonly failed = ({
    source,
    data,
  }: MessageEvent<{ readonly message?: unknown; readonly line?: unknown }>): void => {
    if (source !== this.frame.contentWindow || source === null) return;
    const line = Number(data.line) - this.inside.split("\n").length - 1;
    this.end(new Failed("thrown", String(data.message).replace(/^Uncaught /, ""), line > 0 ? line : null));
  };

  private told(data: Answered): void {
    const one = this.waiting.get(data.id);
    this.waiting.delete(data.id);
    if (one === undefined) return;
    if (!("thrown" in data)) return one.resolve(data.ok);
    const { message, line }: { readonly [part in keyof Thrown]: unknown } = data.thrown;
    one.reject(new Failed("thrown", String(message), typeof line === "number" ? line : null));
  }

  /** Asks; after so many milliseconds it is over. What is told is data, and of no form that could be relied on. */
  ask(question: unknown, limit: number): Promise<unknown> {
    if (this.over !== null) return Promise.reject(this.over);
    const id = ++this.last;
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.end(new Failed("time"));
      }, limit);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          then(value);
        };
      this.waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.channel.port1.postMessage({ id, question } satisfies Asked);
    });
  }

  /** Ends it, whatever it is doing. */
  end(why: Failed = new Failed("ended")): void {
    if (this.over !== null) return;
    this.over = why;
    removeEventListener("message", this.failed);
    this.frame.remove();
    this.channel.port1.close();
    for (const { reject } of this.waiting.values()) reject(why);
    this.waiting.clear();
  }
}
