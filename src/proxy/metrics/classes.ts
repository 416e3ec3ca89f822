import type { Traffic } from '../observe/traffic.ts';

/** Answers by class of status, `2` for 200 to 299; only those that there are. */
export function classesOf({ codes }: Traffic): Map<string, number> {
  const classes = new Map<string, number>();
  for (const { code, count } of codes) {
    const name = String(Math.floor(code / 100));
    classes.set(name, (classes.get(name) ?? 0) + count);
  }
  return classes;
}
