/** A WebAssembly module: functions over one imported memory, written section by section. */

import { Body, type Callee } from "./body.ts";
import { Bytes } from "./bytes.ts";
import { EmitError } from "./expressions.ts";
import { typeBytes, type ValueType } from "./opcodes.ts";

/** The memory that a module works on. */
export interface MemoryLimits {
  /** In pages of 64 KiB. */
  readonly initial: number;
  readonly maximum: number;
  readonly shared: boolean;
}

interface Defined {
  readonly callee: Callee;
  readonly exported: boolean;
  /** Written when the module is finished; `null` until the body is given. */
  body: Bytes | null;
}

/** Collects functions and writes the module. Imports come before the first function. */
export class ModuleBuilder {
  readonly #limits: MemoryLimits;
  readonly #types: string[] = [];
  readonly #imports: Callee[] = [];
  readonly #functions: Defined[] = [];

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  #typeIndex(takes: readonly ValueType[], gives: ValueType | null): number {
    const key = `${takes.join(" ")}>${gives ?? ""}`;
    const found = this.#types.indexOf(key);
    return found >= 0 ? found : this.#types.push(key) - 1;
  }

  /** A function of the host, under `host.name`. */
  import(name: string, takes: readonly ValueType[], gives: ValueType | null): Callee {
    if (this.#functions.length > 0) throw new EmitError(`${name} is imported after a function`);
    const callee: Callee = { name, index: this.#imports.length, takes, gives };
    this.#imports.push(callee);
    return callee;
  }

  /** A function of the module; `write` fills its body at once. */
  function(
    name: string,
    takes: readonly ValueType[],
    gives: ValueType | null,
    write: (body: Body) => void,
    exported = false,
  ): Callee {
    const callee: Callee = { name, index: this.#imports.length + this.#functions.length, takes, gives };
    const defined: Defined = { callee, exported, body: null };
    this.#functions.push(defined);
    const body = new Body(takes);
    write(body);
    defined.body = body.finish();
    return callee;
  }

  /** The module in the binary format. */
  finish(): Uint8Array<ArrayBuffer> {
    const out = new Bytes();
    out.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    const section = (id: number, count: number, write: (bytes: Bytes) => void): void => {
      const bytes = new Bytes();
      bytes.unsigned(count);
      write(bytes);
      out.byte(id);
      out.sized(bytes);
    };
    const typeOf = ({ takes, gives }: Callee): number => this.#typeIndex(takes, gives);
    const importTypes = this.#imports.map(typeOf);
    const functionTypes = this.#functions.map(({ callee }) => typeOf(callee));

    section(1, this.#types.length, (bytes) => {
      for (const key of this.#types) {
        const [takes, gives] = key.split(">") as [string, string];
        const types = (list: string): ValueType[] => (list === "" ? [] : (list.split(" ") as ValueType[]));
        bytes.byte(0x60);
        for (const list of [types(takes), types(gives)]) {
          bytes.unsigned(list.length);
          for (const type of list) bytes.byte(typeBytes[type]);
        }
      }
    });
    section(2, this.#imports.length + 1, (bytes) => {
      bytes.name("host");
      bytes.name("memory");
      bytes.append([0x02, this.#limits.shared ? 0x03 : 0x01]);
      bytes.unsigned(this.#limits.initial);
      bytes.unsigned(this.#limits.maximum);
      this.#imports.forEach(({ name }, k) => {
        bytes.name("host");
        bytes.name(name);
        bytes.byte(0x00);
        bytes.unsigned(importTypes[k]!);
      });
    });
    section(3, this.#functions.length, (bytes) => {
      for (const type of functionTypes) bytes.unsigned(type);
    });
    const exported = this.#functions.filter((one) => one.exported);
    section(7, exported.length, (bytes) => {
      for (const { callee } of exported) {
        bytes.name(callee.name);
        bytes.byte(0x00);
        bytes.unsigned(callee.index);
      }
    });
    section(10, this.#functions.length, (bytes) => {
      for (const { callee, body } of this.#functions) {
        if (body === null) throw new EmitError(`${callee.name} has no body`);
        bytes.sized(body);
      }
    });
    return out.view().slice();
  }
}
