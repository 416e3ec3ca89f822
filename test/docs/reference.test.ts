import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCommandsPage } from '../../src/app/reference/commands-page.ts';
import { renderEntriesPage } from '../../src/app/reference/entries-page.ts';
import { ENTRY_EXAMPLES } from '../../src/app/reference/entry-examples.ts';
import { MESSAGES, renderErrorsPage } from '../../src/app/reference/errors-page.ts';
import { renderIndex } from '../../src/app/reference/index-page.ts';
import { renderSettingsReference } from '../../src/app/settings/reference.ts';
import { renderTestingPage } from '../../src/app/test/reference.ts';
import { STEPS } from '../../src/app/test/steps/index.ts';
import { renderLanguage } from '../../src/blueprints/reference/language-page.ts';
import { renderResourcePage } from '../../src/blueprints/reference/resource-page.ts';
import { RESOURCE_TYPES } from '../../src/blueprints/resources/index.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import { prepareEntry } from '../../src/entries/decode.ts';
import { ENTRY_KINDS } from '../../src/entries/table.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';

const titleOf = (path: string): string => /^# (.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? path;

const root = resolve(import.meta.dirname, '../..');

describe('docs', () => {
  it('the page of the language is what the schemas say (`npx vitest run test/docs -u` writes it)', async () => {
    await expect(renderLanguage(RESOURCE_TYPES)).toMatchFileSnapshot(resolve(root, 'docs/blueprints.md'));
  });

  const types = [...new Set(RESOURCE_TYPES.map(({ type }) => type))];

  it.each(types)('the page of %s is what its schema says', async (type) => {
    const rows = RESOURCE_TYPES.filter((row) => row.type === type);
    await expect(renderResourcePage(type, rows)).toMatchFileSnapshot(resolve(root, `docs/resources/${type}.md`));
  });

  it('there is no page of a resource type that is gone', () => {
    expect(readdirSync(resolve(root, 'docs/resources')).toSorted()).toEqual(types.map((type) => `${type}.md`).toSorted());
  });

  it('the page of configuration files is what their schemas say', async () => {
    await expect(renderSettingsReference(COMMANDS)).toMatchFileSnapshot(resolve(root, 'docs/configuration.md'));
  });

  it('the page of feature files is what the table of steps says', async () => {
    await expect(renderTestingPage(STEPS)).toMatchFileSnapshot(resolve(root, 'docs/testing.md'));
  });

  it('the page of commands is what their table says', async () => {
    await expect(await renderCommandsPage(COMMANDS)).toMatchFileSnapshot(resolve(root, 'docs/reference/commands.md'));
  });

  it('the page of config entries is what their schemas say', async () => {
    await expect(renderEntriesPage(ENTRY_KINDS)).toMatchFileSnapshot(resolve(root, 'docs/reference/config-entries.md'));
  });

  it.each(ENTRY_KINDS.map(({ kind }) => kind))('the example of %s is an entry of its kind, and right', (kind) => {
    const { does, hcl } = ENTRY_EXAMPLES[kind] ?? { does: '' };
    expect(does).toMatch(/^[A-Z].*\.$/);
    if (hcl === undefined) return;
    const { value, diagnostics } = decodeConsulText({ name: `${kind}.hcl`, text: hcl });
    expect(diagnostics).toEqual([]);
    const { entry, problems } = prepareEntry(value!);
    expect(problems).toEqual([]);
    expect(entry?.Kind).toBe(kind);
  });

  it('the page of errors is what their table says, and its messages are those of the source', async () => {
    await expect(renderErrorsPage()).toMatchFileSnapshot(resolve(root, 'docs/reference/errors.md'));
    const sources = readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const text = sources.filter((file) => !file.includes('errors-page')).map((file) => readFileSync(resolve(root, 'src', file), 'utf8'));
    const stale = Object.entries(MESSAGES).flatMap(([code, messages]) =>
      messages.filter(([message]) => !text.some((one) => raised(code, message).test(one))).map(([message]) => `${code}: ${message}`),
    );
    expect(stale).toEqual([]);
  });

  it('the changelog names every command', () => {
    const changelog = readFileSync(resolve(root, 'CHANGELOG.md'), 'utf8')
      .match(/`[^`]+`/g)!
      .join(' ');
    expect(COMMANDS.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(changelog))).toEqual([]);
  });

  it('the index is made of the titles of pages', async () => {
    const files = readdirSync(resolve(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
    const pages = files.toSorted((a, b) => (a < b ? -1 : 1)).map((path) => ({ path, title: titleOf(resolve(root, 'docs', path)) }));
    await expect(renderIndex(pages)).toMatchFileSnapshot(resolve(root, 'docs/README.md'));
  });

  it('the architecture fits on a page or two', () => {
    expect(readFileSync(resolve(root, 'docs/ARCHITECTURE.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(81);
  });

  it('files that the pages name exist', () => {
    const pages = [
      'README.md',
      'docs/ARCHITECTURE.md',
      ...readdirSync(resolve(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
    ];
    for (const page of pages) {
      const text = readFileSync(resolve(root, page), 'utf8');
      const named = [
        ...text.matchAll(/`((?:src|test|docs|bench|blueprints)\/[\w./-]+\.\w+)`/g),
        ...text.matchAll(/\]\(((?:docs|decisions)[\w./-]*)\)/g),
      ];
      for (const [, path] of named)
        expect([page, path, existsSync(resolve(root, path!)) || existsSync(resolve(root, 'docs', path!))]).toEqual([page, path, true]);
    }
  });
});

/** Where the source makes an error of that code with that message; `…` stands for anything in one line. */
function raised(code: string, message: string): RegExp {
  const parts = message.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`MeshError\\(\\s*'${code}',\\s*['"\`]${parts.join('[^\\n]+')}`);
}
