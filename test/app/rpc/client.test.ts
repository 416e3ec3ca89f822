import { execFileSync } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, isUnreachable } from '../../../src/app/rpc/client.ts';
import type { MeshError } from '../../../src/base/errors.ts';
import { socketPath } from './open.ts';

/** The client against agents that say exactly what the test writes. */
let path: string;
let remove: () => Promise<void>;
let server: Server;

beforeEach(async () => {
  ({ path, remove } = await socketPath());
});
afterEach(async () => {
  if (server?.listening) await new Promise((resolve) => server.close(resolve));
  await remove();
});

/** An agent that answers each line it gets. */
async function agent(onLine: (socket: Socket, line: string) => void): Promise<void> {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\n').filter(Boolean)) onLine(socket, line);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

const graph = { blueprint: { id: '/v1', name: 'v1' }, resources: [] } as never;
const params = { graph, timeoutMs: 1000, ports: 'fixed' as const };
const options = { version: '1.0.0' };

describe('a call that nobody answers', () => {
  it('is unreachable, with what starts an agent, where there is no socket', async () => {
    const error = await call(path, 'status', {}, options).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'unreachable', message: 'no agent is running' });
    expect((error as MeshError).hint).toContain('mesh run');
    expect(isUnreachable(error)).toBe(true);
  });

  it('is unreachable where a dead agent has left its socket', async () => {
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' })).toThrow();
    await expect(call(path, 'status', {}, options)).rejects.toMatchObject({ code: 'unreachable', message: 'no agent is running' });
  });

  it('says that the agent went away when it hangs up in the middle', async () => {
    await agent((socket) => socket.end(`${JSON.stringify({ event: { type: 'queued' } })}\n`));
    const events: unknown[] = [];
    const error = await call(path, 'run', params, { ...options, onEvent: (event) => events.push(event) }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'unreachable', message: 'the agent went away before it had finished' });
    expect((error as MeshError).hint).toContain('again');
    expect(events).toEqual([{ type: 'queued' }]);
  });

  it('says the same when the connection breaks while something is sent', async () => {
    const cancel = new AbortController();
    await agent((socket) => {
      socket.destroy();
      cancel.abort();
    });
    await expect(call(path, 'run', params, { ...options, cancel: cancel.signal })).rejects.toMatchObject({
      message: 'the agent went away before it had begun',
    });
  });

  it('does not take half a reply for a reply', async () => {
    await agent((socket) => socket.end('{"result":{"ind'));
    await expect(call(path, 'status', {}, options)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it.each(['HTTP/1.1 400 Bad Request', '{"result":', 'null', '7', '{}'])('refuses an answer in another protocol: %s', async (line) => {
    await agent((socket) => socket.write(`${line}\n`));
    await expect(call(path, 'status', {}, options)).rejects.toMatchObject({ code: 'unreachable', hint: 'mesh agent restart' });
  });
});

describe('what the caller sends', () => {
  it('is one line with the method, its parameters and the version', async () => {
    const lines: unknown[] = [];
    await agent((socket, line) => {
      lines.push(JSON.parse(line));
      socket.end('{"result":{},"version":"2"}\n');
    });
    await call(path, 'sync', { timeoutMs: 5 }, options);
    expect(lines).toEqual([{ method: 'sync', params: { timeoutMs: 5 }, version: '1.0.0' }]);
  });

  it('is followed by the wish to stop, even if that was there before the call', async () => {
    const lines: unknown[] = [];
    await agent((socket, line) => {
      lines.push(JSON.parse(line));
      if (lines.length === 2) socket.end('{"error":{"code":"interrupted","message":"stopped"},"version":"2"}\n');
    });
    await expect(call(path, 'run', params, { ...options, cancel: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' });
    expect(lines[1]).toEqual({ cancel: true });
  });

  it('is nothing more after it has detached', async () => {
    const detach = new AbortController();
    const hungUp = new Promise<void>((resolve) => {
      void agent((socket) => {
        socket.once('close', () => resolve());
        detach.abort();
      }).then(() => {
        const calling = call(path, 'run', params, { ...options, detach: detach.signal });
        return expect(calling).rejects.toMatchObject({ code: 'interrupted', hint: 'mesh status' });
      });
    });
    await hungUp;
  });

  it('never starts when it was detached before', async () => {
    const lines: string[] = [];
    await agent((_, line) => lines.push(line));
    await expect(call(path, 'run', params, { ...options, detach: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' });
    expect(lines).toEqual([]);
  });
});

describe('a reply in pieces', () => {
  it('is the same wherever it is split, in the middle of a character too', async () => {
    const reply = Buffer.from('{"event":{"type":"creating","key":"schön 🦊"}}\n\n{"result":{"outputs":{"läuft":"ja"}},"version":"2"}\n');
    let split = 0;
    await agent((socket) => {
      socket.setNoDelay(true);
      socket.write(reply.subarray(0, split), () => setImmediate(() => socket.end(reply.subarray(split))));
    });
    for (split = 0; split <= reply.length; split++) {
      const events: unknown[] = [];
      const result = await call(path, 'run', params, { ...options, onEvent: (event) => events.push(event) });
      expect({ events, result }, `split at ${split}`).toEqual({
        events: [{ type: 'creating', key: 'schön 🦊' }],
        result: { outputs: { läuft: 'ja' } },
      });
    }
  });
});
