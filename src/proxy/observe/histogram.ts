/** Upper bounds in milliseconds: the default buckets of Envoy, so that dashboards made for it read ours. Above them is one more. */
export const BUCKETS_MS: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** How long things took, in fixed buckets: an observation is a few comparisons and two additions, and allocates nothing. */
export class Histogram {
  /** Of each bucket alone, not with those below it. */
  readonly counts = new Float64Array(BUCKETS_MS.length + 1);
  /** Of all observations, milliseconds. */
  sum = 0;

  observe(ms: number): void {
    let bucket = 0;
    while (bucket < BUCKETS_MS.length && ms > BUCKETS_MS[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sum += ms;
  }

  merge(other: Histogram): void {
    for (const [i, n] of other.counts.entries()) this.counts[i]! += n;
    this.sum += other.sum;
  }

  get count(): number {
    let all = 0;
    for (const n of this.counts) all += n;
    return all;
  }
}
