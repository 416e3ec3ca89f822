import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { init } from '../../../src/app/cli/init.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { testIo } from '../../commands/io.ts';

const TWO = { service: ['web=node web.js:8080', 'payments=node payments.js:9090'], call: ['web=payments'] };

describe('mesh init', () => {
  it('writes a blueprint and says what comes next', async () => {
    const cwd = workspace({});
    const io = testIo({ cwd });
    expect(await init({ args: ['shop'], options: TWO }, io)).toBe(0);
    expect(io.written.out).toBe('Wrote shop/main.hcl and shop/README.md\nNext: mesh run shop · curl localhost:18080 · mesh status\n');
    expect(readFileSync(join(cwd, 'shop/main.hcl'), 'utf8')).toContain('  working_directory = ".."');
  });

  it('writes over nothing unasked, and over a README never', async () => {
    const cwd = workspace({ 'main.hcl': '# mine\n', 'README.md': '# mine\n' });
    await expect(init({ args: [], options: TWO }, testIo({ cwd }))).rejects.toThrow(
      'this folder is a blueprint already: it holds main.hcl',
    );
    expect(readFileSync(join(cwd, 'main.hcl'), 'utf8')).toBe('# mine\n');
    const io = testIo({ cwd });
    await init({ args: [], options: { ...TWO, force: true, json: true } }, io);
    expect(JSON.parse(io.written.out)).toMatchObject({
      files: ['main.hcl'],
      kept: ['README.md'],
      services: [{ name: 'web', hostPort: 18080 }, {}],
    });
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('# mine\n');
  });

  it('leaves a blueprint of several files alone even then', async () => {
    const cwd = workspace({ 'main.hcl': '', 'other.hcl': '' });
    await expect(init({ args: [], options: { ...TWO, force: true } }, testIo({ cwd }))).rejects.toThrow('it holds main.hcl, other.hcl');
  });

  it('without a terminal names what to type, with what the folder says', async () => {
    const cwd = workspace({ 'package.json': '{"name": "@acme/shop", "scripts": {"start": "node ."}}' });
    await expect(init({ args: [], options: {} }, testIo({ cwd }))).rejects.toMatchObject({
      code: 'usage',
      hint: "mesh init --service 'shop=npm run start:PORT'",
    });
    const procfile = workspace({ Procfile: 'web: bundle exec puma\n# no\nworker: rake work\n', 'package.json': '{' });
    await expect(init({ args: [], options: {} }, testIo({ cwd: procfile }))).rejects.toMatchObject({
      hint: "mesh init --service 'web=bundle exec puma:PORT' --service 'worker=rake work:PORT'",
    });
  });

  it('asks on a terminal, and again where the answer can not be', async () => {
    const cwd = workspace({});
    const keyboard = new PassThrough();
    const terminal = { stdoutIsTty: true, stderrIsTty: true, colour: false, animate: false, columns: 80 };
    const io = testIo({ cwd, terminal, keyboard: () => keyboard });
    keyboard.end('\nweb = node web.js : 8080\nweb = again : 1\npayments = node payments.js : 9090\n\nweb -> paymets\nweb -> payments\n');
    expect(await init({ args: [], options: {} }, io)).toBe(0);
    expect(io.written.err).toContain('service web is given twice');
    expect(io.written.err).toContain('there is no service "paymets" to call or be called; did you mean "payments"?');
    expect(readFileSync(join(cwd, 'main.hcl'), 'utf8')).toContain('intention "web-to-payments"');
  });

  it('writes nothing when the answers end', async () => {
    const cwd = workspace({});
    const keyboard = new PassThrough();
    const terminal = { stdoutIsTty: true, stderrIsTty: true, colour: false, animate: false, columns: 80 };
    keyboard.end('web = node web.js : 8080\n');
    await expect(init({ args: ['shop'], options: {} }, testIo({ cwd, terminal, keyboard: () => keyboard }))).rejects.toThrow(
      'nothing was written',
    );
    await expect(Promise.resolve().then(() => readFileSync(join(cwd, 'shop/main.hcl')))).rejects.toThrow('ENOENT');
  });
});
