import { escapeHtml } from '../../base/html.ts';
import { STYLE as HOUSE_STYLE } from '../fake-service/ui/style.ts';
import { pageHeaders } from '../page-headers.ts';
import type { Span } from './span.ts';
import { type SpanNode, type Trace, treeOf } from './traces.ts';

const STYLE = `${HOUSE_STYLE}
a { color: var(--accent); }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-bottom: 1rem; }
[aria-current] { font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.375rem 0.75rem 0.375rem 0; border-bottom: 1px solid var(--line); text-align: left; }
td .failed { color: var(--bad); }
main > ul { padding: 0; border: 0; }
.bar { flex: 1 0 100%; height: 0.375rem; fill: var(--accent); background: var(--line); }
.failed .bar { fill: var(--bad); }
`;

export const PAGE_HEADERS = pageHeaders(STYLE);

/** `service`: only its traces are shown. */
export function listPage(traces: readonly Trace[], services: readonly string[], service: string | undefined): string {
  const link = (name: string | undefined) =>
    `<a href="/${name === undefined ? '' : `?service=${encodeURIComponent(name)}`}"${name === service ? ' aria-current="true"' : ''}>${escapeHtml(name ?? 'all')}</a>`;
  const rows = traces.map((trace) => {
    const [first] = trace.spans;
    const errors = trace.spans.filter(isFailed).length;
    const cells = [
      `<time>${new Date(first!.timestamp / 1000).toISOString()}</time>`,
      `<a href="/trace/${trace.id}">${escapeHtml(`${first!.service}: ${first!.name}`)}</a>`,
      lengthOf(trace),
      `${trace.spans.length}${errors === 0 ? '' : ` <span class="failed">(${errors} failed)</span>`}`,
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const heads = ['Start', 'Trace', 'Duration', 'Spans'].map((head) => `<th scope="col">${head}</th>`).join('');
  const table = `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
  const body = rows.length === 0 ? '<p>No traces yet: services send them to port 9411.</p>' : table;
  return document('Traces', `<nav aria-label="Services">${[undefined, ...services].map(link).join(' ')}</nav>\n${body}`);
}

export function tracePage(trace: Trace): string {
  const start = trace.spans[0]!.timestamp;
  const whole = Math.max(1, ...trace.spans.map((span) => span.timestamp + span.duration - start));
  const item = ({ span, children }: SpanNode): string => {
    const bar = `<svg class="bar" viewBox="0 0 ${whole} 1" preserveAspectRatio="none" aria-hidden="true"><rect x="${span.timestamp - start}" width="${Math.max(span.duration, whole / 500)}" height="1"/></svg>`;
    const words = `<span class="name">${escapeHtml(span.service)}</span> ${escapeHtml(span.name)} <span class="type">${escapeHtml(span.kind.toLowerCase())}</span>`;
    const time = `<span class="duration">${milliseconds(span.duration)}, after ${milliseconds(span.timestamp - start)}</span>`;
    const tags = Object.entries(span.tags).map(([key, value]) => `${escapeHtml(key)}=${escapeHtml(value)}`);
    const below = children.length === 0 ? '' : `<ul>${children.map(item).join('')}</ul>`;
    const failed = isFailed(span) ? ' class="failed"' : '';
    return `<li><details${failed}><summary>${words} ${time}${bar}</summary><p class="more uri">${tags.join('<br>') || 'no tags'}</p></details>${below}</li>`;
  };
  const body = `<p><a href="/">All traces</a>, ${milliseconds(whole)}, ${trace.spans.length} spans</p>\n<ul>${treeOf(trace).map(item).join('\n')}</ul>`;
  return document(`Trace ${trace.id}`, body);
}

const isFailed = ({ tags }: Span): boolean => tags['error'] !== undefined && tags['error'] !== 'false';
const milliseconds = (micros: number): string => `${(micros / 1000).toFixed(2)} ms`;

function lengthOf({ spans }: Trace): string {
  return milliseconds(Math.max(...spans.map(({ timestamp, duration }) => timestamp + duration)) - spans[0]!.timestamp);
}

const document = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
