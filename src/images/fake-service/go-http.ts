import type { IncomingMessage } from 'node:http';
import { messageOf, systemCode } from '../../base/errors.ts';

/** How Go's net/http names and words things, which fake-service's responses show. */

/** `x-request-id` becomes `X-Request-Id`. */
export function canonicalHeader(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (c) => c.toUpperCase());
}

/** Headers of a response with canonical names, several of one name joined by commas; those of the connection left out. */
export function headersOf(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < response.rawHeaders.length; at += 2) {
    const name = canonicalHeader(response.rawHeaders[at]!);
    if (['Connection', 'Keep-Alive', 'Transfer-Encoding'].includes(name)) continue;
    const value = response.rawHeaders[at + 1]!;
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return headers;
}

/** Name and value of each Set-Cookie. */
export function cookiesOf(response: IncomingMessage): Record<string, string> {
  const pairs = (response.headers['set-cookie'] ?? []).map((cookie) => /^\s*([^=;\s]+)\s*=\s*("?)([^;]*?)\2\s*(?:;|$)/.exec(cookie));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1]!, pair[3]!]] : [])));
}

/** The error of a failed call: `Get "http://payments:9090/": dial tcp payments:9090: connect: connection refused`. */
export function callError(method: string, url: URL, error: unknown): string {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return `${canonicalHeader(method)} "${url.href}": ${causeOf(url.hostname, port, error)}`;
}

/** Why a connection failed: `dial tcp payments:9090: connect: connection refused`. */
export function causeOf(host: string, port: string, error: unknown): string {
  const code = systemCode(error) ?? '';
  const connect: Record<string, string> = {
    ECONNREFUSED: 'connection refused',
    EHOSTUNREACH: 'no route to host',
    ENETUNREACH: 'network is unreachable',
    ETIMEDOUT: 'connection timed out',
  };
  if (connect[code] !== undefined) return `dial tcp ${host}:${port}: connect: ${connect[code]}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${host}: no such host`;
  if (code === 'ECONNRESET')
    return messageOf(error) === 'socket hang up' ? 'EOF' : `read tcp ${host}:${port}: read: connection reset by peer`;
  return messageOf(error);
}
