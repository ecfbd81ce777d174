/** The page as it is built, and a server of it that counts what is asked for. */

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

export interface Served {
  readonly address: string;
  /** The page as one file, by its address on disk. */
  readonly fileAddress: string;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  readonly file: (path: string) => Buffer;
  readonly close: () => void;
}

/** Builds in a process of its own, since Vite is not for the one that tests run in. */
async function build(outdir: string): Promise<void> {
  const builder = fileURLToPath(new URL("../build/build.mjs", import.meta.url));
  const child = spawn(process.execPath, [builder, "--outdir", outdir], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint += text.toString();
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`the page is not built: ${complaint}`);
}

const TURN = 100;

/**
 * The folder with the page: the first file of a run builds it, the others wait. It goes with the temporary folder of
 * the run.
 */
async function built(): Promise<string> {
  const outdir = join(tmpdir(), "chainrule-playground");
  try {
    mkdirSync(outdir);
  } catch {
    while (!existsSync(join(outdir, "built"))) await setTimeout(TURN);
    if (readFileSync(join(outdir, "built"), "utf8") !== "")
      throw new Error("the page is not built: the file of tests that built it says why");
    return outdir;
  }
  let fault = "";
  await build(outdir).catch((error: unknown) => {
    fault = error instanceof Error ? error.message : String(error);
  });
  writeFileSync(join(outdir, "built"), fault);
  if (fault !== "") throw new Error(fault);
  return outdir;
}

export async function serve(): Promise<Served> {
  const outdir = await built();
  const asked: string[] = [];
  const at = (path: string): string => join(outdir, "page", path === "/" ? "index.html" : path);
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    asked.push(pathname);
    if (!existsSync(at(pathname))) response.writeHead(404).end();
    else
      response
        .writeHead(200, { "content-type": types[extname(at(pathname))] ?? "application/octet-stream" })
        .end(readFileSync(at(pathname)));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    fileAddress: pathToFileURL(join(outdir, "page.html")).href,
    asked,
    file: (path) => readFileSync(at(path)),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
