import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import type { ChildOptions } from '../../../src/app/io.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (key: string, value: string) => api.call(`/v1/kv/${key}`, { method: 'PUT', body: value });

const inputOf = ({ input }: ChildOptions): unknown => (typeof input === 'object' ? JSON.parse(input.text) : undefined);

interface Call {
  readonly command: readonly string[];
  readonly options: ChildOptions;
}

/** Calls `onCall` instead of a program, which decides how the program ends. */
function watch(words: readonly string[], onCall: (call: Call, nth: number) => Promise<number>) {
  const stop = new AbortController();
  let calls = 0;
  const io = testIo({
    env: { CONSUL_HTTP_ADDR: api.address },
    cwd: '/tmp',
    signal: stop.signal,
    start: (command, options) => {
      const exited = onCall({ command, options }, ++calls).then((code) => ({ code, signal: null }));
      return Promise.resolve({ pid: 1, kill: () => undefined, exited });
    },
  });
  return { io, code: runConsul(['watch', ...words], io, 'consul'), stop: () => stop.abort(new Error('interrupted')) };
}

describe('a program that watches', () => {
  it('is called for what is there and for every change, with the index, until it fails', async () => {
    const seen: (string | undefined)[] = [];
    const { code, io } = watch(['-type=key', '-key=a', 'program'], async ({ command, options }, nth) => {
      expect(command).toEqual(['/bin/sh', '-c', 'program']);
      seen.push((inputOf(options) as { Value: string } | null)?.Value);
      expect(Number(options.env['CONSUL_INDEX'])).toBeGreaterThan(0);
      if (nth === 3) return 3;
      await put('a', `value ${nth}`);
      return 0;
    });
    expect(await code).toBe(1);
    expect(seen).toEqual([undefined, 'dmFsdWUgMQ==', 'dmFsdWUgMg==']);
    expect(io.written).toEqual({ out: '', err: 'Error executing handler: exit status 3\n' });
  });

  it('hears nothing of a write that changes nothing it watches, and nothing more after Ctrl-C', async () => {
    const calls: string[] = [];
    await put('dir/a', '1');
    const running = watch(['-type=keyprefix', '-prefix=dir/', '-shell=false', 'program', 'x'], async ({ command, options }, nth) => {
      expect(command).toEqual(['program', 'x']);
      calls.push((inputOf(options) as { Key: string }[]).map(({ Key }) => Key).join());
      await put('elsewhere', '1');
      if (nth === 1) await put('dir/b', '1');
      else running.stop();
      return 0;
    });
    expect(await running.code).toBe(0);
    expect(calls).toEqual(['dir/a', 'dir/a,dir/b']);
  });

  it('prints what is there when there is no program', async () => {
    await api.call('/v1/catalog/register', { method: 'PUT', body: { Node: 'n', Address: '10.0.0.1' } });
    const { code, io } = watch(['-type=nodes'], () => Promise.resolve(0));
    expect(await code).toBe(0);
    expect((JSON.parse(io.written.out) as { Node: string }[]).map(({ Node }) => Node)).toContain('n');
  });
});
