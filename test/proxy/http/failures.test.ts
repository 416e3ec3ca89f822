import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { callUpstream, rawApp } from '../fixture/http.ts';
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

describe('failures', () => {
  it('of the application in the middle of a response are seen as such', async () => {
    await start(tcpApp((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'))));
    const response = await callUpstream(mesh, { path: '/' });
    await expect(text(response)).rejects.toThrow();
  });

  it.each([
    ['garbage', 'SSH-2.0-x\r\n\r\n', 502],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 502],
    ['CL and TE', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 502],
    ['nothing', '', 502],
  ])('%s from the application is a 502 with a reason', async (_name, answer, status) => {
    await start(rawApp(answer, true));
    const response = await callUpstream(mesh, { path: '/' });
    expect(response.statusCode).toBe(status);
    expect(response.headers['x-mesh-reason']).toMatch(/upstream/);
    response.resume();
  });

  it('an application that is not there is a 503 that says where it was expected', async () => {
    await start(httpApp(() => undefined));
    await mesh.configure({ app: { address: '127.0.0.1', port: 1 } });
    const response = await callUpstream(mesh, { path: '/' });
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
    const response = await callUpstream(mesh, { path: '/' });
    expect([response.statusCode, response.headers['x-mesh-reason']]).toEqual([503, 'no healthy instances of payments']);
    response.resume();
  });

  it('an endpoint that is dead is stepped over', async () => {
    await start(httpApp((_req, res) => res.end('alive')));
    const alive = { id: 'a', weight: 1, ...mesh.recorder.address };
    await mesh.configure({ endpoints: [{ id: 'dead', weight: 1, address: '127.0.0.1', port: 1 }, alive] });
    for (let i = 0; i < 4; i++) expect(await text(await callUpstream(mesh, { path: '/' }))).toBe('alive');
  });

  it('an application that never answers is a 504, a client that stops in its body gets a 408', async () => {
    await start(
      httpApp((req) => void req.resume()),
      { limits: { idleMs: 100 } },
    );
    expect((await callUpstream(mesh, { path: '/' })).statusCode).toBe(504);
    const answer = await send(mesh.upstream, `POST / HTTP/1.1\r\n${H}Content-Length: 5\r\n\r\nhalf`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('an endpoint that accepts and says nothing is a 504 within its connect timeout', async () => {
    const silent = await tcpApp(() => undefined);
    await start(
      httpApp(() => undefined),
      { connectTimeoutMs: 100, endpoints: [{ id: 'silent', weight: 1, ...silent.at }] },
    );
    const response = await callUpstream(mesh, { path: '/' });
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
    for (let i = 0; i < 3; i++) expect(await text(await callUpstream(mesh, { path: '/' }))).toBe('ok');
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
    for (let i = 0; i < 4; i++) expect((await callUpstream(mesh, { path: '/' })).statusCode).toBe(200);
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
    expect((await callUpstream(mesh, { path: '/' })).statusCode).toBe(200);
    expect((await callUpstream(mesh, { path: '/', method: 'POST' }, 'x')).statusCode).toBe(502);
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
