import { createHash } from 'node:crypto';
import type { Answer } from '../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { overviewPage } from '../overview-page.ts';

/** Nothing but its own style: whatever a name in the catalog may hold, it is text. */
function page({ options }: ApiRequest, mesh: Api): Answer {
  const { html, style } = overviewPage(mesh.snapshot.value, options.dc);
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const headers = { 'Content-Security-Policy': policy, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  return { type: 'text', text: html, contentType: 'text/html; charset=utf-8', headers };
}

export const ui: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/ui/:page',
    doc: 'Services, nodes and config entries as a page for a browser. It is not the UI of Consul.',
    handle: page,
  },
];
