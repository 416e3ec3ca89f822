import { escapeHtml, escapeText } from '../base/html.ts';
import { renderTerminal } from './terminal.ts';

export interface Links {
  /** Where a link leads; undefined when it must not lead anywhere. */
  link(href: string): string | undefined;
  /** Where an image is; undefined when it is not on this site. */
  image(href: string): string | undefined;
  /** The HTML of a task; undefined when there is no such one. */
  task?(id: string): string | undefined;
}

const NONE: readonly string[] = [];
/** Elements that stay, and the attributes that stay of them. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'title'],
  img: ['src', 'alt', 'title', 'width', 'height'],
  td: ['align', 'colspan', 'rowspan'],
  th: ['align', 'colspan', 'rowspan'],
  details: ['open'],
  ol: ['start'],
  p: ['align'],
  div: ['align'],
  ...Object.fromEntries(
    'abbr b blockquote br caption center cite code dd del dfn dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark pre q s samp small span strong sub summary sup table tbody tfoot thead tr u ul var'
      .split(' ')
      .map((name) => [name, NONE]),
  ),
};
const VOID = new Set(['br', 'hr', 'img']);

/** Elements that are dropped with all that is in them. */
const WITH_CONTENT = new Set('embed iframe math noscript object script style svg template textarea title'.split(' '));

const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<(\/?)([A-Za-z][\w.-]*)((?:\s+[^\s"'<>/={}]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{[^{}]*\}|[^\s"'=<>`{}]+))?)*)\s*\/?>|<|[^<]+/g;
const ATTRIBUTE = /([^\s"'<>/={}]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|\{([^{}]*)\}|([^\s"'=<>`{}]+)))?/g;

/**
 * Raw HTML of a page: known harmless elements stay, with known attributes; everything else of it goes, components of MDX as
 * well. No script, style or frame gets through.
 */
export function sanitizeHtml(html: string, links: Links): string {
  let result = '';
  let dropped: string | undefined;
  for (const [text, slash, name = '', attributes = ''] of html.matchAll(TOKEN)) {
    const element = name.toLowerCase();
    if (dropped !== undefined) {
      if (slash === '/' && element === dropped) dropped = undefined;
    } else if (name === '') {
      if (!text.startsWith('<!--')) result += escapeText(text);
    } else if (name === 'Terminal') {
      if (slash !== '/') result += renderTerminal(attributesOf(attributes));
    } else if (name === 'Task') {
      if (slash !== '/') result += links.task?.(attributesOf(attributes).get('id') ?? '') ?? '';
    } else if (WITH_CONTENT.has(element)) {
      if (slash !== '/' && !text.endsWith('/>')) dropped = element;
    } else if (Object.hasOwn(ALLOWED, element) && element === name) {
      result += slash === '/' ? closing(element) : opening(element, attributesOf(attributes), links);
    }
  }
  return result;
}

const closing = (element: string): string => (VOID.has(element) ? '' : `</${element}>`);

function opening(element: string, attributes: ReadonlyMap<string, string>, links: Links): string {
  const kept = ALLOWED[element]!.flatMap((name) => {
    const value = attributes.get(name);
    if (value === undefined) return [];
    const safe = name === 'href' ? links.link(value) : name === 'src' ? links.image(value) : value;
    return safe === undefined ? [] : [` ${name}="${escapeHtml(safe)}"`];
  });
  return `<${element}${kept.join('')}>`;
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, double, single, braces, bare] of text.matchAll(ATTRIBUTE)) {
    const value = double ?? single ?? braces ?? bare ?? '';
    if (!found.has(name!.toLowerCase())) found.set(name!.toLowerCase(), plainText(value.replace(/^(["'`])(.*)\1$/, '$2')));
  }
  return found;
}

/** The few entities that stand in addresses; whatever else looks like one stays text and is escaped again. */
const plainText = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
