import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import { poll } from '../blocking.ts';
import { type ApiClient, unexpected } from '../client.ts';
import type { View } from './views.ts';

/** After the first failure in a row; n failures wait n² as long, as Consul does, up to three minutes. */
const RETRY_MS = 5000;
const MOST_RETRY_MS = 180_000;

export interface Follow {
  readonly signal: AbortSignal;
  /** A result that differs from the one before. Resolves with false to stop. */
  onChange(index: string, json: string): Promise<boolean>;
  onError(message: string, retryMs: number): void;
}

/** Shows what is there, and then every change of it, until it is told to stop. */
export async function follow(api: ApiClient, view: View, watcher: Follow): Promise<void> {
  const { signal } = watcher;
  let failures = 0;
  let before: string | undefined;
  for (let index = 0; !signal.aborted; ) {
    try {
      const answer = await poll(api, view.path, { query: view.query, index, signal });
      if (answer.status !== 200 && answer.status !== 404) throw new Error(unexpected(answer));
      failures = 0;
      const json = view.read(answer.status === 404 ? undefined : answer.body);
      // An index that goes back is that of another history: begin again.
      const next = answer.index < index ? 0 : answer.index;
      const shown = answer.headers['x-consul-index'];
      index = next;
      if (json === before) continue;
      before = json;
      if (!(await watcher.onChange(typeof shown === 'string' ? shown : '0', json))) return;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      index = 0;
      const retryMs = Math.min(RETRY_MS * failures ** 2, MOST_RETRY_MS);
      watcher.onError(messageOf(error), retryMs);
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
