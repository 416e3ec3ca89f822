import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jaegerTrace } from './jaeger.ts';
import { listPage, PAGE_HEADERS, tracePage } from './page.ts';
import { readSpans } from './span.ts';
import { Traces } from './traces.ts';

/** Addresses `host:port`, as asked for or as bound. */
export interface TracesAddresses {
  /** Takes spans: Zipkin's POST /api/v2/spans. */
  readonly collector: string;
  /** Shows traces: pages, and Jaeger's /api/traces and /api/services. */
  readonly query: string;
  /** Answers that it is there. */
  readonly admin: string;
}

export interface TracesServer {
  readonly addresses: TracesAddresses;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 10_000_000;

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A collector of traces with a page, of which the last ones are kept in memory. */
export async function startTraces(wanted: TracesAddresses): Promise<TracesServer> {
  const traces = new Traces();
  const servers = {
    collector: await listen(wanted.collector, (request) => collect(request, traces)),
    query: await listen(wanted.query, (request) => Promise.resolve(show(request, traces))),
    admin: await listen(wanted.admin, () => Promise.resolve(json({ status: 'Server available' }))),
  };
  const close = (server: Server) =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    addresses: { collector: boundTo(servers.collector), query: boundTo(servers.query), admin: boundTo(servers.admin) },
    close: async () => void (await Promise.all(Object.values(servers).map(close))),
  };
}

async function collect(request: IncomingMessage, traces: Traces): Promise<Reply> {
  if (pathOf(request).pathname !== '/api/v2/spans') return text(404, 'spans are taken at /api/v2/spans');
  if (request.method !== 'POST') return text(405, 'only POST');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return text(413, `more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const spans = readSpans(Buffer.concat(chunks).toString());
  if (!spans) return text(400, 'expected a JSON list of spans, as of version 2 of the API of Zipkin');
  traces.add(spans);
  return { status: 202 };
}

function show(request: IncomingMessage, traces: Traces): Reply {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'only GET and HEAD');
  const { pathname, searchParams } = pathOf(request);
  const service = searchParams.get('service') || undefined;
  const limit = Number(searchParams.get('limit')) || 20;
  const [, kind, id] = /^\/(api\/traces|trace)\/([0-9a-f]+)$/.exec(pathname) ?? [];
  const trace = id === undefined ? undefined : traces.get(id);
  if (kind !== undefined && !trace) return text(404, 'there is no such trace');
  if (trace) return kind === 'trace' ? page(tracePage(trace)) : json({ data: [jaegerTrace(trace)] });
  if (pathname === '/api/services') return json({ data: traces.services() });
  if (pathname === '/api/traces') return json({ data: traces.list(service).slice(0, limit).map(jaegerTrace) });
  if (pathname === '/' || pathname === '/search') return page(listPage(traces.list(service), traces.services(), service));
  return text(404, 'there is no such page');
}

const page = (body: string): Reply => ({ status: 200, headers: PAGE_HEADERS, body });
const json = (value: unknown): Reply => ({
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  body: `${JSON.stringify(value)}\n`,
});
const text = (status: number, body: string): Reply => ({ status, headers: { 'Content-Type': 'text/plain' }, body: `${body}\n` });

const pathOf = ({ url = '/' }: IncomingMessage): URL => new URL(`http://localhost/${url.replace(/^\/+/, '')}`);

async function listen(address: string, answer: (request: IncomingMessage) => Promise<Reply>): Promise<Server> {
  const serve: RequestListener = (request, response) => {
    answer(request).then(
      ({ status, headers = {}, body = '' }) => {
        response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
        response.end(request.method === 'HEAD' ? undefined : body);
      },
      // The client went away in the midst of its request.
      () => response.destroy(),
    );
  };
  const server = createServer(serve);
  const colon = address.lastIndexOf(':');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(address.slice(colon + 1)), address.slice(0, colon), resolve);
  });
  return server;
}

function boundTo(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `${address}:${port}`;
}
