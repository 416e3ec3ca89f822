import type { ApiClient, ApiResponse } from './client.ts';

export interface Poll {
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Answer when it is past this index; 0 answers at once. */
  readonly index: number;
  /** How long to wait for that; the agent's own limit without it. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** One blocking query. Any answer, whatever its status, with the index that it stands for. */
export async function poll(
  api: ApiClient,
  path: string,
  { query, index, waitMs, signal }: Poll,
): Promise<ApiResponse & { readonly index: number }> {
  const response = await api.send('GET', path, {
    query: {
      ...query,
      index: index === 0 ? undefined : String(index),
      wait: waitMs === undefined ? undefined : `${Math.max(1, Math.round(waitMs))}ms`,
    },
    ...(signal ? { signal } : {}),
  });
  return { ...response, index: Number(response.headers['x-consul-index'] ?? 0) };
}
