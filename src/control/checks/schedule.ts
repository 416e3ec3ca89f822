import type { Clock } from '../../base/ports.ts';

interface Entry {
  readonly key: string;
  readonly due: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** So many that no longer ring may wait beside those that do before they are all swept out. */
const SWEEP_AT = 64;

/** Many alarms on one sleep of the clock: ten thousand checks are no ten thousand timers. One alarm for each key. */
export class Schedule {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, Entry>();
  /** A binary heap, the earliest first; cancelled ones are dropped when they come up, or when they are more than the others. */
  #heap: Entry[] = [];
  #sleep: { readonly until: number; readonly stop: AbortController } | undefined;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the alarm of this key. */
  in(key: string, ms: number, run: () => void): void {
    this.cancel(key);
    const entry: Entry = { key, due: this.#clock.now() + Math.max(0, ms), run, cancelled: false };
    this.#byKey.set(key, entry);
    this.#push(entry);
    this.#arm();
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  cancel(key: string): void {
    const entry = this.#byKey.get(key);
    if (!entry) return;
    entry.cancelled = true;
    this.#byKey.delete(key);
    if (this.#heap.length > 2 * this.#byKey.size + SWEEP_AT) this.#sweep();
  }

  close(): void {
    this.#closed = true;
    this.#byKey.clear();
    this.#heap.length = 0;
    this.#sleep?.stop.abort();
  }

  #arm(): void {
    while (this.#heap[0]?.cancelled) this.#pop();
    const next = this.#heap[0];
    if (!next || this.#closed || (this.#sleep && this.#sleep.until <= next.due)) return;
    this.#sleep?.stop.abort();
    const stop = new AbortController();
    this.#sleep = { until: next.due, stop };
    this.#clock.sleep(Math.max(0, next.due - this.#clock.now()), stop.signal).then(
      () => this.#ring(),
      () => undefined,
    );
  }

  #ring(): void {
    this.#sleep = undefined;
    const now = this.#clock.now();
    const due: Entry[] = [];
    while (this.#heap[0] && (this.#heap[0].cancelled || this.#heap[0].due <= now)) {
      const entry = this.#pop();
      if (!entry.cancelled) due.push(entry);
    }
    for (const entry of due) {
      // One before it may have cancelled it.
      if (entry.cancelled) continue;
      this.#byKey.delete(entry.key);
      entry.run();
    }
    this.#arm();
  }

  /** What is sorted is a heap. */
  #sweep(): void {
    this.#heap = this.#heap.filter(({ cancelled }) => !cancelled).toSorted((a, b) => a.due - b.due);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.due <= entry.due) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.due < heap[child]!.due) child++;
      if (heap[child]!.due >= last.due) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
