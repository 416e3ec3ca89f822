import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Method } from '../../../src/app/rpc/protocol.ts';
import { createRpcServer, type Handlers } from '../../../src/app/rpc/server.ts';

export interface OpenServer extends AsyncDisposable {
  readonly path: string;
  readonly server: Server;
  /** Errors that the server took for bugs. */
  readonly bugs: readonly unknown[];
  close(): void;
}

/** The real server on a Unix socket of its own; a method that the test does not give fails its call. */
export async function openRpc(handlers: Partial<Handlers>): Promise<OpenServer> {
  const { path, remove } = await socketPath();
  const bugs: unknown[] = [];
  const unexpected = (method: Method) => () => Promise.reject(new Error(`${method} was not expected`));
  const all: Handlers = {
    run: unexpected('run'),
    plan: unexpected('plan'),
    destroy: unexpected('destroy'),
    pause: unexpected('pause'),
    resume: unexpected('resume'),
    scale: unexpected('scale'),
    status: unexpected('status'),
    applied: unexpected('applied'),
    taint: unexpected('taint'),
    exec: unexpected('exec'),
    sync: unexpected('sync'),
    probe: unexpected('probe'),
    metrics: unexpected('metrics'),
    shutdown: unexpected('shutdown'),
    ...handlers,
  };
  const rpc = createRpcServer(all, { version: '1.2.3', onBug: (error) => bugs.push(error) });
  await new Promise<void>((resolve) => rpc.server.listen(path, resolve));
  return {
    path,
    server: rpc.server,
    bugs,
    close: () => rpc.close(),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => rpc.server.close(resolve));
      rpc.close();
      await closed;
      await remove();
    },
  };
}

/** A path for a Unix socket in a folder of its own. */
export async function socketPath(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mesh-rpc-'));
  return { path: join(folder, 'agent.sock'), remove: () => rm(folder, { recursive: true }) };
}
