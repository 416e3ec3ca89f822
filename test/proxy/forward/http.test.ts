import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Limits } from '../../../src/proxy/limits.ts';
import { ForwardPlane } from '../fixture/forward.ts';
import { rawApp } from '../fixture/http.ts';
import { eventually, httpApp, RawClient, send, type TestApp, tcpApp } from '../fixture/sockets.ts';

const NEVER = { quietMs: 3_600_000 };
const H = 'Host: shop.example:9090\r\n';
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function opened<T extends { close(): Promise<unknown> }>(thing: Promise<T>): Promise<T> {
  const it = await thing;
  closers.push(() => it.close());
  return it;
}
/** Recognition must not need the clock: a client that speaks is never waited for. */
const start = (apps: TestApp[], limits: Partial<Limits> = {}) =>
  opened(
    ForwardPlane.start(
      apps.map((app) => app.at),
      { ...NEVER, ...limits },
    ),
  );

describe('a request through a forward', () => {
  it('arrives as it was sent: Host untouched, nothing added', async () => {
    const plane = await start([
      await opened(
        httpApp((req, res) => {
          const fields = req.rawHeaders.map((text, i) => (i % 2 === 0 ? `, ${text}` : `: ${text}`));
          res.end([`${req.method} ${req.url} ${req.httpVersion}`, ...fields].join(''));
        }),
      ),
    ]);
    const fields = 'X-Forwarded-For: 1.2.3.4\r\nx-forwarded-client-cert: By=me\r\ncookie: a=b\r\n';
    const answer = await send(plane.at, `GET /a?b HTTP/1.1\r\n${H}${fields}Connection: close\r\n\r\n`);
    const fieldsSeen = 'Host: shop.example:9090, X-Forwarded-For: 1.2.3.4, x-forwarded-client-cert: By=me, cookie: a=b';
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(`GET /a?b 1.1, ${fieldsSeen}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nDate: [^\r]*\r\nContent-Length: \d+\r\nConnection: close\r\n\r\n/);
  });

  it('of HTTP/1.0 is answered and closed, or kept when it asks', async () => {
    const plane = await start([await opened(httpApp((req, res) => res.end(`${req.headers.host} `)))]);
    expect(await send(plane.at, 'GET / HTTP/1.0\r\n\r\n')).toMatch(new RegExp(`Connection: close\r\n\r\n127.0.0.1:${plane.at.port} $`));
    const client = await RawClient.connect(plane.at);
    client.write('GET / HTTP/1.0\r\nHost: first\r\nConnection: keep-alive\r\n\r\n');
    await client.untilText('first ');
    expect(client.text).toContain('Connection: keep-alive\r\n');
    client.write('GET / HTTP/1.0\r\nHost: second\r\n\r\n');
    expect(await client.rest()).toContain('second ');
  });

  it('with HEAD, with chunks and trailers, with Expect, one after the other on one connection', async () => {
    const plane = await start([
      await opened(
        httpApp((req, res) => {
          void text(req).then((body) => {
            if (req.method === 'HEAD') res.setHeader('Content-Length', 7).end();
            else res.end(`[${body} ${String(req.trailers['x-sum'])}]`);
          });
        }),
      ),
    ]);
    const client = await RawClient.connect(plane.at);
    client.write(`HEAD / HTTP/1.1\r\n${H}\r\n`);
    await client.untilText('Content-Length: 7\r\n');
    client.write(`POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 42\r\n\r\n`);
    await client.untilText('[abcde 42]');
    client.write(`POST / HTTP/1.1\r\n${H}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n`);
    await client.untilText('HTTP/1.1 100 Continue\r\n\r\n');
    client.write('body');
    await client.untilText('[body undefined]');
    client.close();
  });

  it('is pipelined with others and they are answered in order', async () => {
    const plane = await start([await opened(httpApp((req, res) => setImmediate(() => res.end(`${req.url};`))))]);
    const client = await RawClient.connect(plane.at);
    client.write(Array.from({ length: 20 }, (_, i) => `GET /${i} HTTP/1.1\r\n${H}\r\n`).join(''));
    await client.untilText('/19;');
    expect(client.text.match(/\/\d+;/g)).toEqual(Array.from({ length: 20 }, (_, i) => `/${i};`));
    client.close();
  });

  it('whose client ends its side gets its answer, and those that wait behind it', async () => {
    const plane = await start([await opened(httpApp((req, res) => setTimeout(() => res.end(`${req.url};`), 5)))]);
    const client = await RawClient.connect(plane.at);
    client.socket.end(`GET /1 HTTP/1.1\r\n${H}\r\nGET /2 HTTP/1.1\r\n${H}\r\n`);
    expect(await client.rest()).toMatch(/\/1;[\s\S]*\/2;$/);
    expect(client.ended).toBe('end');
    await eventually(() => plane.stats.activeConnections === 0, 'the connection is closed');
  });

  it('that can be read in two ways is refused with 400, as by a sidecar', async () => {
    const plane = await start([await opened(httpApp((_req, res) => res.end()))]);
    const answer = await send(plane.at, `POST / HTTP/1.1\r\n${H}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*x-mesh-reason: Content-Length is given more than once\r\n/);
  });

  it('to a target that is not there is a 503 that says which', async () => {
    const plane = await opened(ForwardPlane.start([{ address: '127.0.0.1', port: 1 }]));
    expect(await send(plane.at, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 503 [\s\S]*x-mesh-reason: can't reach the target of 127\.0\.0\.1:9090: 127\.0\.0\.1:1 refused the connection\r\n/,
    );
  });

  it('is kept for a moment without targets, and then refused', async () => {
    const app = await opened(httpApp((_req, res) => res.end('served')));
    const plane = await start([], { targetWaitMs: 3_600_000 });
    const client = await RawClient.connect(plane.at);
    client.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    await eventually(() => plane.stats.requests === 1, 'the request is waiting');
    await plane.retarget([app.at]);
    await client.untilText('served');
    client.close();
    const impatient = await start([], { targetWaitMs: 1 });
    expect(await send(impatient.at, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 503 [\s\S]*x-mesh-reason: nothing is ready behind 127\.0\.0\.1:9090\r\n/,
    );
  });
});

describe('connections to targets', () => {
  it('are kept for the next request, whoever sends it, and taken in turn', async () => {
    const named = (name: string) => opened(httpApp((_req, res) => res.end(name)));
    const [a, b] = [await named('a'), await named('b')];
    const plane = await start([a, b]);
    const ask = async () => (await send(plane.at, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).at(-1);
    const seen = [];
    for (let i = 0; i < 6; i++) seen.push(await ask());
    expect(seen.join('')).toBe('ababab');
    expect([a.sockets.size, b.sockets.size]).toEqual([1, 1]);
  });

  it('that the target is just closing are replaced unseen; a POST never meets one', async () => {
    const methods: string[] = [];
    const app = await opened(
      tcpApp((socket) => {
        let served = 0;
        socket.on('data', (data: Buffer) => {
          methods.push(data.toString().split(' ')[0]!);
          // The second request on a connection meets a server that is closing it.
          if (served++ === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          else socket.destroy();
        });
      }),
    );
    const plane = await start([app]);
    const client = await RawClient.connect(plane.at);
    for (let i = 1; i <= 6; i++) {
      const method = i % 3 === 0 ? 'POST' : 'GET';
      client.write(`${method} / HTTP/1.1\r\n${H}${method === 'POST' ? 'Content-Length: 4\r\n\r\nbody' : '\r\n'}`);
      await client.until(({ text: all }) => all.match(/200 OK/g)?.length === i);
    }
    expect(plane.stats).toMatchObject({ status2xx: 6, retries: 3 });
    expect(methods.filter((method) => method === 'POST')).toHaveLength(2);
    client.close();
  });

  it('that end before an answer are a 502 for what must not be sent twice', async () => {
    let seen = 0;
    const app = await opened(
      tcpApp((socket) => {
        socket.on('data', () => {
          seen++;
          socket.destroy();
        });
      }),
    );
    const plane = await start([app, app]);
    const answer = await send(plane.at, `POST / HTTP/1.1\r\n${H}Content-Length: 1\r\nConnection: close\r\n\r\nx`);
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(seen).toBe(1);
  });

  it('that end before an answer are no reason to fail what may be sent twice; a begun answer is broken off', async () => {
    const dies = await opened(tcpApp((socket) => socket.once('data', () => socket.destroy())));
    const serves = await opened(httpApp((_req, res) => res.end('served')));
    const plane = await start([dies, serves]);
    for (let i = 0; i < 4; i++)
      expect(await send(plane.at, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 [\s\S]*served$/);
    const half = await opened(rawApp('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', true));
    await plane.retarget([half.at, serves.at]);
    const answers = [];
    for (let i = 0; i < 2; i++) answers.push(await send(plane.at, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`));
    expect(answers.some((answer) => answer.endsWith('served'))).toBe(true);
    expect(answers.some((answer) => answer.endsWith('half') || answer === '')).toBe(true);
  });

  it('may be silent for longer than those of a sidecar', async () => {
    const app = await opened(
      httpApp((_req, res) => {
        res.write('one,');
        setTimeout(() => res.end('two'), 100);
      }),
    );
    const plane = await start([app], { idleMs: 20 });
    expect(await send(plane.at, `GET / HTTP/1.0\r\n${H}\r\n`)).toMatch(/one,two$/);
  });
});

describe('an upgrade', () => {
  it('makes the connection one of bytes, those that came with it included', async () => {
    const app = await opened(
      httpApp(
        () => undefined,
        (server) =>
          server.on('upgrade', (req, socket) => {
            socket.write(
              `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${req.headers['sec-websocket-key']}\r\n\r\nfirst,`,
            );
            socket.on('data', (data: Buffer) => socket.write(data));
            socket.on('end', () => socket.end('bye'));
          }),
      ),
    );
    const plane = await start([app]);
    const client = await RawClient.connect(plane.at);
    client.write(`GET /ws HTTP/1.1\r\n${H}Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n`);
    await client.untilText('first,');
    expect(client.text).toMatch(/^HTTP\/1\.1 101 [\s\S]*Sec-WebSocket-Accept: k\r\n/);
    await plane.retarget([]);
    client.write('GET / HTTP/1.1,');
    await client.untilText('GET / HTTP/1.1,');
    client.socket.end();
    expect((await client.rest()).split('\r\n\r\n')[1]).toBe('first,GET / HTTP/1.1,bye');
  });

  it('that the server declines is a request like any other', async () => {
    const plane = await start([await opened(rawApp('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno'))]);
    const client = await RawClient.connect(plane.at);
    client.write(`GET /ws HTTP/1.1\r\n${H}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await client.untilText('no');
    client.close();
  });
});
