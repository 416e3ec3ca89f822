import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { call } from '../../../src/app/rpc/client.ts';
import type { Handlers } from '../../../src/app/rpc/server.ts';
import { MeshError } from '../../../src/base/errors.ts';
import { type OpenServer, openRpc } from './open.ts';

let rpc: OpenServer;
afterEach(() => rpc[Symbol.asyncDispose]());

const options = { version: '1.0.0' };
const graph = { blueprint: { id: '/v1', name: 'v1' }, resources: [] } as never;
const params = { graph, timeoutMs: 1000, ports: 'fixed' as const };
const synced = { serving: 1, total: 1, index: 7 };
const sync = () => call(rpc.path, 'sync', { timeoutMs: 1 }, options);

/** Sends bytes as they are; resolves with all that comes back when the server hangs up. */
function raw(write: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(rpc.path, () => write(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.once('close', () => resolve(text));
  });
}

/** A `run` that ends only when its caller cancels. */
const untilCancelled: Handlers['run'] = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

describe('a call', () => {
  it('gets its events in order and then its result', async () => {
    rpc = await openRpc({
      async run({ params: { timeoutMs }, emit }) {
        for (let i = 0; i < 100; i++) emit({ type: 'creating', key: `container.${i}` });
        return { browse: [], outputs: { timeoutMs }, status: {} as never };
      },
    });
    const keys: unknown[] = [];
    const result = await call(rpc.path, 'run', params, { ...options, onEvent: (event) => keys.push('key' in event && event.key) });
    expect(keys).toEqual(Array.from({ length: 100 }, (_, i) => `container.${i}`));
    expect(result.outputs).toEqual({ timeoutMs: 1000 });
  });

  it('gets an error as it was thrown, with hint and positions', async () => {
    const diagnostics = [{ severity: 'error' as const, summary: 'unknown image', file: 'web.hcl', line: 3, column: 5 }];
    rpc = await openRpc({
      sync: () => Promise.reject(new MeshError('environment', 'port 9090 is taken', { hint: 'stop it', diagnostics })),
    });
    const error = await sync().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshError);
    expect(error).toMatchObject({ code: 'environment', message: 'port 9090 is taken', hint: 'stop it', diagnostics });
    expect(rpc.bugs).toEqual([]);
  });

  it('gets a bug with its stack, and the server hears of it too', async () => {
    const bug = new TypeError('x is undefined');
    rpc = await openRpc({ sync: () => Promise.reject(bug) });
    await expect(sync()).rejects.toMatchObject({ code: 'bug', message: 'x is undefined', cause: bug.stack });
    expect(rpc.bugs).toEqual([bug]);
  });

  it('can be one of several at once, each with its own answer', async () => {
    const waiting: (() => void)[] = [];
    rpc = await openRpc({
      async sync({ params: { timeoutMs } }) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          // All of them are under way before the first is answered.
          if (waiting.length === 10) for (const go of waiting.toReversed()) go();
        });
        return { ...synced, index: timeoutMs };
      },
    });
    const calls = Array.from({ length: 10 }, (_, i) => call(rpc.path, 'sync', { timeoutMs: i }, options));
    expect((await Promise.all(calls)).map((result) => result.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('that asks for something unknown is told how to get an agent that knows it', async () => {
    rpc = await openRpc({});
    for (const method of ['explain', 'toString', '__proto__']) {
      const error = await call(rpc.path, method as 'status', {}, options).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'failed', hint: 'mesh agent restart' });
      expect((error as Error).message).toBe(`this agent (1.2.3) does not know ${method}`);
    }
  });

  it('is cancelled by its caller, and by nobody else’s', async () => {
    rpc = await openRpc({ run: untilCancelled, sync: () => Promise.resolve(synced) });
    const [first, second] = [new AbortController(), new AbortController()];
    const settled: string[] = [];
    const calls = [first, second].map((cancel, i) =>
      call(rpc.path, 'run', params, { ...options, cancel: cancel.signal }).catch((error: MeshError) => settled.push(`${i} ${error.code}`)),
    );
    first.abort();
    await calls[0];
    await sync();
    expect(settled).toEqual(['0 interrupted']);
    second.abort();
    await calls[1];
    expect(settled).toEqual(['0 interrupted', '1 interrupted']);
  });

  it('goes on when its caller hangs up', async () => {
    const detach = new AbortController();
    let finish: () => void = () => undefined;
    const finished = new Promise<boolean>((resolve) => {
      rpcReady = openRpc({
        async run({ signal, emit }) {
          await new Promise<void>((go) => {
            finish = go;
            detach.abort();
          });
          emit({ type: 'queued' });
          resolve(signal.aborted);
          return { browse: [], outputs: {}, status: {} as never };
        },
      });
    });
    rpc = await rpcReady;
    await expect(call(rpc.path, 'run', params, { ...options, detach: detach.signal })).rejects.toMatchObject({ code: 'interrupted' });
    finish();
    expect(await finished).toBe(false);
    expect(rpc.bugs).toEqual([]);
  });
});

let rpcReady: Promise<OpenServer>;

describe('work after the reply', () => {
  it('starts when the reply is there, and the connection stays until the server closes', async () => {
    let started: () => void = () => undefined;
    const working = new Promise<void>((resolve) => {
      started = resolve;
    });
    rpc = await openRpc({
      shutdown({ afterReply }) {
        afterReply(() => started());
        return Promise.resolve({});
      },
    });
    let done = false;
    const calling = call(rpc.path, 'shutdown', {}, options).then(() => {
      done = true;
    });
    await working;
    // The reply was written before the work began; only the end of the connection completes the call.
    expect(done).toBe(false);
    rpc.close();
    await calling;
  });

  it('starts even when the caller has gone', async () => {
    let hangUp: () => void = () => undefined;
    const worked = new Promise<void>((resolve) => {
      rpcReady = openRpc({
        async shutdown({ afterReply }) {
          afterReply(() => resolve());
          const closed = new Promise((gone) => rpc.server.getConnections((_, count) => gone(count)));
          hangUp();
          await closed;
          return {};
        },
      });
    });
    rpc = await rpcReady;
    const answer = raw((socket) => {
      hangUp = () => socket.destroy();
      socket.write(`${JSON.stringify({ method: 'shutdown', params: {}, version: '1' })}\n`);
    });
    await Promise.all([answer, worked]);
  });
});

describe('a caller that does not keep to the protocol', () => {
  it.each(['{', 'GET / HTTP/1.1', 'null', '7', '"run"', '[]', '{}', '{"method":7}'])(
    'is hung up on, and the server goes on: %s',
    async (line) => {
      rpc = await openRpc({ sync: () => Promise.resolve(synced) });
      expect(await raw((socket) => socket.write(`${line}\n${JSON.stringify({ method: 'sync', params: {} })}\n`))).toBe('');
      expect(await sync()).toEqual(synced);
    },
  );

  it('gets one answer to two calls on a connection', async () => {
    let calls = 0;
    rpc = await openRpc({ sync: () => Promise.resolve({ ...synced, index: ++calls }) });
    const line = `${JSON.stringify({ method: 'sync', params: {}, version: '1' })}\n`;
    const answer = await raw((socket) => socket.write(line + line));
    expect(
      answer
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text) as unknown),
    ).toEqual([{ result: { ...synced, index: 1 }, version: '1.2.3' }]);
    expect(calls).toBe(1);
  });

  it('may break its line anywhere', async () => {
    rpc = await openRpc({
      destroy: ({ params }) =>
        Promise.resolve({ destroyed: params === 'all' ? [] : params.names, absent: [], remaining: [], agentStopping: false }),
    });
    const line = Buffer.from(`${JSON.stringify({ method: 'destroy', params: { ids: [], names: ['größe 🦊'] }, version: '1' })}\n`);
    for (let split = 1; split < line.length; split++) {
      const answer = await raw((socket) => {
        socket.write(line.subarray(0, split), () => setImmediate(() => socket.write(line.subarray(split))));
      });
      expect(JSON.parse(answer), `split at ${split}`).toMatchObject({ result: { destroyed: ['größe 🦊'] } });
    }
  });

  it('may read slowly and still gets everything, while others are served', async () => {
    const text = 'x'.repeat(1000);
    rpc = await openRpc({
      sync: () => Promise.resolve(synced),
      async run({ emit }) {
        for (let i = 0; i < 2000; i++) emit({ type: 'creating', key: `${i} ${text}` });
        return { browse: [], outputs: {}, status: {} as never };
      },
    });
    let bytes = 0;
    let resume: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      const socket = connect(rpc.path, () => socket.write(`${JSON.stringify({ method: 'run', params, version: '1' })}\n`));
      socket.pause();
      socket.on('data', (chunk) => {
        bytes += chunk.length;
      });
      socket.once('close', () => resolve());
      resume = () => socket.resume();
    });
    expect(await sync()).toEqual(synced);
    resume();
    await slow;
    expect(bytes).toBeGreaterThan(2000 * 1000);
  });
});
