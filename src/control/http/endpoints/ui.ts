import { createHash } from 'node:crypto';
import type { Answer } from '../answer.ts';
import { acceptsGzip } from '../encoding.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { overviewPage, STYLE } from '../overview-page.ts';

const HASH = createHash('sha256').update(STYLE).digest('base64');
const NOBODY_ELSE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

/** Nothing but its own style: whatever a name in the catalog may hold, it is text. */
const PLAIN_HEADERS = {
  ...ALWAYS,
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${HASH}'; img-src data:; ${NOBODY_ELSE}`,
  'Cache-Control': 'no-store',
};

/** Its own files, and this API; nothing that is written into a page runs. */
const DASHBOARD_POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; ${NOBODY_ELSE}`;

const plainPage = ({ options, acl }: ApiRequest, mesh: Api): Answer => ({
  type: 'text',
  text: overviewPage(mesh.snapshot.value, options.dc, acl),
  contentType: 'text/html; charset=utf-8',
  headers: PLAIN_HEADERS,
});

/** A path that is no file is a place in the dashboard: Consul's links (`/ui/dc1/services`) lead into it. */
async function page(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = request.params[0]!;
  const file = (await mesh.dashboard?.file(name)) ?? (await mesh.dashboard?.file('index.html'));
  if (!file) return plainPage(request, mesh);
  const { bytes, gzipped, contentType, etag } = file;
  const isHtml = contentType.startsWith('text/html');
  const headers = {
    ...ALWAYS,
    'Content-Security-Policy': DASHBOARD_POLICY,
    'Content-Type': contentType,
    // The names of files stay when the agent is updated.
    'Cache-Control': isHtml ? 'no-store' : 'no-cache',
    ...(isHtml ? {} : { ETag: etag }),
  };
  if (!isHtml && request.headers['if-none-match'] === etag) return { type: 'bytes', status: 304, bytes: Buffer.alloc(0), headers };
  return acceptsGzip(request.headers['accept-encoding'])
    ? { type: 'bytes', bytes: gzipped, headers: { ...headers, 'Content-Encoding': 'gzip' } }
    : { type: 'bytes', bytes, headers };
}

export const ui: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/ui/plain',
    doc: 'Services, nodes and config entries as a page without scripts.',
    acl: 'node:read, service:read',
    handle: plainPage,
  },
  {
    method: 'GET',
    path: '/ui/:page',
    doc: 'The dashboard, a program for a browser: `mesh ui` opens it. It is not the UI of Consul.',
    acl: 'none',
    handle: page,
  },
];
