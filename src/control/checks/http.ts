import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { CheckRun } from '../../catalog/types.ts';
import { dialError } from './go-errors.ts';
import { critical, type Outcome, outputLimit, type Probe, passing, Tail, timeoutMs } from './outcome.ts';

/** Go's client gives up here. */
const MOST_REDIRECTS = 10;

/** 2xx passes, 429 warns, everything else is critical. Says what Consul says. */
export const probeHttp: Probe = async (run, signal) => {
  const method = run.Method || 'GET';
  const wanted = run.HTTP ?? '';
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs(run))]);
  let at: URL;
  try {
    at = new URL(wanted);
  } catch {
    return critical(`parse ${JSON.stringify(wanted)}: invalid URI for request`);
  }
  try {
    for (let hops = 0; ; hops++) {
      const response = await ask(at, hops === 0 ? method : 'GET', run, limit);
      const to = run.DisableRedirects ? undefined : redirectOf(response, at);
      if (!to) return await judge(response, run, `HTTP ${method} ${wanted}`);
      response.destroy();
      if (hops === MOST_REDIRECTS) return critical(`Get ${JSON.stringify(to.href)}: stopped after ${MOST_REDIRECTS} redirects`);
      at = to;
    }
  } catch (error) {
    const port = Number(at.port || (at.protocol === 'https:' ? 443 : 80));
    const why = limit.aborted
      ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      : dialError(error, at.hostname.replace(/^\[|\]$/g, ''), port);
    return critical(`${method[0]?.toUpperCase()}${method.slice(1).toLowerCase()} ${JSON.stringify(wanted)}: ${why}`);
  }
};

function ask(url: URL, method: string, run: CheckRun, signal: AbortSignal): Promise<IncomingMessage> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return Promise.reject(new Error(`unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`));
  const headers = { 'User-Agent': 'Consul Health Check', Accept: 'text/plain, text/*, */*', ...joined(run.Header ?? {}) };
  const body = method === 'GET' || method === 'HEAD' ? undefined : run.Body;
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, signal };
    const tls = { rejectUnauthorized: !run.TLSSkipVerify, ...(run.TLSServerName ? { servername: run.TLSServerName } : {}) };
    const request: ClientRequest =
      url.protocol === 'https:' ? tlsRequest(url, { ...options, ...tls }, resolve) : plainRequest(url, options, resolve);
    request.once('error', reject);
    request.end(body ?? run.Body ?? '');
  });
}

/** One Host is all that there can be. */
const joined = (header: Readonly<Record<string, readonly string[]>>): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(header).map(([name, values]) => [name, name.toLowerCase() === 'host' ? (values[0] ?? '') : [...values]]),
  );

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location) return undefined;
  return new URL(headers.location, from);
}

async function judge(response: IncomingMessage, run: CheckRun, asked: string): Promise<Outcome> {
  const tail = new Tail(outputLimit(run));
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) tail.push(chunk);
  } catch {
    // The status is known, and that is what counts.
  }
  const { statusCode = 0, statusMessage = '' } = response;
  const output = `${asked}: ${statusCode} ${statusMessage} Output: ${tail.text}`;
  if (statusCode >= 200 && statusCode <= 299) return passing(output);
  return statusCode === 429 ? { status: 'warning', output } : critical(output);
}
