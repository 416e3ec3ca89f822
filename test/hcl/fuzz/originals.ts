import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What a reader made of a text: its value, or that it refused it. */
export type Verdict =
  | { readonly accepts: true; readonly value: unknown }
  /** `panicked`: it may be broken for the rest of its process. */
  | { readonly accepts: false; readonly error: string; readonly panicked?: true };

interface Hcl1 {
  parse(text: string): string;
}

interface Hcl2 {
  parseToObject(text: string): [value: unknown, error: unknown];
}

let hcl1: Hcl1 | undefined;
let hcl2: Hcl2 | undefined;

/** HashiCorp's own HCL 1, compiled to JavaScript. On error it returns the text of the error in place of JSON. */
export function originalHcl1(text: string): Verdict {
  hcl1 ??= require('js-hcl-parser') as Hcl1;
  let said: string;
  try {
    said = hcl1.parse(text);
  } catch (error) {
    return panic(error);
  }
  if (said.startsWith('{')) return { accepts: true, value: JSON.parse(said) };
  return { accepts: false, error: said.replace(/^unable to parse (?:JSON|HCL): /, '').trim() };
}

/** HashiCorp's own HCL 2 with a converter to JSON, compiled to JavaScript. Says that it refuses, but not why. */
export function originalHcl2(text: string): Verdict {
  hcl2 ??= require('hcl2-parser') as Hcl2;
  try {
    const [value] = hcl2.parseToObject(text);
    return value === null ? { accepts: false, error: '' } : { accepts: true, value };
  } catch (error) {
    return panic(error);
  }
}

const panic = (error: unknown): Verdict => ({ accepts: false, error: `panic: ${String(error)}`, panicked: true });
