import { describe, expect, it } from 'vitest';
import type { BlueprintProgress, Blueprints } from '../../../src/api/blueprints.ts';
import { BlueprintCommands } from '../../../src/app/agent/blueprint-commands.ts';
import { UnknownBlueprint } from '../../../src/control/agent/blueprints.ts';

const applied = { name: 'v1', since: 0, paused: false, buildsOn: [], readable: true, resources: [] };
const listing: Blueprints = {
  applied: [
    { ...applied, id: '/shipped/v1' },
    { ...applied, id: '/', name: 'gone', readable: false },
  ],
  available: [{ id: '/tmp/mine', name: 'mine', origin: 'folder' }],
  endsWithLast: true,
};

/** A command line that is this script. */
const commands = (script: string) =>
  new BlueprintCommands({
    list: () => Promise.resolve(listing),
    program: [process.execPath, '-e', script, '--'],
    home: '/',
    shipped: '/shipped',
    env: { GIVEN: 'yes' },
  });

async function all(progress: AsyncIterable<BlueprintProgress>): Promise<BlueprintProgress[]> {
  const found: BlueprintProgress[] = [];
  for await (const one of progress) found.push(one);
  return found;
}

const forever = new AbortController().signal;
const ECHO = `
  console.error('one'); console.error('two');
  console.log(JSON.stringify({ args: process.argv.slice(1), cwd: process.cwd(), env: [process.env.MESH_HOME, process.env.GIVEN] }, undefined, 2));
  process.exitCode = 5`;

describe('BlueprintCommands', () => {
  it('calls the command line in the folder around the blueprint, and tells what it says', async () => {
    const progress = await commands(ECHO).order('run', { id: '/tmp/mine', movePorts: true, replace: ['/shipped/v1'] }, forever);
    expect(await all(progress)).toEqual([
      { type: 'message', text: 'one' },
      { type: 'message', text: 'two' },
      {
        type: 'result',
        value: { args: ['run', '/tmp/mine', '--json', '--ports', 'auto', '--replace', '/shipped/v1'], cwd: '/tmp', env: ['/', 'yes'] },
      },
      { type: 'end', exit: 5 },
    ]);
  });

  it('names a shipped one as people do', async () => {
    const [, , result] = await all(await commands(ECHO).order('destroy', { id: '/shipped/v1', movePorts: true }, forever));
    expect(result).toMatchObject({ value: { args: ['destroy', 'v1', '--json'], cwd: '/' } });
  });

  it('takes nothing that is not listed', async () => {
    const of = (verb: 'plan' | 'run' | 'destroy', id: string, replace: string[] = []) =>
      commands(ECHO).order(verb, { id, replace }, forever);
    await expect(of('run', '/etc')).rejects.toThrow(UnknownBlueprint);
    await expect(of('run', '/')).rejects.toThrow(UnknownBlueprint);
    await expect(of('destroy', '/tmp/mine')).rejects.toThrow(UnknownBlueprint);
    await expect(of('run', '/tmp/mine', ['/tmp/mine'])).rejects.toThrow(UnknownBlueprint);
  });

  it('stops the command when nobody listens any more, without waiting for it', async () => {
    const gone = new AbortController();
    const slow = commands(`
      process.on('SIGTERM', () => { console.error('stopping'); clearInterval(timer); });
      const timer = setInterval(() => undefined, 1000);
      console.error(process.pid)`);
    const progress = (await slow.order('run', { id: '/tmp/mine' }, gone.signal))[Symbol.asyncIterator]();
    const { value } = await progress.next();
    const pid = Number((value as { text: string }).text);
    gone.abort();
    expect((await progress.next()).done).toBe(true);
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('ends with the agent', async () => {
    const stubborn = commands(`process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.error(process.pid)`);
    const progress = (await stubborn.order('run', { id: '/tmp/mine' }, forever))[Symbol.asyncIterator]();
    const { value } = await progress.next();
    stubborn.close();
    const rest = [await progress.next(), await progress.next()];
    expect(rest.map((one) => one.value as unknown)).toEqual([{ type: 'end', exit: 1 }, undefined]);
    expect(isAlive(Number((value as { text: string }).text))).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
