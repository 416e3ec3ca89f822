import type { IncomingMessage } from 'node:http';
import type { CorsConfig } from './config.ts';
import { canonicalHeader } from './go-http.ts';

/** Headers that let a browser page of another origin read the response, and whether the request was only asking. */
export interface CorsDecision {
  readonly headers: Readonly<Record<string, string>>;
  /** Status to answer a preflight with; undefined: go on. */
  readonly preflight?: number;
}

const METHODS = ['GET', 'HEAD', 'POST'];

export function decideCors(request: IncomingMessage, config: CorsConfig): CorsDecision {
  const origin = request.headers.origin;
  if (origin === undefined) return { headers: {} };
  const any = config.origins.includes('*');
  const method = request.headers['access-control-request-method'];
  const isPreflight = request.method === 'OPTIONS' && method !== undefined;
  if (!any && !config.origins.includes(origin)) return { headers: {}, ...(isPreflight ? { preflight: 403 } : {}) };
  const headers: Record<string, string> = { 'Access-Control-Allow-Origin': any ? '*' : origin };
  if (!any) headers['Vary'] = 'Origin';
  if (config.credentials) headers['Access-Control-Allow-Credentials'] = 'true';
  if (!isPreflight) return { headers };
  if (!METHODS.includes(method)) return { headers: {}, preflight: 405 };
  const allowed = config.headers.split(',').map((name) => name.trim().toLowerCase());
  const asked = (request.headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const wanted = asked.filter((name) => name !== '');
  if (wanted.some((name) => !allowed.includes(name))) return { headers: {}, preflight: 403 };
  if (wanted.length > 0) headers['Access-Control-Allow-Headers'] = wanted.map(canonicalHeader).join(',');
  return { headers, preflight: 200 };
}
