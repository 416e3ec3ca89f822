import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';

/** Each of them is a listener; a longer range is a mistake. */
const MAX_PORTS = 1000;

/** `8500-8502`, both ends included; undefined for a text that is no range. */
export function parsePortRange(text: string): number[] | undefined {
  const match = /^\s*(\d{1,5})\s*-\s*(\d{1,5})\s*$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (!(first >= 1 && last >= first && last <= 65535 && last - first < MAX_PORTS)) return undefined;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

export function badPortRange(text: string, at: Range | undefined): Diagnostic {
  const detail = `expected the first and the last one, at most ${MAX_PORTS}: "8500-8502"`;
  return errorAt(at, `${JSON.stringify(text)} is not a range of ports`, { detail });
}
