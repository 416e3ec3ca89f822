import { afterEach, describe, expect, it } from 'vitest';
import type { Limits } from '../../../src/proxy/limits.ts';
import { ForwardPlane } from '../fixture/forward.ts';
import { eventually, RawClient, send, type TestApp, tcpApp } from '../fixture/sockets.ts';

const NEVER = { quietMs: 3_600_000 };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function opened<T extends { close(): Promise<unknown> }>(thing: Promise<T>): Promise<T> {
  const it = await thing;
  closers.push(() => it.close());
  return it;
}
const greeter = (words: string) => opened(tcpApp((socket) => socket.write(words)));
const start = (apps: TestApp[], limits?: Partial<Limits>) =>
  opened(
    ForwardPlane.start(
      apps.map((app) => app.at),
      limits,
    ),
  );

describe('what is not HTTP/1', () => {
  it('goes to the target byte by byte, and back', async () => {
    const plane = await start([await opened(tcpApp((socket) => socket.pipe(socket)))], NEVER);
    for (const bytes of ['*1\r\n$4\r\nPING\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'CONNECT a:443 HTTP/1.1\r\n\r\n', '\x16\x03\x01\0']) {
      const client = await RawClient.connect(plane.at);
      client.write(bytes);
      await client.untilText(bytes);
      client.write('more');
      await client.untilText(`${bytes}more`);
      client.close();
    }
    expect(plane.stats).toMatchObject({ connections: 4, requests: 0 });
  });

  it('is not waited for once the client has begun and stops: PING without a line end', async () => {
    const plane = await start([await opened(tcpApp((socket) => socket.once('data', (word) => socket.end(`${String(word)}? PONG`))))]);
    expect(await send(plane.at, 'PING')).toBe('PING? PONG');
  });

  it('may begin with the server', async () => {
    const plane = await start([
      await opened(
        tcpApp((socket) => {
          socket.write('220 ready\r\n');
          socket.on('data', (word: Buffer) => socket.end(`250 ${String(word)}`));
        }),
      ),
    ]);
    const client = await RawClient.connect(plane.at);
    await client.untilText('220 ready\r\n');
    client.write('HELO x\r\n');
    expect(await client.rest()).toBe('220 ready\r\n250 HELO x\r\n');
  });

  it('ends half by half, whichever side begins', async () => {
    let received = '';
    const plane = await start([
      await opened(
        tcpApp((socket) => {
          socket.on('data', (chunk: Buffer) => (received += String(chunk)));
          socket.on('end', () => socket.end(`after the end: ${received}`));
        }),
      ),
      await opened(
        tcpApp((socket) => {
          socket.on('data', (chunk: Buffer) => (received += String(chunk)));
          socket.end('greeting');
        }),
      ),
    ]);
    const first = await RawClient.connect(plane.at);
    first.socket.end('#request');
    expect(await first.rest()).toBe('after the end: #request');
    expect(first.ended).toBe('end');
    const second = await RawClient.connect(plane.at);
    expect(await second.rest()).toBe('greeting');
    second.socket.end('reply');
    await eventually(() => received === '#requestreply', 'the reply arrived');
  });

  it('of a client that only ends gets the answer to that', async () => {
    const plane = await start([await opened(tcpApp((socket) => socket.resume().once('end', () => socket.end('you said nothing'))))], NEVER);
    const client = await RawClient.connect(plane.at);
    client.socket.end();
    expect(await client.rest()).toBe('you said nothing');
  });

  it('is reset when no target can be reached, and the log says why', async () => {
    const plane = await opened(ForwardPlane.start([{ address: '127.0.0.1', port: 1 }]));
    const client = await RawClient.connect(plane.at);
    expect(await client.rest()).toBe('');
    expect(client.ended).toBe('reset');
    expect(plane.log.lines.at(-1)).toMatchObject({
      message: 'connection failed',
      fields: { reason: '127.0.0.1:1 refused the connection' },
    });
    expect(plane.stats.failedConnections).toBe(1);
  });
});

describe('a client that stays quiet', () => {
  it('is served as HTTP when it speaks at last', async () => {
    const silent = await opened(
      tcpApp((socket) => {
        socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nquiet'));
      }),
    );
    const plane = await start([silent], { quietMs: 1 });
    const client = await RawClient.connect(plane.at);
    await eventually(() => silent.sockets.size === 1, 'the target was dialled');
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.untilText('quiet');
    expect(plane.stats.requests).toBe(1);
    client.close();
  });

  it('does not hear a server that is no longer a target', async () => {
    const [old, next] = [await opened(tcpApp((socket) => socket.resume().on('end', () => socket.end()))), await greeter('220 new\r\n')];
    const plane = await start([old], { quietMs: 1 });
    const client = await RawClient.connect(plane.at);
    await eventually(() => old.sockets.size === 1, 'the old target was dialled');
    await plane.retarget([next.at]);
    await client.untilText('220 new\r\n');
    await eventually(() => old.sockets.size === 0, 'the old target was left');
    client.close();
  });

  it('is seen leaving', async () => {
    const app = await opened(tcpApp((socket) => socket.resume().on('end', () => socket.end())));
    const plane = await start([app], { quietMs: 1 });
    const client = await RawClient.connect(plane.at);
    await eventually(() => app.sockets.size === 1, 'the target was dialled');
    client.close();
    await eventually(() => app.sockets.size === 0 && plane.stats.activeConnections === 0, 'both sides are closed');
  });
});

describe('a moment without targets', () => {
  it('is waited out', async () => {
    const app = await greeter('220 here\r\n');
    const plane = await start([], { quietMs: 0, targetWaitMs: 3_600_000 });
    const client = await RawClient.connect(plane.at);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await plane.retarget([app.at]);
    await client.untilText('220 here\r\n');
    client.close();
  });

  it('ends the connection when it lasts', async () => {
    const plane = await start([], { quietMs: 0, targetWaitMs: 1 });
    const client = await RawClient.connect(plane.at);
    expect(await client.rest()).toBe('');
    expect(plane.log.lines.at(-1)?.fields['reason']).toBe('nothing is ready behind 127.0.0.1:9090');
  });
});
