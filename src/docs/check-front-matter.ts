import { type Diagnostic, warningAt } from '../base/diagnostic.ts';
import { rangeOf, type Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { readFrontMatter } from './front-matter.ts';

/** Fields that mean something here. */
const USED = ['id', 'title', 'sidebar_label', 'description'];
/** Others that Docusaurus knows: accepted. */
const KNOWN =
  /^(slug|keywords|tags|image|date|draft|unlisted|authors?|author_\w+|last_update|parse_number_prefixes|custom_edit_url|sidebar_\w+|displayed_sidebar|hide_\w+|pagination_\w+|toc_\w+|original_id)$/;

/** What can't be read of the lines between two `---` at the beginning of a page. */
export function checkFrontMatter(source: Source): Diagnostic[] {
  const { text } = source;
  const length = text.length - readFrontMatter(text).body.length;
  if (length === 0) return unclosed(source);
  const diagnostics: Diagnostic[] = [];
  let start = text.indexOf('\n') + 1;
  const [, ...lines] = text.slice(0, length).trimEnd().split('\n').slice(0, -1);
  for (const line of lines) {
    const problem = problemOf(line);
    const indent = line.length - line.trimStart().length;
    if (problem) diagnostics.push(warningAt(rangeOf(source, start + indent, start + line.trimEnd().length), ...problem));
    start += line.length + 1;
  }
  return diagnostics;
}

/** A page may as well begin with a ruler: then no field follows. */
function unclosed(source: Source): Diagnostic[] {
  const opening = /^\uFEFF?---[ \t]*\r?\n\s*(?:id|title|sidebar_label)\s*:/.exec(source.text);
  if (!opening) return [];
  const detail = 'a line --- ends it; without one it is shown as text';
  return [warningAt(rangeOf(source, 0, source.text.indexOf('\n')), 'the front matter is not closed', { detail })];
}

function problemOf(line: string): [summary: string, more?: Partial<Diagnostic>] | undefined {
  // Lines that go on with a list or an object of a field that is not used here.
  if (/^\s*(#.*|-\s.*|[\]}],?|)\s*$|^\s+\S/.test(line)) return undefined;
  const [, name, value = ''] = /^([A-Za-z_][\w-]*)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
  if (name === undefined) return ['a line of the front matter can not be read', { detail: 'write it as: title: The mesh' }];
  if (USED.includes(name)) return problemOfValue(name, value);
  const { hint } = KNOWN.test(name) ? {} : didYouMean(name, USED);
  return hint === undefined ? undefined : [`${JSON.stringify(name)} means nothing in the front matter`, { hint }];
}

const CLOSED_BY: Readonly<Record<string, string>> = { '[': ']', '{': '}', '"': '"', "'": "'" };

function problemOfValue(name: string, value: string): [summary: string, more: Partial<Diagnostic>] | undefined {
  const end = CLOSED_BY[value[0] ?? ''];
  if (end !== undefined && (value.length === 1 || !value.endsWith(end)))
    return [`${JSON.stringify(name)} begins with ${value[0]}, which is not closed`, { detail: 'it is shown as it stands' }];
  if (end === ']' || end === '}') return [`${JSON.stringify(name)} is a text`, { detail: 'it is shown as it stands' }];
  if (/^[|>][+-]?\d?$/.test(value)) return [`${JSON.stringify(name)} stands on one line`, { detail: 'lines below it are not read' }];
  return undefined;
}
