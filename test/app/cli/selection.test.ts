import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { restartAgent } from '../../../src/app/cli/agent.ts';
import { destroy } from '../../../src/app/cli/destroy.ts';
import { pause } from '../../../src/app/cli/pause.ts';
import { replacedBy } from '../../../src/app/cli/replaced.ts';
import { run } from '../../../src/app/cli/run.ts';
import { scale } from '../../../src/app/cli/scale.ts';
import { homeOf } from '../../../src/app/home.ts';
import type { Handlers } from '../../../src/app/rpc/server.ts';
import { locateBlueprint } from '../../../src/blueprints/locate.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { type TestIo, testIo } from '../../commands/io.ts';
import { openRpc } from '../rpc/open.ts';
import { healthy } from './report.ts';

/** A command in a folder with blueprints v1 and v2, and an agent that answers with these. */
async function inWorld<R>(handlers: Partial<Handlers>, work: (io: TestIo, folder: string) => Promise<R>): Promise<R> {
  await using server = await openRpc({ status: () => Promise.resolve(healthy), ...handlers });
  const folder = workspace({ 'v1/main.hcl': '', 'v2/main.hcl': '' });
  mkdirSync(join(folder, 'home'));
  symlinkSync(dirname(server.path), join(folder, 'home/run'));
  return await work(testIo({ env: { MESH_HOME: join(folder, 'home') }, cwd: folder }), folder);
}

describe('mesh run v2 --replace', () => {
  const replace = (names: readonly string[], running: (folder: string) => { id: string; name: string }[]) =>
    inWorld({}, async (io, folder) => {
      const blueprints = running(folder);
      await using server = await openRpc({ applied: () => Promise.resolve({ blueprints, resources: [] }) });
      const home = { ...homeOf(io.env, io.cwd), agentSocket: server.path };
      const lines: string[] = [];
      const blueprint = await locateBlueprint('v2', { cwd: folder, shipped: io.shippedBlueprints });
      const ids = await replacedBy(blueprint, names, { home, io, line: (text) => lines.push(text) });
      return { ids: ids.map((id) => id.replace(folder, '.')), lines };
    });
  const v1AndAzure = (folder: string) => [
    { id: join(folder, 'v1'), name: 'v1' },
    { id: '/elsewhere/azure', name: 'azure' },
  ];

  it('finds what is applied by its folder, or by its name alone, and several', async () => {
    expect(await replace(['v1', 'azure'], v1AndAzure)).toEqual({ ids: ['./v1', '/elsewhere/azure'], lines: [] });
  });

  it('says what does not run, and goes on: it has been replaced already, or is mistyped', async () => {
    const lines = async (name: string, running = v1AndAzure) => (await replace([name], running)).lines;
    expect(await lines('azzure')).toEqual(['azzure is not running: there is nothing to replace (did you mean "azure"?)']);
    expect(await lines('xyzzy')).toEqual(['xyzzy is not running: there is nothing to replace (there are: v1, azure)']);
    // A blueprint of that name is no mistake for another one.
    expect(await lines('v1', (folder) => v1AndAzure(folder).slice(1))).toEqual(['v1 is not running: there is nothing to replace']);
    expect(await lines('v1', () => [])).toEqual(['v1 is not running: there is nothing to replace']);
  });

  it('by a name of several is refused with their folders', async () => {
    const running = () => ['/a', '/my b'].map((folder) => ({ id: `${folder}/app`, name: 'app' }));
    await expect(replace(['app'], running)).rejects.toMatchObject({
      code: 'usage',
      message: '2 blueprints that run are called app',
      hint: "name the folder of one: /a/app or '/my b/app'",
    });
    expect(await replace(['/a/app'], running)).toEqual({ ids: ['/a/app'], lines: [] });
  });

  it('itself is wrong usage, whether it runs or not; another one of its name is another one', async () => {
    const refused = { code: 'usage', message: "--replace v2: a blueprint can't replace itself" };
    await expect(replace(['v2'], v1AndAzure)).rejects.toMatchObject(refused);
    await expect(replace(['v2'], (folder) => [{ id: join(folder, 'v2'), name: 'v2' }])).rejects.toMatchObject(refused);
    expect(await replace(['v2'], () => [{ id: '/shipped/v2', name: 'v2' }])).toEqual({ ids: ['/shipped/v2'], lines: [] });
  });
});

describe('mesh destroy of something that is not applied', () => {
  const said = (name: string, remaining: readonly string[]) =>
    inWorld(
      {
        destroy: ({ params }) =>
          Promise.resolve({ destroyed: [], absent: params === 'all' ? [] : params.names, remaining, agentStopping: false }),
      },
      async (io) => {
        expect(await destroy({ args: [name], options: {} }, io)).toBe(0);
        return io.written.out;
      },
    );

  it('names the nearest one, or all', async () => {
    expect(await said('azzure', ['v1', 'azure'])).toBe('azzure is not running: nothing to do (did you mean "azure"?)\n');
    expect(await said('container.web', ['v1', 'azure'])).toBe('container.web is not running: nothing to do (there are: v1, azure)\n');
    expect(await said('v1', ['v2', 'azure'])).toBe('v1 is not running: nothing to do\n');
    expect(await said('v1', [])).toBe('v1 is not running: nothing to do\n');
  });
});

it('mesh pause speaks of one, and of several', async () => {
  const said = (paused: readonly string[]) =>
    inWorld({ pause: () => Promise.resolve({ paused, already: [] }) }, async (io) => {
      await pause({ args: [], options: {} }, io);
      return io.written.out;
    });
  expect(await said(['v1'])).toBe('v1 is paused; `mesh resume` starts it again\n');
  expect(await said(['v1', 'v2'])).toBe('v1, v2 are paused; `mesh resume` starts them again\n');
});

it('mesh scale to the number that runs says that, and nothing of files', async () => {
  const handlers: Partial<Handlers> = {
    scale: ({ emit }) => {
      emit({ type: 'nothing-to-do' });
      return Promise.resolve({ blueprints: ['v2'], scaled: [{ name: 'web', owner: 'deployment/web', from: 1, to: 1 }], status: healthy });
    },
  };
  await inWorld(handlers, async (io) => {
    await scale({ args: ['web=1'], options: { timeout: '60s', ports: 'fixed' } }, io);
    expect(io.written.err).toBe('');
    expect(io.written.out).toContain('deployment/web has 1 already\n');
  });
});

it('mesh run says that the agent which runs keeps its port', async () => {
  const said = (port: string) =>
    inWorld(
      {
        applied: () => Promise.resolve({ blueprints: [], resources: [] }),
        run: () => Promise.resolve({ browse: [], outputs: {}, status: healthy }),
      },
      async (io, folder) => {
        const record = { pid: 1, version: '1.2.3', http: '127.0.0.1:8500', permanent: false };
        writeFileSync(join(folder, 'home/agent.json'), JSON.stringify(record));
        await run({ args: ['v1'], options: { httpPort: port, ports: 'fixed', timeout: '60s' } }, io);
        return io.written.err;
      },
    );
  expect(await said('8600')).toContain(
    '--http-port 8600 has no effect: the agent runs already, with its HTTP API on 127.0.0.1:8500 (`mesh agent stop` first)\n',
  );
  for (const port of ['8500', '0']) expect(await said(port)).not.toContain('--http-port');
});

it('mesh agent restart where nothing is applied starts nothing', async () => {
  const io = testIo();
  expect(await restartAgent({ args: [], options: {} }, io)).toBe(0);
  expect(io.written).toEqual({ out: 'no agent is running: nothing to do\n', err: '' });
});
