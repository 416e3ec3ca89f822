import { setTimeout as delay } from 'node:timers/promises';
import { type ApiClient, unexpected } from '../client.ts';
import { parseJson } from '../json.ts';

/** Which sessions lock keys: without being renewed they end, and what they hold is free again, after this long. */
const TTL_MS = 15_000;

/** A session that is renewed as long as it is open. */
export interface Session {
  readonly id: string;
  /** Ends it. What it holds is freed, or deleted, as its behavior says. */
  close(): Promise<void>;
}

/** Rejects with an Error that says what Consul's client says. */
export async function openSession(api: ApiClient, name: string, behavior?: 'delete', more: object = {}): Promise<Session> {
  const body = { Name: name, TTL: `${TTL_MS / 1000}s`, ...(behavior ? { Behavior: behavior } : {}), ...more };
  const id = await create(api, body).catch((error: unknown) => {
    throw new Error(`failed to create session: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  const closed = new AbortController();
  const renewing = renew(api, id, closed.signal);
  return {
    id,
    close: async () => {
      closed.abort();
      await renewing;
      // When nobody answers, it ends by itself.
      await api.send('PUT', `/v1/session/destroy/${id}`).catch(() => undefined);
    },
  };
}

async function create(api: ApiClient, body: object): Promise<string> {
  const response = await api.send('PUT', '/v1/session/create', { body });
  if (response.status !== 200) throw new Error(unexpected(response));
  return parseJson<{ readonly ID: string }>(response.body).ID;
}

/** Until it is closed, or is gone: then nothing can be renewed, and whoever watches the lock sees it lost. */
async function renew(api: ApiClient, id: string, signal: AbortSignal): Promise<void> {
  let ttlMs = TTL_MS;
  try {
    for (;;) {
      await delay(ttlMs / 2, undefined, { signal });
      const response = await api.send('PUT', `/v1/session/renew/${id}`, { signal });
      if (response.status !== 200) return;
      const seconds = /^(\d+)s$/.exec(parseJson<readonly { readonly TTL: string }[]>(response.body)[0]?.TTL ?? '')?.[1];
      if (seconds !== undefined) ttlMs = Number(seconds) * 1000;
    }
  } catch {
    // Closed, or nobody answers.
  }
}
