import { createHash } from 'node:crypto';
import { escapeHtml } from '../../../base/html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page loads nothing and runs nothing but what stands in it, and talks to nobody but the service that it came from. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src ${hash(SCRIPT)}`,
    `style-src ${hash(STYLE)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** @param service the name of the service */
export function page(service: string): string {
  const name = escapeHtml(service);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${name}</h1>
<form>
<label class="path">Path<input name="path" value="/" autocomplete="off" spellcheck="false"></label>
<label class="header">Header<input name="header" placeholder="X-Group: dev" autocomplete="off" spellcheck="false"></label>
<button>Call</button>
</form>
</header>
<main>
<p id="status" role="status"></p>
<ul id="calls" aria-label="Calls"></ul>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
