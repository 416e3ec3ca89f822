import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headingId } from '../../src/docs/heading-id.ts';

const root = resolve(import.meta.dirname, '../..');
const below = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const PAGES = [...readdirSync(root).filter((name) => name.endsWith('.md')), ...below('docs')];

const withoutCode = (text: string): string => text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').replaceAll(/`[^`\n]*`/g, '``');

/** Names that a link may lead to on a page: of its headings, as GitHub makes them, and of anchors. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  const ids = new Map<string, number>();
  const headings = [...text.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) => headingId(heading!, ids));
  return new Set([...headings, ...[...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id!)]);
}

/** What is wrong with a link of a page, or undefined. */
function wrong(page: string, target: string): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const to = path === '' ? page : relative(root, resolve(root, dirname(page), decodeURIComponent(path)));
  if (to.startsWith('..') || !existsSync(join(root, to))) return `${page}: ${target}: there is no ${to}`;
  if (anchor === undefined || !to.endsWith('.md')) return undefined;
  return anchorsOf(to).has(anchor) ? undefined : `${page}: ${target}: no heading of ${to} is called that`;
}

const linksOf = (page: string): string[] => {
  const text = withoutCode(readFileSync(join(root, page), 'utf8'));
  return [...text.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]: +(\S+)/gm)].map(
    ([, inline, reference]) => (inline ?? reference)!,
  );
};

describe('links of pages', () => {
  it.each(PAGES)('%s', (page) => {
    expect(linksOf(page).flatMap((target) => wrong(page, target) ?? [])).toEqual([]);
  });

  it('are found, and judged', () => {
    expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(100);
    expect(wrong('README.md', 'docs/nosuch.md')).toContain('there is no docs/nosuch.md');
    expect(wrong('README.md', 'docs/consul.md#no-such')).toContain('no heading');
    expect(wrong('docs/consul.md', '#acls')).toBeUndefined();
  });
});

describe('the index of docs', () => {
  it('leads to every page', () => {
    const reached = new Set<string>();
    const visit = (page: string): void => {
      if (reached.has(page) || !page.endsWith('.md') || !existsSync(join(root, page)) || statSync(join(root, page)).isDirectory()) return;
      reached.add(page);
      for (const target of linksOf(page)) {
        const path = target.split('#')[0]!;
        if (path !== '' && !/^https?:/.test(path)) visit(relative(root, resolve(root, dirname(page), path)));
      }
    };
    visit('docs/README.md');
    expect(PAGES.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
    expect([...reached]).toContain('SECURITY.md');
  });
});

it('tests and sources that SECURITY.md names exist', () => {
  const named = [...readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(/`((?:test|src)\/[\w./-]+)`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(15);
  for (const path of named) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
});
