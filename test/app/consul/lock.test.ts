import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import type { Child, Io } from '../../../src/app/io.ts';
import { startPiped, type TestIo, testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

interface Running {
  readonly io: TestIo;
  /** The program that holds the lock; resolves when it runs. */
  readonly child: Promise<Child>;
  readonly code: Promise<number>;
  stop(): void;
}

function lock(words: readonly string[], more: Partial<Io> = {}): Running {
  const stop = new AbortController();
  let started: (child: Child) => void = () => undefined;
  const child = new Promise<Child>((resolve) => (started = resolve));
  const io: TestIo = testIo({
    env: { CONSUL_HTTP_ADDR: api.address, PATH: process.env['PATH'] },
    signal: stop.signal,
    start: (command, options) => {
      const piped = startPiped(command, options, io.written);
      started(piped);
      return Promise.resolve(piped);
    },
    ...more,
  });
  const code = runConsul(['lock', '-verbose', ...words], io, 'consul');
  return { io, child, code, stop: () => stop.abort(new Error('interrupted')) };
}

/** What is kept below a prefix: keys and who holds them. */
async function kept(prefix: string): Promise<[string, string | undefined][]> {
  const { json } = await api.call(`/v1/kv/${prefix}?recurse`);
  return ((json ?? []) as { Key: string; Session?: string }[]).map(({ Key, Session }) => [Key, Session]);
}

async function sessions(): Promise<string[]> {
  return ((await api.call('/v1/session/list')).json as { Name: string }[]).map(({ Name }) => Name);
}

/** Says that it runs before it waits for a signal. */
const untilTold = (name: string): string[] => [
  '-shell=false',
  name,
  'sh',
  '-c',
  'trap "echo told; exit 0" TERM; echo runs; while :; do sleep 0.02; done',
];

async function runs({ io, child }: Running): Promise<void> {
  await child;
  while (!io.written.out.includes('runs\n')) await delay(5);
}

describe('Ctrl-C', () => {
  it('ends the program in order, and frees the lock', async () => {
    const running = lock(untilTold('interrupted'));
    await runs(running);
    const [[key, session]] = (await kept('interrupted')) as [[string, string]];
    expect([key, typeof session]).toEqual(['interrupted/.lock', 'string']);
    running.stop();
    expect(await running.code).toBe(0);
    const { pid } = await running.child;
    const said = ['Shutdown triggered, killing child', `Terminating child pid ${pid}`, 'told', 'Child terminated', 'Cleanup succeeded', ''];
    expect(running.io.written.out.split('\n').slice(-said.length)).toEqual(said);
    expect(await kept('interrupted')).toEqual([]);
  });

  it('ends the wait for a lock that another holds, without a word of success', async () => {
    const first = lock(untilTold('taken'));
    await runs(first);
    const second = lock(['taken', 'echo', 'never']);
    while ((await sessions()).length < 2) await delay(5);
    second.stop();
    expect(await second.code).toBe(1);
    expect(second.io.written.err).toBe('Shutdown triggered or timeout during lock acquisition\n');
    expect(second.io.written.out).not.toContain('never');
    first.stop();
    await first.code;
    expect(await sessions()).toEqual([]);
  });
});

describe('a lock that is lost', () => {
  it.each([
    ['a lock', []],
    ['a place in a semaphore', ['-n=2']],
  ])('%s: ends the program', async (_, flags) => {
    const running = lock([...flags, ...untilTold('lost')]);
    await runs(running);
    const session = (await kept('lost')).find(([, holder]) => holder !== undefined)![1];
    await api.call(`/v1/session/destroy/${session}`, { method: 'PUT' });
    expect(await running.code).toBe(0);
    expect(running.io.written.out).toContain('Lock lost, killing child\n');
    expect(running.io.written.out).toContain('told\n');
    expect(await sessions()).toEqual([]);
  });
});

describe('who comes second', () => {
  it('gets the lock when it is free', async () => {
    const first = lock(untilTold('queue'));
    await runs(first);
    const second = lock(['queue', 'echo', 'mine']);
    while ((await sessions()).length < 2) await delay(5);
    first.stop();
    expect([await first.code, await second.code]).toEqual([0, 0]);
    expect(second.io.written.out).toContain('\nmine\n');
    expect(await kept('queue')).toEqual([]);
  });

  it('gets a place in a semaphore while there are some, and gives up after a while when there are none', async () => {
    const first = lock(['-n=2', ...untilTold('places')]);
    await runs(first);
    const second = lock(['-n=2', ...untilTold('places')]);
    await runs(second);
    const third = lock(['-n=2', '-timeout=30ms', 'places', 'echo', 'never']);
    expect(await third.code).toBe(1);
    expect(third.io.written.err).toBe('Shutdown triggered or timeout during lock acquisition\n');
    const other = lock(['-n=3', 'places', 'echo', 'never']);
    expect(await other.code).toBe(1);
    expect(other.io.written.err).toBe('Lock acquisition failed: semaphore limit conflict (lock: 2, local: 3)\n');
    first.stop();
    expect(await first.code).toBe(0);
    expect(first.io.written.out).toContain('Cleanup aborted, lock in use\n');
    second.stop();
    expect(await second.code).toBe(0);
    expect(await kept('places')).toEqual([]);
    expect(await sessions()).toEqual([]);
  });
});
