import type { DeniedCall, RefusedCall } from '../../api/denial.ts';

/** Kinds of refusals that are remembered; of more, those that came last. */
const MAX_KEPT = 500;
/** The first refusal is told at once, so that who asks for it finds it; those that follow wait this long. */
const FLUSH_MS = 20;

/** What the one who refuses knows of a refusal; who listens to the proxy adds the rest. */
export type DeniedBy = Pick<RefusedCall, 'destination' | 'protocol' | 'rule' | 'token'> & {
  /** Of the request, as it was judged; absent: as it came. */
  readonly path?: string;
};

/** Gets what is new since the last time, and says false as long as it can't take more. */
export type DenialListener = (calls: readonly DeniedCall[]) => boolean;

/** The last calls that rules have refused. One that comes again is the same one, with another time. */
export class Denials {
  readonly #now: () => number;
  /** The one that came last at the end. */
  readonly #kept = new Map<string, DeniedCall>();
  readonly #followers = new Set<Follower>();

  constructor(now: () => number) {
    this.#now = now;
  }

  take(call: RefusedCall): void {
    const key = JSON.stringify(call);
    const before = this.#kept.get(key);
    const lastAt = this.#now();
    this.#kept.delete(key);
    this.#kept.set(key, { ...call, firstAt: before?.firstAt ?? lastAt, lastAt, times: (before?.times ?? 0) + 1 });
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    for (const follower of this.#followers) follower.take(key);
  }

  /** Until the returned function is called. What is remembered comes first. */
  follow(listener: DenialListener): () => void {
    const follower = new Follower(this.#kept, listener);
    for (const key of this.#kept.keys()) follower.take(key);
    this.#followers.add(follower);
    return () => {
      follower.close();
      this.#followers.delete(follower);
    };
  }
}

class Follower {
  readonly #kept: ReadonlyMap<string, DeniedCall>;
  readonly #listener: DenialListener;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(kept: ReadonlyMap<string, DeniedCall>, listener: DenialListener) {
    this.#kept = kept;
    this.#listener = listener;
  }

  /** At most as many wait as are kept: what was forgotten meanwhile is told to nobody. */
  take(key: string): void {
    this.#changed.add(key);
    if (this.#changed.size > 2 * MAX_KEPT) for (const one of this.#changed) if (!this.#kept.has(one)) this.#changed.delete(one);
    this.#timer ??= setTimeout(() => this.#flush(), 0);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    const calls = [...this.#changed].flatMap((key) => this.#kept.get(key) ?? []);
    if (calls.length === 0 || this.#listener(calls)) this.#changed.clear();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#changed.size > 0) this.#flush();
    }, FLUSH_MS);
  }
}
