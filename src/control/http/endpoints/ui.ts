import { escapeHtml } from '../../../base/html.ts';
import { entries, serviceInstances, services, worstStatus } from '../../../catalog/queries.ts';
import type { Snapshot } from '../../../catalog/snapshot.ts';
import type { Endpoint } from '../endpoint.ts';

/** Where Consul's UI would be: blueprints open it. A page of what is registered, with links to the API and no script. */
export const ui: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/ui/:page',
    doc: 'What is registered, as a page. It is not the UI of Consul.',
    handle: ({ options: { datacenter } }, mesh) => ({
      type: 'text',
      contentType: 'text/html; charset=utf-8',
      text: page(mesh.snapshot.value, datacenter),
    }),
  },
];

function page(s: Snapshot, dc: string): string {
  const rows = Object.entries(services(s, dc).value).map(([name, tags]) => {
    const instances = serviceInstances(s, dc, name).value;
    const passing = instances.filter(({ checks }) => worstStatus(checks) === 'passing').length;
    return [api(`health/service/${encodeURIComponent(name)}`, dc, name), `${passing} of ${instances.length}`, escapeHtml(tags.join(', '))];
  });
  const written = entries(s, dc).value.map(({ entry: { Kind, Name } }) => [
    escapeHtml(Kind),
    api(`config/${Kind}/${encodeURIComponent(Name)}`, dc, Name),
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>Datacenter ${escapeHtml(dc)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 64rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; margin-bottom: 2rem; }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0; }
th, td { text-align: left; padding: 0.25rem 1.5rem 0.25rem 0; border-bottom: 1px solid GrayText; }
</style>
</head>
<body>
<main>
<h1>Datacenter ${escapeHtml(dc)}</h1>
<p>Consul’s UI is not part of mesh. This is what is registered; <code>mesh status</code> tells what runs.</p>
${table('Services', ['Name', 'Passing', 'Tags'], rows)}
${table('Config entries', ['Kind', 'Name'], written)}
</main>
</body>
</html>
`;
}

/** A link to the answer of the API. */
const api = (path: string, dc: string, text: string): string =>
  `<a href="/v1/${path}?pretty&amp;dc=${encodeURIComponent(dc)}">${escapeHtml(text)}</a>`;

/** Cells are HTML. */
function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body || `<tr><td colspan="${heads.length}">none</td></tr>`}
</tbody></table>`;
}
