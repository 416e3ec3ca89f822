import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { Mesh, type MeshOptions } from '../fixture/mesh.ts';
import { eventually, httpApp, RawClient, send, type TestApp, tcpApp } from '../fixture/sockets.ts';

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

/** A raw application that answers each connection's first bytes with fixed ones. */
function rawApp(answer: string, andEnd = false): Promise<TestApp> {
  return tcpApp((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from(answer, 'latin1'));
      if (andEnd) socket.end();
    });
  });
}

function call(options: RequestOptions, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { address: host, port } = mesh.upstream;
    request({ host, port, agent: false, ...options }, resolve)
      .on('error', reject)
      .end(body);
  });
}

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
    for (const path of ['/1', '/2', '/3']) expect(await text(await call({ path, agent }))).toBe(path);
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

describe('failures', () => {
  it('of the application in the middle of a response are seen as such', async () => {
    await start(tcpApp((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'))));
    const response = await call({ path: '/' });
    await expect(text(response)).rejects.toThrow();
  });

  it.each([
    ['garbage', 'SSH-2.0-x\r\n\r\n', 502],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 502],
    ['CL and TE', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 502],
    ['nothing', '', 502],
  ])('%s from the application is a 502 with a reason', async (_name, answer, status) => {
    await start(rawApp(answer, true));
    const response = await call({ path: '/' });
    expect(response.statusCode).toBe(status);
    expect(response.headers['x-mesh-reason']).toMatch(/upstream/);
    response.resume();
  });

  it('an application that is not there is a 503 that says where it was expected', async () => {
    await start(httpApp(() => undefined));
    await mesh.configure({ app: { address: '127.0.0.1', port: 1 } });
    const response = await call({ path: '/' });
    expect([response.statusCode, response.headers['x-mesh-reason']]).toEqual([
      503,
      "can't reach payments: 127.0.0.1:1 refused the connection",
    ]);
    response.resume();
  });

  it('no healthy instance is a 503 that says so', async () => {
    await start(
      httpApp(() => undefined),
      { endpoints: [] },
    );
    const response = await call({ path: '/' });
    expect([response.statusCode, response.headers['x-mesh-reason']]).toEqual([503, 'no healthy instances of payments']);
    response.resume();
  });

  it('an endpoint that is dead is stepped over', async () => {
    await start(httpApp((_req, res) => res.end('alive')));
    const alive = { id: 'a', weight: 1, ...mesh.recorder.address };
    await mesh.configure({ endpoints: [{ id: 'dead', weight: 1, address: '127.0.0.1', port: 1 }, alive] });
    for (let i = 0; i < 4; i++) expect(await text(await call({ path: '/' }))).toBe('alive');
  });

  it('an application that never answers is a 504, a client that stops in its body gets a 408', async () => {
    await start(
      httpApp((req) => void req.resume()),
      { limits: { idleMs: 100 } },
    );
    expect((await call({ path: '/' })).statusCode).toBe(504);
    const answer = await send(mesh.upstream, `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhalf`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('an endpoint that accepts and says nothing is a 504 within its connect timeout', async () => {
    const silent = await tcpApp(() => undefined);
    await start(
      httpApp(() => undefined),
      { connectTimeoutMs: 100, endpoints: [{ id: 'silent', weight: 1, ...silent.at }] },
    );
    const response = await call({ path: '/' });
    expect([response.statusCode, response.headers['x-mesh-reason']]).toEqual([
      504,
      `can't reach payments: 127.0.0.1:${silent.at.port} did not answer within 100 ms`,
    ]);
    response.resume();
    await silent.close();
  });

  it('a second response to one request does not become the next one’s', async () => {
    await start(
      tcpApp((socket) =>
        socket.on('data', () =>
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'),
        ),
      ),
    );
    for (let i = 0; i < 3; i++) expect(await text(await call({ path: '/' }))).toBe('ok');
  });

  it('an idle connection that the application has closed is replaced without the client noticing', async () => {
    await start(
      tcpApp((socket) => {
        let served = 0;
        socket.on('data', () => {
          // The second request on a connection meets a server that is just closing it.
          if (served++ === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          else socket.destroy();
        });
      }),
    );
    for (let i = 0; i < 4; i++) expect((await call({ path: '/' })).statusCode).toBe(200);
    expect(mesh.server.stats().listeners['dc1/node/payments-sidecar-proxy/inbound']!.retries).toBeGreaterThan(0);
  });

  it('a POST is not sent twice', async () => {
    let seen = 0;
    await start(
      tcpApp((socket) => {
        let served = 0;
        socket.on('data', (data: Buffer) => {
          if (data.includes('POST')) seen++;
          if (served++ === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          else socket.destroy();
        });
      }),
    );
    expect((await call({ path: '/' })).statusCode).toBe(200);
    expect((await call({ path: '/', method: 'POST' }, 'x')).statusCode).toBe(502);
    expect(seen).toBe(1);
  });
});

describe('a client that leaves', () => {
  it.each(['before the response', 'in the middle of it'])('%s ends the work for it all the way', async (when) => {
    let arrived = false;
    await start(
      httpApp((_req, res) => {
        arrived = true;
        if (when === 'in the middle of it') res.write('part');
      }),
    );
    const client = await RawClient.connect(mesh.upstream);
    client.write(`GET / HTTP/1.1\r\n${H}\r\n`);
    if (when === 'in the middle of it') await client.untilText('part');
    else await eventually(() => arrived, 'the request arrived');
    client.close();
    await eventually(() => app.sockets.size === 0, 'the connection to the application was closed');
  });

  it('in the middle of its body is not taken for one that has finished it', async () => {
    let outcome = '';
    await start(
      httpApp((req) => {
        req.on('end', () => (outcome = 'end'));
        req.on('error', () => (outcome = 'aborted'));
        req.resume();
      }),
    );
    const client = await RawClient.connect(mesh.upstream);
    client.write(`POST / HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
    await eventually(() => app.sockets.size > 0, 'the request arrived');
    client.close();
    await eventually(() => outcome !== '', 'the application noticed');
    expect(outcome).toBe('aborted');
  });
});
