import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/base/ports.ts';
import type { DataplaneCommand, DataplaneReport, DataplaneUpdate } from '../../src/compile/proxy-config.ts';
import { followAgent } from '../../src/proxy/client.ts';
import { createDataPlane, type DataPlane } from '../../src/proxy/dataplane.ts';
import { memoryLog, realClock } from './fixture/mesh.ts';
import { send, type TestApp, tcpApp } from './fixture/sockets.ts';

/** The agent's end of the socket. */
class FakeAgent {
  readonly #server: Server;
  readonly #sessions: AsyncIterator<[Socket]>;

  static async listen(path: string): Promise<FakeAgent> {
    const agent = new FakeAgent();
    agent.#server.listen(path);
    await once(agent.#server, 'listening');
    return agent;
  }

  private constructor() {
    this.#server = createServer();
    this.#sessions = events(this.#server);
  }

  async session(): Promise<Session> {
    const { value } = (await this.#sessions.next()) as { value: [Socket] };
    return new Session(value[0]);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function events(server: Server): AsyncIterator<[Socket]> {
  const queue: Socket[] = [];
  let wake: () => void = () => undefined;
  server.on('connection', (socket) => {
    queue.push(socket);
    wake();
  });
  return {
    next: async () => {
      while (queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return { done: false, value: [queue.shift()!] };
    },
  };
}

class Session {
  readonly socket: Socket;
  readonly #lines: AsyncIterator<string>;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  async report(): Promise<DataplaneReport> {
    return JSON.parse((await this.#lines.next()).value as string) as DataplaneReport;
  }

  send(...commands: readonly DataplaneCommand[]): void {
    this.socket.write(commands.map((command) => `${JSON.stringify(command)}\n`).join(''));
  }
}

let folder: string;
let path: string;
let app: TestApp;
let dataPlane: DataPlane;
const log = memoryLog();
let following: Promise<void>;
let stopping: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-client-'));
  path = join(folder, 'agent.sock');
  app = await tcpApp((socket) => socket.end('served'));
  dataPlane = createDataPlane({ log, clock: realClock });
  stopping = new AbortController();
  following = followAgent({ socketPath: path, dataPlane, version: '1.2.3', pid: 42, log, clock: realClock, signal: stopping.signal });
});
afterEach(async () => {
  stopping.abort();
  await following;
  await dataPlane.close(0);
  await app.close();
  await rm(folder, { recursive: true });
});

function update(index: number): DataplaneUpdate {
  const forward = { id: 'ingress.web', bind: { address: '127.0.0.1', port: 0 }, targets: [app.at] };
  return { type: 'update', index, full: true, proxies: [], removedProxies: [], forwards: [forward], removedForwards: [], leaves: [] };
}

/** Time flies while somebody sleeps. */
function hastyClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

describe('an agent that does not come back', () => {
  const alone = (clock: Clock, signal: AbortSignal) =>
    followAgent({ socketPath: join(folder, 'nobody.sock'), dataPlane, version: '1', pid: 1, log, clock, signal });

  it('is waited for a minute by a data plane that serves nothing', async () => {
    const clock = hastyClock();
    await alone(clock, stopping.signal);
    expect(clock.now()).toBeGreaterThan(60_000);
    expect(clock.now()).toBeLessThan(61_000);
  });

  it('is waited for by one that serves, for ever', async () => {
    await dataPlane.apply(update(1));
    const clock = hastyClock();
    const stop = new AbortController();
    const waiting = alone(clock, stop.signal);
    while (clock.now() < 200_000) await new Promise((resolve) => setImmediate(resolve));
    expect(await Promise.race([waiting.then(() => 'gave up'), Promise.resolve('waits')])).toBe('waits');
    stop.abort();
    await waiting;
  });
});

describe('followAgent', () => {
  it('says hello, applies in order, acknowledges, answers probes', async () => {
    const agent = await FakeAgent.listen(path);
    const session = await agent.session();
    expect(await session.report()).toEqual({ type: 'hello', pid: 42, version: '1.2.3' });
    session.send(update(7), { ...update(8), full: false }, { type: 'probe', id: 5, proxy: 'nobody' });
    expect(await session.report()).toEqual({ type: 'ack', index: 7, errors: {} });
    expect(await session.report()).toEqual({ type: 'ack', index: 8, errors: {} });
    expect(await session.report()).toEqual({ type: 'probe-result', id: 5, upstreams: {} });
    session.socket.destroy();
    await agent.close();
  });

  it('reads a command that comes in pieces, and one of many megabytes', async () => {
    const agent = await FakeAgent.listen(path);
    const session = await agent.session();
    await session.report();
    const line = `${JSON.stringify({ ...update(1), padding: 'ü'.repeat(5_000_000) })}\n`;
    const bytes = Buffer.from(line);
    // An odd place: in the middle of a character.
    session.socket.write(bytes.subarray(0, 1_000_001));
    session.socket.write(bytes.subarray(1_000_001));
    expect(await session.report()).toEqual({ type: 'ack', index: 1, errors: {} });
    session.socket.destroy();
    await agent.close();
  });

  it('serves on when the agent dies, and finds the next one', async () => {
    const first = await FakeAgent.listen(path);
    const session = await first.session();
    await session.report();
    session.send(update(1));
    await session.report();
    const at = dataPlane.addresses()['forward/ingress.web']!;
    session.socket.destroy();
    await first.close();
    expect(await send(at, '')).toBe('served');

    const second = await FakeAgent.listen(path);
    const again = await second.session();
    expect(await again.report()).toMatchObject({ type: 'hello' });
    again.send(update(2));
    expect(await again.report()).toEqual({ type: 'ack', index: 2, errors: {} });
    expect(dataPlane.addresses()['forward/ingress.web']).toEqual(at);
    expect(await send(at, '')).toBe('served');
    again.socket.destroy();
    await second.close();
  });

  it('leaves an agent that talks nonsense and comes back', async () => {
    const agent = await FakeAgent.listen(path);
    const session = await agent.session();
    await session.report();
    session.socket.write('not json\n');
    const again = await agent.session();
    expect(await again.report()).toMatchObject({ type: 'hello' });
    again.socket.destroy();
    await agent.close();
  });
});
