import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { locateBlueprint, shippedBlueprints } from '../../src/blueprints/locate.ts';

/** A working folder and a folder of shipped blueprints, v1 and v2. */
function workplace(...files: string[]): { cwd: string; shipped: string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-locate-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const file of [
    'here/.keep',
    'shipped/v1/main.hcl',
    'shipped/v2/main.hcl',
    'shipped/notes/README.md',
    ...files.map((f) => `here/${f}`),
  ]) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return { cwd: join(root, 'here'), shipped: join(root, 'shipped') };
}

it.each<[string, string[], string | undefined, string]>([
  ['a folder here', ['v2/a.hcl', 'blueprints/v2/a.hcl'], 'v2', './v2'],
  ['one below blueprints', ['blueprints/v2/a.hcl'], 'v2', './blueprints/v2'],
  ['the shipped one', [], 'v2', 'the shipped blueprint v2'],
  ['the shipped one when the folder here holds no HCL', ['v2/readme.txt'], 'v2', 'the shipped blueprint v2'],
  ['a path', ['deep/er/a.hcl'], 'deep/er', './deep/er'],
  ['a file', ['one.hcl'], 'one.hcl', './one.hcl'],
  ['the current folder', ['a.hcl'], undefined, '.'],
  ['the current folder by name', ['a.hcl'], '.', '.'],
])('finds %s', async (_what, files, argument, shown) => {
  const place = workplace(...files);
  const found = await locateBlueprint(argument, place);
  expect(found.shown).toBe(shown);
  expect(found.shipped).toBe(shown.startsWith('the shipped'));
  expect(found.id).toBe(realpathSync(found.path));
});

it('shows what is elsewhere from here, and names a file without its extension', async () => {
  const { cwd, shipped } = workplace('sub/one.hcl');
  const found = await locateBlueprint('../one.hcl', { cwd: join(cwd, 'sub/x'), shipped });
  expect(found).toMatchObject({ name: 'one', shown: '../one.hcl', path: join(cwd, 'sub/one.hcl') });
});

it.each<[string, string[], string | undefined, string, string | undefined]>([
  ['nearly a folder here', ['payments/a.hcl'], 'paymets', 'there is no blueprint "paymets"', 'did you mean "payments"?'],
  ['nearly one below blueprints', ['blueprints/payments/a.hcl'], 'paymets', 'there is no blueprint "paymets"', 'did you mean "payments"?'],
  ['nearly a shipped one', [], 'v3', 'there is no blueprint "v3"', 'did you mean "v1"?'],
  ['nothing near', [], 'something', 'there is no blueprint "something"', 'shipped blueprints: v1, v2'],
  ['a folder without HCL', ['x/readme.txt'], 'x', 'x holds no *.hcl file', 'blueprints have *.hcl files; shipped ones: v1, v2'],
  [
    'the current folder without HCL',
    [],
    undefined,
    'there is no blueprint in this folder',
    'blueprints have *.hcl files; shipped ones: v1, v2',
  ],
  ['another file', ['web.yml'], 'web.yml', 'web.yml is not an .hcl file', undefined],
])('refuses %s', async (_what, files, argument, message, hint) => {
  const refused = locateBlueprint(argument, workplace(...files));
  await expect(refused).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(message), hint });
});

it('lists the shipped ones, and none where there is no such folder', async () => {
  const { shipped } = workplace();
  expect(await shippedBlueprints(shipped)).toEqual(['v1', 'v2']);
  expect(await shippedBlueprints(join(shipped, 'absent'))).toEqual([]);
});
