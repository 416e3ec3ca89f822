import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { callUpstream, rawApp } from '../fixture/http.ts';
import { Mesh, type MeshOptions } from '../fixture/mesh.ts';
import { httpApp, RawClient, send, type TestApp } from '../fixture/sockets.ts';

let app: TestApp;
let mesh: Mesh;
const H = 'Host: payments\r\n';

async function start(of: Promise<TestApp>, options: MeshOptions = {}): Promise<void> {
  app = await of;
  mesh = await Mesh.start({ app: app.at, protocol: 'http', ...options });
}

afterEach(async () => {
  await mesh.close();
  await app.close();
});

describe('one request', () => {
  it('reaches the application with its fields, without those of one hop, and with who sent it', async () => {
    await start(httpApp((req, res) => res.end(JSON.stringify({ url: req.url, headers: req.rawHeaders }))));
    const answer = await send(
      mesh.upstream,
      `GET /a?b HTTP/1.1\r\n${H}X-A: 1\r\nKeep-Alive: 5\r\nX-Hop: 2\r\nConnection: close, X-Hop, X-Forwarded-Client-Cert\r\nX-Forwarded-Client-Cert: By=evil\r\nx-a: 3\r\n\r\n`,
    );
    const seen = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { url: string; headers: string[] };
    expect(seen.url).toBe('/a?b');
    const by = `By=${mesh.authority.identity('payments')};Hash=`;
    expect(seen.headers).toEqual(['Host', 'payments', 'X-A', '1', 'x-a', '3', 'x-forwarded-client-cert', expect.stringContaining(by)]);
    expect(seen.headers.at(-1)).toMatch(new RegExp(`;Hash=[0-9a-f]{64};URI=${mesh.authority.identity('web')}$`));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nConnection: close\r\n/);
  });

  it('leaves no readable byte between the sidecars', async () => {
    await start(httpApp((_req, res) => res.setHeader('X-Secret', 'answer-secret').end('body-secret')));
    const answer = await send(mesh.upstream, `GET /path-secret HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    expect(answer).toContain('body-secret');
    const wire = mesh.recorder.bytes();
    expect(wire.length).toBeGreaterThan(500);
    expect(wire.toString('latin1')).not.toMatch(/secret|HTTP\/1/);
    // The first record is a TLS handshake (22) with a ClientHello.
    expect([wire[0], wire[1], wire[5]]).toEqual([22, 3, 1]);
  });

  it('goes on the same two connections as the one before it', async () => {
    await start(httpApp((req, res) => res.end(req.url)));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const path of ['/1', '/2', '/3']) expect(await text(await callUpstream(mesh, { path, agent }))).toBe(path);
    agent.destroy();
    expect(mesh.recorder.connections).toBe(1);
    expect(app.sockets.size).toBe(1);
  });

  it('of HTTP/1.0 is answered so that its client understands', async () => {
    await start(rawApp('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'));
    const answer = await send(mesh.upstream, 'GET / HTTP/1.0\r\n\r\n');
    expect(answer).toBe('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello');
  });

  it('with HEAD gets the length of a body that does not come', async () => {
    await start(httpApp((_req, res) => res.setHeader('Content-Length', 7).end()));
    const client = await RawClient.connect(mesh.upstream);
    client.write(`HEAD /1 HTTP/1.1\r\n${H}\r\nHEAD /2 HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    const answer = await client.rest();
    expect(answer.match(/HTTP\/1\.1 200 OK\r\n/g)).toHaveLength(2);
    expect(answer.match(/Content-Length: 7\r\n/g)).toHaveLength(2);
    client.close();
  });

  it.each([204, 304])('answered %d leaves the connection in step', async (status) => {
    await start(httpApp((req, res) => (req.url === '/1' ? res.writeHead(status).end() : res.end('second'))));
    const answer = await send(mesh.upstream, `GET /1 HTTP/1.1\r\n${H}\r\nGET /2 HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*HTTP/1.1 200 OK[\\s\\S]*second$`));
  });

  it('waits for 100 Continue when it asks to', async () => {
    await start(httpApp((req, res) => void text(req).then((body) => res.end(`got ${body}`))));
    const client = await RawClient.connect(mesh.upstream);
    client.write(`POST / HTTP/1.1\r\n${H}Expect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n`);
    await client.untilText('HTTP/1.1 100 Continue\r\n\r\n');
    client.write('body');
    expect(await client.rest()).toContain('got body');
    client.close();
  });
});

describe('a client that waits for 100 Continue', () => {
  const asking = `POST / HTTP/1.1\r\n${H}Expect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n`;

  it('is told to go on when the application has never heard of it', async () => {
    const silent = httpApp(
      () => undefined,
      (server) => server.on('checkContinue', (req, res) => void text(req).then((body) => res.end(`got ${body}`))),
    );
    await start(silent, { limits: { continueMs: 30 } });
    const client = await RawClient.connect(mesh.upstream);
    client.write(asking);
    await client.untilText('HTTP/1.1 100 Continue\r\n\r\n');
    client.write('body');
    const answer = await client.rest();
    expect(answer).toContain('got body');
    expect(answer.match(/100 Continue/g)).toHaveLength(1);
  });

  it('does not send what the application refuses', async () => {
    const refusing = httpApp(
      () => undefined,
      (server) => server.on('checkContinue', (_req, res) => res.writeHead(413).end('too much')),
    );
    await start(refusing);
    expect(await send(mesh.upstream, asking)).toMatch(/^HTTP\/1\.1 413 [\s\S]*too much/);
  });
});

describe('bodies', () => {
  it('are served in order when requests are pipelined', async () => {
    await start(
      httpApp((req, res) => {
        void text(req).then((body) => (req.url === '/1' ? setImmediate(() => res.end('one')) : res.end(`${req.url}${body}`)));
      }),
    );
    const client = await RawClient.connect(mesh.upstream);
    client.write(
      `GET /1 HTTP/1.1\r\n${H}\r\nPOST /2 HTTP/1.1\r\n${H}Content-Length: 2\r\n\r\nxyPOST /3 HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\nz\r\n0\r\n\r\n`,
    );
    const bodies = (await client.rest()).split(/HTTP\/1\.1 200 OK\r\n[\s\S]*?\r\n\r\n/).slice(1);
    expect(bodies).toEqual(['one', '/2xy', '/3z']);
    client.close();
  });

  it('go in chunks both ways, trailers included', async () => {
    await start(
      httpApp((req, res) => {
        void text(req).then((body) => {
          res.writeHead(200, { Trailer: 'X-Sum' });
          res.write(body);
          res.addTrailers({ 'X-Sum': String(req.trailers['x-sum']) });
          res.end('!');
        });
      }),
    );
    const answer = await send(
      mesh.upstream,
      `POST / HTTP/1.1\r\n${H}TE: trailers\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 42\r\nHost: evil\r\n\r\n`,
    );
    expect(answer).toMatch(/\r\nTransfer-Encoding: chunked\r\n/);
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe('5\r\nabcde\r\n1\r\n!\r\n0\r\nX-Sum: 42\r\n\r\n');
  });

  it('without a length become chunks, so that a cut is seen as one', async () => {
    await start(rawApp('HTTP/1.1 200 OK\r\n\r\nuntil close', true));
    const answer = await send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/Transfer-Encoding: chunked[\s\S]*b\r\nuntil close\r\n0\r\n\r\n$/);
  });

  it('of 50 MB pass both ways, and what is under way stays bounded when the reader is slow', async () => {
    const size = 50 * 1024 * 1024;
    const block = Buffer.alloc(64 * 1024, 'x');
    const written = { up: 0, down: 0 };
    const read = { up: 0, down: 0 };
    const most = { up: 0, down: 0 };
    const write = async (way: 'up' | 'down', to: Writable) => {
      for (; written[way] < size; written[way] += block.length) {
        most[way] = Math.max(most[way], written[way] - read[way]);
        if (!to.write(block)) await once(to, 'drain');
      }
      to.end();
    };
    const readSlowly = async (way: 'up' | 'down', from: Readable) => {
      for await (const chunk of from) {
        read[way] += (chunk as Buffer).length;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await start(
      httpApp((req, res) => {
        void readSlowly('up', req).then(() => write('down', res.writeHead(200, { 'Content-Length': size })));
      }),
    );
    const { address: host, port } = mesh.upstream;
    const upload = request({ host, port, agent: false, method: 'POST', headers: { 'Content-Length': size } });
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    await write('up', upload);
    const [response] = await answered;
    await readSlowly('down', response);
    expect(read).toEqual({ up: size, down: size });
    // The kernel holds some MB for each of the four connections; a hop that reads ahead would hold nearly all.
    expect(Math.max(most.up, most.down)).toBeLessThan(size / 2);
  });

  it('answered early end the connection, for the rest of the request has nowhere to go', async () => {
    await start(rawApp('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno'));
    const client = await RawClient.connect(mesh.upstream);
    client.write(`POST / HTTP/1.1\r\n${H}Content-Length: 1000000\r\n\r\nsome`);
    const answer = await client.rest();
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*no$/);
    client.close();
  });
});

describe('an upgrade', () => {
  it('becomes a tunnel, bytes sent early included, and ends half by half', async () => {
    await start(
      httpApp(
        () => undefined,
        (server) =>
          server.on('upgrade', (req, socket) => {
            socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nfirst,');
            socket.on('data', (data: Buffer) => socket.write(data));
            socket.on('end', () => socket.end(`bye ${req.headers.upgrade}`));
          }),
      ),
    );
    const client = await RawClient.connect(mesh.upstream);
    client.write(`GET / HTTP/1.1\r\n${H}Connection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
    await client.untilText('first,');
    client.write('ping,');
    await client.untilText('ping,');
    client.socket.end();
    expect((await client.rest()).split('\r\n\r\n')[1]).toBe('first,ping,bye echo');
    expect(client.text).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\nConnection: Upgrade\r\nUpgrade: echo\r\n/i);
  });

  it('that nobody asked for is an upstream fault', async () => {
    await start(rawApp('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'));
    expect(await send(mesh.upstream, `GET / HTTP/1.1\r\n${H}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 502 /);
  });

  it('to h2c is not passed on', async () => {
    await start(httpApp((req, res) => res.end(`upgrade: ${req.headers.upgrade}, names: ${Object.keys(req.headers).join()}.`)));
    const asked = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
    const client = await RawClient.connect(mesh.upstream);
    client.write(`GET / HTTP/1.1\r\n${H}${asked}\r\n`);
    await client.untilText('upgrade: undefined, names: host,x-forwarded-client-cert.');
    client.close();
  });
});
