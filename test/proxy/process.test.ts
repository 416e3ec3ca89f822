import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataplaneReport, DataplaneUpdate } from '../../src/compile/proxy-config.ts';
import { send, type TestApp, tcpApp } from './fixture/sockets.ts';

let folder: string;
let bundle: string;
let agent: Server;
let app: TestApp;
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-dataplane-'));
  bundle = join(folder, 'dataplane.mjs');
  const entry = new URL('../../src/main/dataplane.ts', import.meta.url).pathname;
  await build({ entryPoints: [entry], outfile: bundle, bundle: true, format: 'esm', platform: 'node', target: 'node20' });
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  agent = createServer().listen(join(folder, 'agent.sock'));
  app = await tcpApp((socket) => socket.end('served'));
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await new Promise((resolve) => agent.close(resolve));
  await app.close();
});

/** Starts the process and configures one forward; returns the agent's end and the forwarded port. */
async function start(): Promise<{ process: ChildProcess; session: Socket; port: number }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const connected = once(agent, 'connection') as Promise<[Socket]>;
  const process = spawn(globalThis.process.execPath, [bundle, join(folder, 'agent.sock')], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = process;
  const [session] = await connected;
  session.on('error', () => undefined);
  const lines = createInterface({ input: session })[Symbol.asyncIterator]();
  const report = async () => JSON.parse((await lines.next()).value as string) as DataplaneReport;
  expect(await report()).toMatchObject({ type: 'hello', pid: process.pid });
  const forward = { id: 'ingress.web', bind: { address: '127.0.0.1', port }, targets: [app.at] };
  const update: DataplaneUpdate = {
    type: 'update',
    index: 1,
    full: true,
    proxies: [],
    removedProxies: [],
    forwards: [forward],
    removedForwards: [],
    leaves: [],
  };
  session.write(`${JSON.stringify(update)}\n`);
  expect(await report()).toEqual({ type: 'ack', index: 1, errors: {} });
  return { process, session, port };
}

describe('the data plane process', () => {
  it('serves, survives SIGHUP, closed output and a lost agent, and exits 0 on SIGTERM', async () => {
    const { process, session, port } = await start();
    const at = { address: '127.0.0.1', port };
    expect(await send(at, '')).toBe('served');
    process.stdout?.destroy();
    process.stderr?.destroy();
    process.kill('SIGHUP');
    const again = once(agent, 'connection');
    session.destroy();
    const [second] = (await again) as [Socket];
    second.on('error', () => undefined);
    expect(await send(at, '')).toBe('served');
    process.kill('SIGTERM');
    expect(await once(process, 'exit')).toEqual([0, null]);
    second.destroy();
  });

  it('says how to call it', async () => {
    const process = spawn(globalThis.process.execPath, [bundle], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = process;
    let text = '';
    process.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    expect(await once(process, 'close')).toEqual([2, null]);
    expect(text).toContain('usage: dataplane');
  });
});
