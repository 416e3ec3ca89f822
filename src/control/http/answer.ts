import type { OutgoingHttpHeaders } from 'node:http';
import { goJson, indentJson } from '../../base/go-json.ts';
import type { Compat } from '../compatibility.ts';

/** What an endpoint answers. Handlers build values; only `front.ts` writes to sockets. */
export type Answer =
  | {
      readonly type: 'json';
      readonly value: unknown;
      readonly meta?: QueryMeta;
      readonly status?: number;
      readonly headers?: OutgoingHttpHeaders;
    }
  | {
      readonly type: 'text';
      readonly text: string;
      readonly status?: number;
      readonly contentType?: string;
      readonly headers?: OutgoingHttpHeaders;
      readonly meta?: QueryMeta;
    }
  /** JSON that is written already, compact and escaped: of rows that are too many, or numbers too large, for JSON.stringify. */
  | {
      readonly type: 'json-text';
      readonly text: string;
      readonly status?: number;
      readonly headers?: OutgoingHttpHeaders;
      readonly meta?: QueryMeta;
    }
  | {
      readonly type: 'bytes';
      readonly bytes: Buffer;
      readonly status?: number;
      readonly headers: OutgoingHttpHeaders;
      readonly meta?: QueryMeta;
    }
  /** Goes out piece by piece, as it comes, until the client goes. */
  | StreamAnswer
  /** 200 with no body and no Content-Type: what Consul sends when there is nothing to say. */
  | { readonly type: 'empty'; readonly meta?: QueryMeta };

export interface StreamAnswer {
  readonly type: 'stream';
  readonly contentType: string;
  readonly chunks: AsyncIterable<string>;
}

/** What a query answer says about itself, in headers. */
export interface QueryMeta {
  /** X-Consul-Index; Consul never answers 0. */
  readonly index: number;
  /** X-Consul-Effective-Consistency, for the endpoints that have it. */
  readonly consistency?: 'leader' | 'stale' | 'consistent';
}

/** An error that a client sees as plain text: the body is the message, without a line break. */
export class HttpError extends Error {
  readonly status: number;
  readonly meta: QueryMeta | undefined;
  readonly headers: OutgoingHttpHeaders;

  constructor(status: number, message: string, more: { meta?: QueryMeta; headers?: OutgoingHttpHeaders } = {}) {
    super(message);
    this.status = status;
    this.meta = more.meta;
    this.headers = more.headers ?? {};
  }
}

export const json = (value: unknown, meta?: QueryMeta): Answer => ({ type: 'json', value, ...(meta ? { meta } : {}) });

/** An answer as it goes out, but for the headers that all have. */
export interface Rendered {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** Text goes out as UTF-8. */
  readonly body: string | Buffer;
}

export interface RenderOptions {
  /** Consul's `?pretty`: four spaces and a line break. */
  readonly pretty?: boolean;
  readonly compat?: Compat;
}

export function render(answer: Exclude<Answer, StreamAnswer>, { pretty = false, compat = 'newer' }: RenderOptions = {}): Rendered {
  const headers = answer.meta ? queryHeaders(answer.meta, compat) : {};
  switch (answer.type) {
    case 'empty':
      return { status: 200, headers, body: '' };
    case 'text':
      headers['Content-Type'] = answer.contentType ?? 'text/plain; charset=utf-8';
      return { status: answer.status ?? 200, headers: Object.assign(headers, answer.headers), body: answer.text };
    case 'json':
      headers['Content-Type'] = 'application/json';
      return {
        status: answer.status ?? 200,
        headers: Object.assign(headers, answer.headers),
        body: pretty ? `${goJson(answer.value, '    ')}\n` : goJson(answer.value),
      };
    case 'json-text':
      headers['Content-Type'] = 'application/json';
      return {
        status: answer.status ?? 200,
        headers: Object.assign(headers, answer.headers),
        body: Buffer.from(pretty ? `${indentJson(answer.text)}\n` : answer.text),
      };
    case 'bytes':
      return { status: answer.status ?? 200, headers: Object.assign(headers, answer.headers), body: answer.bytes };
  }
}

export function renderError(error: HttpError, compat: Compat): Rendered {
  const headers = error.meta ? queryHeaders(error.meta, compat) : {};
  Object.assign(headers, error.headers);
  if (error.message !== '') headers['Content-Type'] = 'text/plain; charset=utf-8';
  return { status: error.status, headers, body: error.message };
}

/** Spelled as Go's net/http canonicalises them. The one agent is always its own leader. */
function queryHeaders(meta: QueryMeta, compat: Compat): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {
    'X-Consul-Index': String(Math.max(1, meta.index)),
    'X-Consul-Knownleader': 'true',
    'X-Consul-Lastcontact': '0',
  };
  if (compat === 'newer') headers['X-Consul-Query-Backend'] = 'blocking-query';
  if (meta.consistency) headers['X-Consul-Effective-Consistency'] = meta.consistency;
  return headers;
}
