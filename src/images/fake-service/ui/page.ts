import { escapeHtml } from '../../../base/html.ts';
import { pageHeaders } from '../../page-headers.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export const PAGE_HEADERS = pageHeaders(STYLE, SCRIPT);

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
