import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { RouteAction } from '../../../src/compile/proxy-config.ts';
import { callUpstream } from '../fixture/http.ts';
import { CLUSTER, Mesh, type MeshOptions } from '../fixture/mesh.ts';
import { httpApp, type TestApp } from '../fixture/sockets.ts';

let app: TestApp;
let mesh: Mesh;

async function start(of: Promise<TestApp>, options: MeshOptions = {}): Promise<void> {
  app = await of;
  mesh = await Mesh.start({ app: app.at, protocol: 'http', ...options });
}

afterEach(async () => {
  await mesh.close();
  await app.close();
});

const routed = (action: RouteAction): MeshOptions => ({ routes: [{ match: {}, splits: [{ weight: 100, cluster: CLUSTER }], action }] });

describe('WebSocket', () => {
  function chatting(): Promise<TestApp> {
    const sockets = new WebSocketServer({ noServer: true });
    sockets.on('connection', (socket, request) => {
      socket.send(`from ${String(request.headers['x-forwarded-client-cert']).slice(0, 3)} by ${socket.protocol}`);
      socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
    });
    return httpApp(
      (_req, res) => res.writeHead(426).end(),
      (server) =>
        server.on('upgrade', (req, socket, rest) =>
          sockets.handleUpgrade(req, socket, rest, (one) => sockets.emit('connection', one, req)),
        ),
    );
  }

  const connected = (): WebSocket => new WebSocket(`ws://${mesh.upstream.address}:${mesh.upstream.port}/chat`, ['chat']);

  it('goes through both sidecars, whatever is said and how long it is', async () => {
    await start(chatting());
    const socket = connected();
    const next = async () => ((await once(socket, 'message')) as [Buffer])[0];
    expect((await next()).toString()).toBe('from By= by chat');
    socket.send('hello');
    expect((await next()).toString()).toBe('hello');
    const long = Buffer.alloc(3 * 1024 * 1024, 'x');
    socket.send(long);
    expect((await next()).equals(long)).toBe(true);
    const closed = once(socket, 'close') as Promise<[number, Buffer]>;
    socket.close(4000, 'bye');
    expect((await closed)[0]).toBe(4000);
  });

  it('outlives the time that its route gives to requests', async () => {
    await start(chatting(), routed({ timeoutMs: 1_000, idleTimeoutMs: 1_000 }));
    const socket = connected();
    await once(socket, 'message');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    socket.send('still here');
    expect(((await once(socket, 'message')) as [Buffer])[0].toString()).toBe('still here');
    socket.terminate();
  });

  it('is ended when an intention comes to deny it', async () => {
    await start(chatting());
    const socket = connected();
    await once(socket, 'message');
    const closed = once(socket, 'close') as Promise<[number]>;
    await mesh.configure({ defaultAction: 'deny' });
    expect((await closed)[0]).toBe(1006);
  });

  it('is refused like any other request', async () => {
    await start(chatting(), { defaultAction: 'deny' });
    const refused = once(connected(), 'unexpected-response') as Promise<[unknown, IncomingMessage]>;
    const [, answer] = await refused;
    expect(answer.statusCode).toBe(403);
    answer.resume();
  });
});

describe('server-sent events', () => {
  const event = async (from: IncomingMessage): Promise<string> => String(((await once(from, 'data')) as [Buffer])[0]);

  it('arrive one by one as they are sent', async () => {
    let answer: ServerResponse | undefined;
    await start(
      httpApp((_req, res) => {
        answer = res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        answer.flushHeaders();
      }),
    );
    const events = await callUpstream(mesh, {});
    for (const text of ['data: 1\n\n', ': comment\n\n', 'data: 2\n\n']) {
      const seen = event(events);
      answer!.write(text);
      expect(await seen).toBe(text);
    }
    events.destroy();
  });

  it('live as long as something comes within the idle limit, and not longer', async () => {
    let comments = 0;
    await start(
      httpApp((_req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' });
        const timer = setInterval(() => {
          res.write(': still here\n\n');
          if (++comments === 8) clearInterval(timer);
        }, 25);
        res.on('close', () => clearInterval(timer));
      }),
      routed({ idleTimeoutMs: 500 }),
    );
    const events = await callUpstream(mesh, {});
    let seen = '';
    events.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    await once(events, 'close').catch(() => undefined);
    expect(seen.match(/still here/g)).toHaveLength(8);
    expect(events.complete).toBe(false);
  });
});
