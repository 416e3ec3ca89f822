import { createHash } from 'node:crypto';
import type { Answer } from '../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { overviewPage, STYLE } from '../overview-page.ts';

const HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but its own style: whatever a name in the catalog may hold, it is text. */
const HEADERS = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${HASH}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

const page = ({ options, acl }: ApiRequest, mesh: Api): Answer => ({
  type: 'text',
  text: overviewPage(mesh.snapshot.value, options.dc, acl),
  contentType: 'text/html; charset=utf-8',
  headers: HEADERS,
});

export const ui: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/ui/:page',
    doc: 'Services, nodes and config entries as a page for a browser. It is not the UI of Consul.',
    acl: 'node:read, service:read',
    handle: page,
  },
];
