import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { isThisMachine } from './moved-ports.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Keeps connections for further calls. Absent: this one has a connection of its own. */
  readonly agent?: Agent;
  /** Longest wait for one answer. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 10;

/**
 * One call. Certificates are not verified, as in Shipyard: what serves is on this machine.
 * Names of this machine (`web.ingress.shipyard.run`) need no name server.
 */
export function callUrl(url: URL, call: HttpCall): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, signal, agent, timeoutMs = TIMEOUT_MS } = call;
  const request = url.protocol === 'https:' ? secure : plain;
  const hostname = isThisMachine(url.hostname) ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, '');
  const options = {
    method,
    hostname,
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...headers },
    agent: agent ?? false,
    rejectUnauthorized: false,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    ...(url.protocol === 'https:' && /[a-z]/i.test(url.hostname) ? { servername: url.hostname } : {}),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming: IncomingMessage) => {
      let body = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        body += chunk;
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Goes where redirects lead, as Go's client does, unless the redirect itself is what is wanted. */
export async function getUrl(url: URL, wanted: number, signal: AbortSignal): Promise<HttpAnswer> {
  let at = url;
  for (let redirects = 0; ; redirects++) {
    const answer = await callUrl(at, { signal });
    const { location } = answer.headers;
    const moves = answer.status >= 301 && answer.status <= 308 && answer.status !== 304 && location !== undefined;
    if (!moves || answer.status === wanted || redirects === MAX_REDIRECTS) return answer;
    at = new URL(location, at);
  }
}
