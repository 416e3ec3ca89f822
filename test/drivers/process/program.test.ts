import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkRunnable } from '../../../src/drivers/process/program.ts';
import { temporaryFolder } from '../fixture/folder.ts';

const NOT_FOUND = 'not found; programs are those of this machine';

/** A folder with a program, a file that is none, and a folder. */
function place() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin/sub'), { recursive: true });
  writeFileSync(join(folder, 'bin/serve'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'bin/notes'), '', { mode: 0o644 });
  return { env: { PATH: `/nowhere::${join(folder, 'bin')}` }, cwd: folder };
}

it.each(['serve', './bin/serve', 'bin/serve', '/bin/sh'])('%s can be run', async (program) => {
  await expect(checkRunnable(program, place())).resolves.toBeUndefined();
});

it('nothing can in a folder that is none', async () => {
  const { cwd } = place();
  const check = (folder: string) => checkRunnable('/bin/sh', { env: {}, cwd: join(cwd, folder) });
  await expect(check('nope')).rejects.toMatchObject({ code: 'failed', message: `its folder ${cwd}/nope does not exist` });
  await expect(check('bin/notes')).rejects.toMatchObject({ message: `its folder ${cwd}/bin/notes is no folder` });
});

it.each([
  ['serv', `serv: ${NOT_FOUND}`, 'did you mean "serve"?'],
  ['xyzzy', `xyzzy: ${NOT_FOUND}`, undefined],
  ['notes', 'notes: permission denied', undefined],
  ['./bin/xyzzy', `./bin/xyzzy: ${NOT_FOUND}`, undefined],
  ['bin/notes', 'bin/notes: permission denied', undefined],
  ['./bin', './bin: is no file', undefined],
])('%s can not', async (program, message, hint) => {
  await expect(checkRunnable(program, place())).rejects.toMatchObject({ code: 'failed', message, hint });
});
