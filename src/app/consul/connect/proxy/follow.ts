import { messageOf } from '../../../../base/errors.ts';
import type { Clock, Log } from '../../../../base/ports.ts';
import { type ApiClient, type ApiResponse, unexpected } from '../../client.ts';

/** Something that a Consul is asked for again and again. */
export interface Question {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Whether something that is no 200 is an answer, too. */
  accepts?(response: ApiResponse): boolean;
  /** Waits for another hash of the answer instead of an index. */
  readonly byHash?: true;
  onAnswer(response: ApiResponse): Promise<void> | void;
}

export interface Surroundings {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** How long a Consul keeps a question; it adds up to a sixteenth. */
const WAIT = '10m';
const FIRST_RETRY_MS = 100;
const MOST_RETRY_MS = 10_000;
/** Between two answers without an index, which come at once. */
const UNINDEXED_MS = 5000;

/** Asks, and hands on each answer that is new, until it is told to stop. While nobody answers it tries again, less and less often. */
export async function follow({ path, query, byHash, ...question }: Question, { api, clock, log, signal }: Surroundings): Promise<void> {
  let seen: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    let pauseMs = 0;
    try {
      const since = seen === undefined ? {} : { [byHash ? 'hash' : 'index']: seen, wait: WAIT };
      const response = await api.send('GET', path, { query: { ...query, ...since }, signal });
      if (response.status !== 200 && !question.accepts?.(response)) throw new Error(unexpected(response));
      const shown = response.headers[byHash ? 'x-consul-contenthash' : 'x-consul-index'];
      // Who asks with 0 does not wait (Consul: whoever is told 0 asks with 1).
      const next = typeof shown === 'string' ? shown.replace(/^0$/, '1') : undefined;
      if (next === undefined || next !== seen) await question.onAnswer(response);
      if (failures > 0) log.log('info', 'Consul answers again', { path });
      failures = 0;
      // An index that goes back is that of another history: begin again.
      seen = !byHash && Number(next) < Number(seen) ? undefined : next;
      if (next === undefined) pauseMs = UNINDEXED_MS;
    } catch (error) {
      if (signal.aborted) return;
      pauseMs = Math.min(FIRST_RETRY_MS * 2 ** failures++, MOST_RETRY_MS);
      seen = undefined;
      log.log(failures === 1 ? 'warn' : 'debug', 'no answer of Consul, going on with what is known', {
        path,
        reason: messageOf(error),
        retryMs: pauseMs,
      });
    }
    if (pauseMs > 0) await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}
