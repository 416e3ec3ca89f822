import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dev } from '../../../src/app/cli/dev.ts';
import type { Handlers } from '../../../src/app/rpc/server.ts';
import { MeshError } from '../../../src/base/errors.ts';
import type { DesiredGraph } from '../../../src/blueprints/graph.ts';
import { reportOf } from '../../../src/blueprints/plan-report.ts';
import { prepareRun } from '../../../src/blueprints/preparation.ts';
import { applyRecords, emptyState, type State } from '../../../src/blueprints/state.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { testIo } from '../../commands/io.ts';
import { openRpc } from '../rpc/open.ts';
import { healthy } from './report.ts';

const FILES = {
  'shop/main.hcl': 'module "parts" { source = "./parts" }\noutput "a" { value = file("text.txt") }\n',
  'shop/text.txt': 'one',
  'shop/parts/part.hcl': 'output "b" { value = "1" }\n',
};

/** An agent that plans with the code of the real one and applies in no time. */
class Agent {
  state: State = emptyState;
  readonly runs: string[][] = [];
  failure: MeshError | undefined;

  async plan(graph: DesiredGraph) {
    const present = {
      state: this.state,
      context: { apiPort: () => undefined, portHolder: () => Promise.resolve(undefined) },
      isHealthy: () => true,
    };
    return reportOf(graph, await prepareRun(graph, { ports: 'fixed' }, present), this.state);
  }

  readonly handlers: Partial<Handlers> = {
    plan: ({ params }) => this.plan(params.graph),
    run: async ({ params: { graph } }) => {
      const { changes } = await this.plan(graph);
      this.runs.push(changes.flatMap(({ action, key }) => (action === 'keep' ? [] : [`${action} ${key}`])));
      if (this.failure) throw this.failure;
      const records = graph.resources.map((resource) => ({ resource, owners: [graph.blueprint.id], status: 'created', since: 0 }) as const);
      this.state = applyRecords(emptyState, [
        { type: 'blueprint', blueprint: graph.blueprint, since: 0 },
        ...records.map((record) => ({ type: 'resource', record }) as const),
      ]);
      return { outputs: {}, browse: [], status: healthy };
    },
    applied: () => Promise.resolve({ blueprints: [...this.state.blueprints.values()], resources: [] }),
    status: () => Promise.resolve(healthy),
  };
}

/** `mesh dev` in a folder of its own; `until` waits for so many events of a kind. */
async function developing(options: Record<string, string> = {}, files: Readonly<Record<string, string>> = FILES) {
  const agent = new Agent();
  const server = await openRpc(agent.handlers);
  const cwd = workspace(files);
  mkdirSync(join(cwd, 'home'));
  symlinkSync(dirname(server.path), join(cwd, 'home/run'));
  const stop = new AbortController();
  const events: { event: string; [key: string]: unknown }[] = [];
  let wake: () => void = () => undefined;
  const io = testIo({
    cwd,
    env: { MESH_HOME: join(cwd, 'home') },
    signal: stop.signal,
    out: (text) => {
      events.push(JSON.parse(text) as (typeof events)[number]);
      wake();
    },
  });
  const ended = dev({ args: ['shop'], options: { json: true, timeout: '5s', ports: 'fixed', ...options } }, io);
  onTestFinished(async () => {
    stop.abort(new MeshError('interrupted', 'stopped'));
    await ended.catch(() => undefined);
    await server[Symbol.asyncDispose]();
  });
  return {
    agent,
    events,
    ended,
    write: (path: string, text: string) => writeFileSync(join(cwd, 'shop', path), text),
    remove: (path: string) => rmSync(join(cwd, 'shop', path)),
    stop: () => stop.abort(new MeshError('interrupted', 'stopped')),
    until: async (event: string, count = 1) => {
      while (events.filter((one) => one.event === event).length < count) {
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), ended]);
      }
      return events.findLast((one) => one.event === event)!;
    },
  };
}

describe('mesh dev', () => {
  it.each<[string, Record<string, string>]>([
    ['told by the system', {}],
    ['looking itself', { interval: '50ms' }],
  ])('applies each change of what was read, %s', async (_, options) => {
    const { agent, write, remove, until, events } = await developing(options);
    await until('watching');
    expect(agent.runs).toEqual([['create output.b', 'create output.a'].toSorted()].map((keys) => expect.arrayContaining(keys)));
    write('text.txt', 'two');
    await until('ready', 2);
    expect(agent.runs.at(-1)).toEqual(['replace output.a']);
    write('parts/part.hcl', 'output "b" { value = "2" }\n');
    await until('ready', 3);
    expect(agent.runs.at(-1)).toEqual(['replace output.b']);
    write('more.hcl', 'output "c" { value = "1" }\n');
    await until('ready', 4);
    expect(agent.runs.at(-1)).toEqual(['create output.c']);
    remove('more.hcl');
    await until('ready', 5);
    expect(agent.runs.at(-1)).toEqual(['destroy output.c']);
    expect(events.filter(({ event }) => event === 'changed').map(({ files }) => (files as string[]).length)).toEqual([1, 1, 1, 1]);
  });

  it('leaves alone what runs while the files are wrong, and goes on when they are right', async () => {
    const { agent, write, until } = await developing();
    await until('watching');
    write('text.txt', 'two');
    await until('ready', 2);
    write('main.hcl', 'output "a" { vlaue = 1 }\n');
    expect(await until('invalid')).toMatchObject({ diagnostics: [{ file: 'shop/main.hcl', line: 1, hint: 'did you mean "value"?' }] });
    expect(agent.runs).toHaveLength(2);
    write('main.hcl', FILES['shop/main.hcl']);
    await until('unchanged');
    expect(agent.runs).toHaveLength(2);
  });

  it('begins with files that are wrong as well', async () => {
    const { agent, write, until } = await developing({}, { ...FILES, 'shop/main.hcl': 'output "a" {' });
    await until('invalid');
    await until('watching');
    write('main.hcl', FILES['shop/main.hcl']);
    await until('ready');
    expect(agent.runs).toHaveLength(1);
  });

  it('goes on after a run that failed', async () => {
    const { agent, write, until } = await developing();
    await until('watching');
    agent.failure = new MeshError('incomplete', 'not ready');
    write('text.txt', 'two');
    expect(await until('failed')).toMatchObject({ error: { code: 'incomplete', message: 'not ready' } });
    agent.failure = undefined;
    write('text.txt', 'three');
    await until('ready', 2);
    expect(agent.runs.at(-1)).toEqual(['replace output.a']);
  });

  it('ends with Ctrl-C and says that the blueprint goes on', async () => {
    const { until, stop, ended, events } = await developing();
    await until('watching');
    stop();
    expect(await ended).toBe(0);
    expect(events.at(-1)).toEqual({ event: 'ended', running: true });
  });

  it('fails at once where there is no blueprint', async () => {
    await expect(dev({ args: ['nowhere'], options: { timeout: '5s', ports: 'fixed' } }, testIo())).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
