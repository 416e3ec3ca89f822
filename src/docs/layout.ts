import { escapeHtml } from '../base/html.ts';
import type { Rendered } from './markdown.ts';
import { type Page, type Site, urlOf } from './site.ts';

/** Where the files of the site itself are served. */
export const OWN_FILES = '/_docs';

/** A page with the list of pages beside it, its sections, and its neighbours in the list. */
export function renderPage(page: Page, { html, headings }: Rendered, site: Site): string {
  const at = site.listed.indexOf(page);
  const [previous, next] = at === -1 ? [] : [site.listed[at - 1], site.listed[at + 1]];
  const sections = headings.filter(({ depth }) => depth === 2 || depth === 3);
  const contents =
    sections.length < 2
      ? ''
      : `<nav class="sections" aria-label="On this page"><p>On this page</p><ul>${sections
          .map(({ depth, id, text }) => `<li class="depth${depth}"><a href="#${id}">${text.replace(/<\/?a\b[^>]*>/g, '')}</a></li>`)
          .join('')}</ul></nav>`;
  // Most pages have their title in the front matter only.
  const title = headings.some(({ depth }) => depth === 1) ? '' : `<h1>${escapeHtml(page.title)}</h1>`;
  const neighbours = [
    previous ? `<a rel="prev" href="${urlOf(previous)}"><small>Previous</small>${escapeHtml(previous.label)}</a>` : '<span></span>',
    next ? `<a rel="next" href="${urlOf(next)}"><small>Next</small>${escapeHtml(next.label)}</a>` : '',
  ].join('');
  const pages = previous || next ? `<nav class="neighbours" aria-label="Pages">${neighbours}</nav>` : '';
  const main = `<main id="content" tabindex="-1"><article>${title}${html}</article>${pages}</main>${contents}`;
  return document({ title: page.title, description: page.description, main, current: page }, site);
}

/** What is shown for an address that no page has; `near` is the page that was probably meant. */
export function renderMissing(path: string, near: Page | undefined, site: Site): string {
  const hint = near ? `<p>Did you mean <a href="${urlOf(near)}">${escapeHtml(near.title)}</a>?</p>` : '';
  const main = `<main id="content" tabindex="-1"><article><h1>There is no such page</h1><p>Nothing is at <code>${escapeHtml(path)}</code>.</p>${hint}</article></main>`;
  return document({ title: 'There is no such page', description: '', main, current: undefined }, site);
}

interface Parts {
  readonly title: string;
  readonly description: string;
  readonly main: string;
  readonly current: Page | undefined;
}

function document({ title, description, main, current }: Parts, site: Site): string {
  const item = (page: Page): string => {
    const here = page === current ? ' aria-current="page"' : '';
    return `<li><a href="${urlOf(page)}"${here}>${escapeHtml(page.label)}</a></li>`;
  };
  const items = site.groups
    ? site.groups.map((group) => `<li><p class="chapter">${escapeHtml(group.title)}</p><ul>${group.pages.map(item).join('')}</ul></li>`)
    : site.listed.map(item);
  const { logo } = site;
  const picture = logo ? `<img src="${escapeHtml(logo.url)}" alt="" width="${logo.width}" height="${logo.height}"> ` : '';
  const name = escapeHtml(site.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · ${name}</title>
${description === '' ? '' : `<meta name="description" content="${escapeHtml(description)}">\n`}<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${OWN_FILES}/style.css">
<script src="${OWN_FILES}/script.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header><details class="menu"><summary>${name}</summary><nav aria-label="${name}"><ul>${items.join('')}</ul></nav></details></header>
<div class="columns">
<nav class="sidebar" aria-label="${name}"><p><a href="/">${picture}${name}</a></p><ul>${items.join('')}</ul></nav>
${main}
</div>
<p id="status" role="status"></p>
</body>
</html>
`;
}
