import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderSettingsReference } from '../../src/app/settings/reference.ts';
import { renderTestingPage } from '../../src/app/test/reference.ts';
import { STEPS } from '../../src/app/test/steps/index.ts';
import { renderLanguage } from '../../src/blueprints/reference/language-page.ts';
import { renderResourcePage } from '../../src/blueprints/reference/resource-page.ts';
import { RESOURCE_TYPES } from '../../src/blueprints/resources/index.ts';
import { COMMANDS } from '../../src/commands/table.ts';

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
