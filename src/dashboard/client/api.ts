import { Watchable } from '../../base/watch.ts';
import { aclToken, keptBack, setWriteToken, writeToken } from './tokens.ts';

/** What an agent says to a request that it does not serve. `status` is 0 when nobody answers. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Whether the agent answers. */
export const connected = new Watchable(true);

export interface Reply<T> {
  readonly data: T;
  /** X-Consul-Index; 0 where an answer has none. */
  readonly index: number;
}

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** JSON as value, anything else as text. Rejects with an ApiError, or with the reason of the signal. */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<Reply<T>> {
  const response = await exchange('GET', path, undefined, signal);
  return { data: (await content(response)) as T, index: Number(response.headers.get('x-consul-index') ?? 0) };
}

/** Writes: a text as it is, anything else as JSON. */
export async function send<T = unknown>(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<T> {
  return (await content(await exchange(method, path, body))) as T;
}

/** Each line of an answer that does not end, until the signal. Resolves at its end. With a body it is sent: a POST. */
export async function lines(path: string, onLine: (line: string) => void, signal: AbortSignal, body?: unknown): Promise<void> {
  const response = await exchange(body === undefined ? 'GET' : 'POST', path, body, signal);
  let rest = '';
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const whole = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = whole.pop()!;
    for (const line of whole) if (line !== '') onLine(line);
  }
  if (rest !== '') onLine(rest);
}

async function exchange(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = {};
  if (aclToken.value !== '') headers['X-Consul-Token'] = aclToken.value;
  if (method !== 'GET') headers['X-Mesh-Ui-Token'] = writeToken.value;
  if (body !== undefined && typeof body !== 'string') headers['Content-Type'] = 'application/json';
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const init: RequestInit = {
    method,
    headers,
    cache: 'no-store',
    ...(sent === undefined ? {} : { body: sent }),
    ...(signal ? { signal } : {}),
  };
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    connected.set(false);
    throw new ApiError(0, 'The agent does not answer.');
  }
  if (!connected.value) connected.set(true);
  if (keptBack.value === 'nothing' && isFiltered(response.headers)) keptBack.set('some');
  if (response.ok) return response;
  throw refused(response.status, (await response.text()).trim());
}

/** Consul tells only those who show a token that an answer is not whole; the others can see that nothing is allowed by default. */
function isFiltered(headers: Headers): boolean {
  if (aclToken.value === '') return headers.get('x-consul-default-acl-policy') === 'deny';
  return headers.get('x-consul-results-filtered-by-acls') === 'true';
}

function refused(status: number, text: string): ApiError {
  if (status === 403 && text.includes('mesh ui')) {
    setWriteToken('');
    return new ApiError(status, 'This page may not write any more: the agent has started again since. Open it with `mesh ui`.');
  }
  if ((status === 403 && /permission denied|ACL not found/i.test(text)) || status === 401) keptBack.set('refused');
  return new ApiError(status, text === '' ? `The agent answers ${status}.` : text);
}

async function content(response: Response): Promise<unknown> {
  const text = await response.text();
  return response.headers.get('content-type')?.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
