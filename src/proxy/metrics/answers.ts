import { Histogram } from '../observe/histogram.ts';
import type { Traffic } from '../observe/traffic.ts';

/** Answers by class of status, `2` for 200 to 299; only those that there are. */
export function classesOf({ codes }: Traffic): Map<string, number> {
  const classes = new Map<string, number>();
  for (const { code, count } of codes) add(classes, String(Math.floor(code / 100)), count);
  return classes;
}

export interface Answers {
  readonly codes: ReadonlyMap<number, number>;
  readonly classes: ReadonlyMap<string, number>;
  readonly times: Histogram;
}

/** Of several together. */
export function answersOf(traffics: Iterable<Traffic>): Answers {
  const times = new Histogram();
  const codes = new Map<number, number>();
  const classes = new Map<string, number>();
  for (const traffic of traffics) {
    times.merge(traffic.times);
    for (const { code, count } of traffic.codes) add(codes, code, count);
    for (const [name, count] of classesOf(traffic)) add(classes, name, count);
  }
  return { codes, classes, times };
}

function add<K>(counts: Map<K, number>, key: K, n: number): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}
