import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../src/schema/located.ts';

/** A small text with what HashiCorp's parsers of both dialects make of it (recorded from the originals). */
export interface Probe {
  readonly name: string;
  readonly src: string;
  readonly hcl1: { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly err: string };
  readonly hcl2:
    | { readonly ok: true; readonly value: Json }
    | { readonly ok: false; readonly line: number; readonly col: number; readonly summary: string };
}

export function loadProbes(): Probe[] {
  const text = readFileSync(join(import.meta.dirname, 'probes.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Probe);
}
