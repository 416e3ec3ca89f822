import type { Authorizer } from '../../acl/authorizer.ts';
import { escapeHtml } from '../../base/html.ts';
import * as queries from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Check } from '../../catalog/types.ts';
import { readableInstances } from './endpoints/select.ts';
import { mayReadEntry } from './entry-rights.ts';

export const STYLE = `:root{color-scheme:light dark;--line:#8884;--good:#17702b;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--good:#5ecb78;--bad:#ff8a80}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin-bottom:2rem}
th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
code{font-family:ui-monospace,monospace}.passing{color:var(--good)}.warning,.critical{color:var(--bad)}`;

/** What a datacenter holds at this moment, as far as it may be seen, as one page without scripts: what a browser finds where Consul has its UI. */
export function overviewPage(snapshot: Snapshot, dc: string, acl: Authorizer): string {
  const services = Object.keys(queries.services(snapshot, dc).value).flatMap((name) => serviceRows(snapshot, dc, name, acl));
  const nodes = acl
    .filter(queries.nodes(snapshot, dc).value, ({ Node }) => acl.allows('node', 'read', Node))
    .map((node) => row(code(node.Node), code(node.Address)));
  const entries = acl
    .filter(queries.entries(snapshot, dc).value, ({ Kind, Name }) => mayReadEntry(acl, Kind, Name))
    .map((entry) => row(escapeHtml(entry.Kind), api(`config/${entry.Kind}/${encodeURIComponent(entry.Name)}`, dc, entry.Name)));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(dc)} · mesh</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body><main>
<h1>Datacenter ${escapeHtml(dc)}</h1>
${table('Services', ['Service', 'Instance', 'Address', 'Health'], services)}
${table('Nodes', ['Node', 'Address'], nodes)}
${table('Config entries', ['Kind', 'Name'], entries)}
<p>As of this moment; load the page again to see changes. <code>mesh status</code> shows what runs behind it.</p>
</main></body></html>
`;
}

function serviceRows(snapshot: Snapshot, dc: string, name: string, acl: Authorizer): string[] {
  return readableInstances(queries.serviceInstances(snapshot, dc, name).value, acl).map(({ node, service, checks }) => {
    const health = queries.worstStatus(checks);
    const why = checks.filter(({ Status }) => Status !== 'passing').map(describe);
    const address = `${service.Address || node.Address}:${service.Port}`;
    return row(
      api(`health/service/${encodeURIComponent(name)}`, dc, name),
      code(service.ID),
      code(address),
      `<span class="${health}">${[health, ...why].map(escapeHtml).join('<br>')}</span>`,
    );
  });
}

/** A link to the answer of the API. */
const api = (path: string, dc: string, label: string): string =>
  `<a href="/v1/${path}?pretty&amp;dc=${encodeURIComponent(dc)}">${escapeHtml(label)}</a>`;

const describe = ({ Name, Output }: Check): string => (Output === '' ? Name : `${Name}: ${Output}`);

function table(title: string, header: readonly string[], rows: readonly string[]): string {
  if (rows.length === 0) return `<h2>${title}</h2><p>None.</p>`;
  const head = header.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<h2>${title}</h2><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

const row = (...cells: readonly string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
const code = (value: string): string => `<code>${escapeHtml(value)}</code>`;
