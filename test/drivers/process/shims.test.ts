import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Shims, withTools } from '../../../src/drivers/process/shims.ts';
import { temporaryFolder } from '../fixture/folder.ts';

const run = promisify(execFile);

/** Says what it was called with. */
const MESH = ['/bin/sh', '-c', 'for word; do echo "<$word>"; done; echo "home $MESH_HOME"', "it's"];

async function written(mesh = MESH): Promise<{ folder: string; shims: Shims }> {
  const folder = join(temporaryFolder(), 'run', 'bin');
  const shims = new Shims(folder, mesh);
  await shims.write();
  return { folder, shims };
}

describe('the tools of workloads', () => {
  it.each([
    ['consul', ['<consul>']],
    ['shipyard', []],
    ['jumppad', []],
    ['mesh', []],
  ])('%s is found on the PATH, and is our command line', async (tool, before) => {
    const { folder } = await written();
    const env = withTools({ PATH: '/usr/bin:/bin' }, folder, '/home/of/mesh');
    expect(env).toEqual({ PATH: `${folder}:/usr/bin:/bin`, MESH_HOME: '/home/of/mesh' });
    const { stdout } = await run('/bin/sh', ['-c', `${tool} config write 'a file.hcl' ''`], { env });
    expect(stdout).toBe([...before, '<config>', '<write>', '<a file.hcl>', '<>', 'home /home/of/mesh', ''].join('\n'));
  });

  it('find programs of the machine where nobody says how', () => {
    expect(withTools({}, '/bin/of/mesh', '/home')['PATH']).toMatch(/^\/bin\/of\/mesh:.*\/usr\/bin/);
  });

  it('are written once, and again after a failure', async () => {
    const { folder, shims } = await written();
    const { mtimeMs, mode } = statSync(join(folder, 'consul'));
    expect(mode & 0o777).toBe(0o755);
    rmSync(join(folder, 'mesh'));
    await shims.write();
    expect([statSync(join(folder, 'consul')).mtimeMs, readdirSync(folder).toSorted()]).toEqual([
      mtimeMs,
      ['consul', 'jumppad', 'shipyard'],
    ]);

    const blocked = join(temporaryFolder(), 'bin');
    writeFileSync(blocked, '');
    const late = new Shims(blocked, MESH);
    await expect(late.write()).rejects.toThrow('EEXIST');
    rmSync(blocked);
    mkdirSync(blocked);
    await late.write();
    expect(readdirSync(blocked)).toHaveLength(4);
  });
});
