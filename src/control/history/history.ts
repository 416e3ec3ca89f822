import type { MeshEvent } from '../../api/event.ts';

/** Of more, those that came last are kept. */
const MAX_KEPT = 1_000;
/** What comes in this time, and is of one kind, is told of in one event if it is much. */
const GATHER_MS = 100;
const MUCH = 8;

export type Happened = Omit<MeshEvent, 'id' | 'at'>;

/** What has happened since the agent began, as far as it is remembered. */
export class History implements Disposable {
  readonly #now: () => number;
  readonly #kept: MeshEvent[] = [];
  readonly #listeners = new Set<(event: MeshEvent) => void>();
  readonly #gathering = new Map<string, { readonly events: Happened[]; readonly timer: NodeJS.Timeout }>();
  #lastId = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(happened: Happened): void {
    const event: MeshEvent = { id: ++this.#lastId, at: this.#now(), ...happened };
    this.#kept.push(event);
    if (this.#kept.length > MAX_KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** For what may come for a thousand sidecars at a time: `summary` tells of so many in one sentence. */
  gather(happened: Happened, summary: (count: number) => string): void {
    const key = `${happened.kind} ${happened.level} ${summary(0)}`;
    const gathering = this.#gathering.get(key);
    if (gathering) {
      gathering.events.push(happened);
      return;
    }
    const events = [happened];
    const timer = setTimeout(() => {
      this.#gathering.delete(key);
      if (events.length <= MUCH) for (const event of events) this.add(event);
      else this.add({ ...happened, subject: '', text: summary(events.length), data: { count: events.length } });
    }, GATHER_MS);
    timer.unref();
    this.#gathering.set(key, { events, timer });
  }

  /** The oldest first. */
  after(id: number): MeshEvent[] {
    return this.#kept.filter((event) => event.id > id);
  }

  /** Told of what comes, until the returned function is called. */
  listen(listener: (event: MeshEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#gathering.values()) clearTimeout(timer);
    this.#gathering.clear();
  }
}
