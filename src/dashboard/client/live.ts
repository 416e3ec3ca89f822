import { useEffect, useMemo, useState } from 'preact/hooks';
import { until, type Watch, Watchable } from '../../base/watch.ts';
import { type ApiError, ask, lines } from './api.ts';
import { useWatch } from './store.ts';
import { aclToken } from './tokens.ts';
import { visible } from './visible.ts';

export interface Answer<T> {
  /** The last one that was good, even if a later one was not. */
  readonly data?: T;
  readonly error?: ApiError;
  /** X-Consul-Index of the data; 0: it has none. */
  readonly index: number;
}

const NOTHING: Answer<never> = { index: 0 };
const WAIT = '55s';

interface Shared {
  readonly watch: Watchable<Answer<unknown>>;
  users: number;
  stop: AbortController;
}

const shared = new Map<string, Shared>();

/** What a path answers, as it changes: a blocking query, one for all who ask for the same. Without a path: nothing. */
export function useLive<T>(path: string | undefined): Answer<T> {
  return useShared<T>(path, (target, watch, signal) => follow(target, watch, signal));
}

/** What a path answers, asked for again and again. */
export function usePoll<T>(path: string | undefined, everyMs: number): Answer<T> {
  return useShared<T>(path, (target, watch, signal) => poll(target, everyMs, watch, signal));
}

type Run = (path: string, watch: Watchable<Answer<unknown>>, signal: AbortSignal) => Promise<void>;

function useShared<T>(path: string | undefined, run: Run): Answer<T> {
  const token = useWatch(aclToken);
  const key = path === undefined ? undefined : `${token} ${path}`;
  const [answer, setAnswer] = useState<{ key: string | undefined; value: Answer<T> }>({ key, value: NOTHING });
  useEffect(() => {
    if (path === undefined || key === undefined) return undefined;
    const { watch, release } = enter(key, path, run);
    const show = (value: Answer<unknown>): void => setAnswer({ key, value: value as Answer<T> });
    show(watch.value);
    const stop = watch.subscribe(show);
    return () => {
      stop();
      release();
    };
  }, [key]);
  return answer.key === key ? answer.value : NOTHING;
}

function enter(key: string, path: string, run: Run): { watch: Watch<Answer<unknown>>; release: () => void } {
  const entry = shared.get(key) ?? { watch: new Watchable<Answer<unknown>>(NOTHING), users: 0, stop: new AbortController() };
  shared.set(key, entry);
  entry.users += 1;
  if (entry.users === 1) void run(path, entry.watch, entry.stop.signal).catch(() => undefined);
  return {
    watch: entry.watch,
    release: () => {
      entry.users -= 1;
      if (entry.users > 0) return;
      shared.delete(key);
      entry.stop.abort();
    },
  };
}

/** Until the signal. */
async function follow(path: string, watch: Watchable<Answer<unknown>>, signal: AbortSignal): Promise<void> {
  let index = 0;
  for (let failures = 0; !signal.aborted; ) {
    await until(visible, (is) => is, signal);
    // A query that waits holds one of the browser's few connections: one that nobody sees is given up.
    const hidden = new AbortController();
    const unwatch = visible.subscribe((is) => is || hidden.abort());
    try {
      const target = index === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}index=${index}&wait=${WAIT}`;
      const reply = await ask(target, AbortSignal.any([signal, hidden.signal]));
      failures = 0;
      if (reply.index !== index || reply.index === 0) watch.set(reply);
      // What has no index can't be waited for. One that goes backwards begins again.
      if (reply.index === 0) await pause(2000, signal);
      index = reply.index < index ? 0 : reply.index;
    } catch (error) {
      if (signal.aborted) return;
      if (hidden.signal.aborted) continue;
      watch.set({ ...watch.value, error: error as ApiError });
      index = 0;
      failures += 1;
      await pause(Math.min(500 * 2 ** failures, 5000), signal);
    } finally {
      unwatch();
    }
  }
}

async function poll(path: string, everyMs: number, watch: Watchable<Answer<unknown>>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await until(visible, (is) => is, signal);
    try {
      watch.set(await ask(path, signal));
    } catch (error) {
      if (signal.aborted) return;
      watch.set({ ...watch.value, error: error as ApiError });
    }
    await pause(everyMs, signal);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Asked for once, and again when one of `inputs` changes or `reload` is called. */
export function useOnce<T>(path: string | undefined, ...inputs: readonly unknown[]): Answer<T> & { readonly reload: () => void } {
  const token = useWatch(aclToken);
  const [answer, setAnswer] = useState<{ path: string | undefined; value: Answer<T> }>({ path, value: NOTHING });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    const stop = new AbortController();
    ask<T>(path, stop.signal).then(
      (reply) => setAnswer({ path, value: reply }),
      (error: unknown) => {
        if (!stop.signal.aborted)
          setAnswer((last) => ({ path, value: { ...(last.path === path ? last.value : NOTHING), error: error as ApiError } }));
      },
    );
    return () => stop.abort();
  }, [path, token, times, ...inputs]);
  const reload = useMemo(() => () => setTimes((count) => count + 1), []);
  return { ...(answer.path === path ? answer.value : NOTHING), reload };
}

export interface Stream<T> {
  /** The newest last. */
  readonly items: readonly T[];
  readonly error?: ApiError;
  readonly isOpen: boolean;
  readonly clear: () => void;
}

/** The last `keep` lines of a stream, read by `parse`; without a path it is closed, and what has come stays. */
export function useStream<T>(
  path: string | undefined,
  keep: number,
  parse: (line: string) => T = (line) => JSON.parse(line) as T,
): Stream<T> {
  const token = useWatch(aclToken);
  const [items, setItems] = useState<readonly T[]>([]);
  const [error, setError] = useState<ApiError | undefined>();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (path === undefined) return undefined;
    const stop = new AbortController();
    setError(undefined);
    setOpen(true);
    // Many lines that come at once are drawn once.
    let waiting: T[] = [];
    const flush = (): void => {
      const arrived = waiting;
      waiting = [];
      setItems((present) => [...present, ...arrived].slice(-keep));
    };
    const take = (line: string): void => {
      waiting.push(parse(line));
      if (waiting.length === 1) requestAnimationFrame(flush);
    };
    lines(path, take, stop.signal)
      .catch((failure: unknown) => stop.signal.aborted || setError(failure as ApiError))
      .finally(() => stop.signal.aborted || setOpen(false));
    return () => {
      stop.abort();
      setOpen(false);
    };
  }, [path, token]);
  const clear = useMemo(() => () => setItems([]), []);
  return { items, isOpen, clear, ...(error ? { error } : {}) };
}
