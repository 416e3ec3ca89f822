import { once } from 'node:events';
import { connect, type ServerHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { callUpstream } from '../fixture/http.ts';
import { answerOf, type Http2App, Http2Client, http2App } from '../fixture/http2.ts';
import { CLUSTER, Mesh, type MeshOptions, WEB } from '../fixture/mesh.ts';
import { eventually, httpApp, type TestApp, tcpApp } from '../fixture/sockets.ts';

let mesh: Mesh;
let client: Http2Client;
const apps: (Http2App | TestApp)[] = [];

async function start(of: Promise<Http2App | TestApp>, options: MeshOptions = {}): Promise<void> {
  const app = await of;
  apps.push(app);
  mesh = await Mesh.start({ app: app.at, protocol: 'http2', ...options });
  client = new Http2Client(mesh.upstream);
}

afterEach(async () => {
  client.close();
  await mesh.close();
  for (const app of apps.splice(0)) await app.close();
});

/** Answers when told to; `/at-once` at once. */
function patient(): { app: Promise<Http2App>; readonly waiting: (() => void)[] } {
  const waiting: (() => void)[] = [];
  const app = http2App((stream, headers) => {
    const answer = () => {
      stream.respond({ ':status': 200 });
      stream.end('done');
    };
    if (headers[':path'] === '/at-once') answer();
    else waiting.push(answer);
  });
  return { app, waiting };
}

async function answerWithBody(stream: ServerHttp2Stream): Promise<void> {
  const body = await text(stream);
  stream.respond({ ':status': 200 });
  stream.end(`got ${body}`);
}

describe('a change of configuration', () => {
  it('of the intentions ends what it forbids with a 403, and what comes after it is refused on the same connection', async () => {
    const { app, waiting } = patient();
    await start(app);
    const call = client.call({});
    await eventually(() => waiting.length === 1, 'the request');
    await mesh.configure({ defaultAction: 'deny' });
    expect(await call).toMatchObject({ status: 403, body: 'RBAC: access denied' });
    expect((await client.call({})).status).toBe(403);
    await mesh.configure({ defaultAction: 'allow' });
    expect((await client.call({ ':path': '/at-once' })).status).toBe(200);
    expect(mesh.recorder.connections).toBe(1);
  });

  it('of the protocol lets requests finish, and the next ones go as it says', async () => {
    const { app, waiting } = patient();
    await start(app);
    const call = client.call({});
    await eventually(() => waiting.length === 1, 'the request');
    const other = await httpApp((req, res) => res.end(`HTTP/${req.httpVersion}`));
    apps.push(other);
    await mesh.configure({ protocol: 'http', app: other.at });
    // Its connection takes one more request and then no other.
    expect((await client.call({})).body).toBe('HTTP/1.1');
    for (const answer of waiting) answer();
    expect((await call).body).toBe('done');
    expect(await text(await callUpstream(mesh, {}))).toBe('HTTP/1.1');
    await eventually(() => client.session.closed, 'GOAWAY');
  });

  it('that one side has heard of before the other loses nothing', async () => {
    await start(http2App((stream) => void answerWithBody(stream)));
    const outbound = () => callUpstream(mesh, { method: 'POST' }, 'x').then(text);
    expect(await outbound()).toBe('got x');
    // The outbound side speaks HTTP/1.1 to a listener of http2, and then as bytes what the listener knows as HTTP/2.
    mesh.settings.protocol = 'http';
    await mesh.client.apply(mesh.update([mesh.web()]));
    expect(await outbound()).toBe('got x');
    mesh.settings.protocol = 'tcp';
    await mesh.client.apply(mesh.update([mesh.web()]));
    const bytes = connect(`http://127.0.0.1:${mesh.upstream.port}`);
    const stream = bytes.request({ ':method': 'POST', ':authority': 'payments' });
    stream.end('y');
    expect((await answerOf(stream)).body).toBe('got y');
    bytes.destroy();
    // The listener takes for bytes what the outbound side sends as HTTP/2.
    await mesh.server.apply(mesh.update([mesh.payments()]));
    mesh.settings.protocol = 'http2';
    await mesh.client.apply(mesh.update([mesh.web()]));
    expect(await outbound()).toBe('got x');
  });
});

describe('a sidecar that leaves', () => {
  it('tells its clients to go elsewhere, and lets their requests finish', async () => {
    const { app, waiting } = patient();
    await start(app);
    const call = client.call({});
    await eventually(() => waiting.length === 1, 'the request');
    const goaway = once(client.session, 'goaway');
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    await goaway;
    waiting[0]!();
    expect((await call).body).toBe('done');
    await eventually(() => client.session.destroyed, 'the end of the connection');
  });

  it('answers what outlasts the drain', async () => {
    const { app, waiting } = patient();
    await start(app, { limits: { drainMs: 20 } });
    const call = client.call({});
    await eventually(() => waiting.length === 1, 'the request');
    await mesh.client.apply(mesh.update([], { removedProxies: [WEB] }));
    const answer = await call;
    expect(answer.status).toBe(503);
    expect(answer.headers['x-mesh-reason']).toContain('has left the configuration');
  });
});

describe('an upstream', () => {
  it('that refuses a stream gets it once more, body included', async () => {
    let refused = 0;
    await start(
      http2App((stream) => {
        if (refused++ === 0) {
          stream.close(7);
          return;
        }
        void answerWithBody(stream);
      }),
    );
    expect(await client.call({ ':method': 'POST' }, 'the body')).toMatchObject({ status: 200, body: 'got the body' });
  });

  it('that refuses it again and again is not asked for ever', async () => {
    let asked = 0;
    await start(
      http2App((stream) => {
        asked++;
        stream.close(7);
      }),
    );
    expect(await client.call({})).toMatchObject({ status: 503 });
    expect(asked).toBe(2);
    expect(mesh.reasons()).toContain('the upstream refused the stream');
  });

  it('that resets a stream before it answers is a bad gateway, and one that does so later breaks it off', async () => {
    await start(
      http2App((stream, headers) => {
        if (headers[':path'] === '/late') {
          stream.respond({ ':status': 200 });
          stream.write('part', () => stream.destroy(new Error('broken')));
        } else stream.close(2);
      }),
    );
    expect((await client.call({ ':path': '/early' })).status).toBe(502);
    const late = await client.call({ ':path': '/late' });
    expect([late.status, late.code]).toEqual([200, 2]);
    const answer = await callUpstream(mesh, { path: '/late' });
    await expect(text(answer)).rejects.toThrow('aborted');
  });

  it('that does not speak HTTP/2 is named', async () => {
    await start(tcpApp((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'))));
    const answer = await client.call({});
    expect(answer.status).toBe(502);
    expect(answer.headers['x-mesh-reason']).toContain('does not speak HTTP/2');
  });

  it('hears of it when the client resets a stream', async () => {
    const codes: number[] = [];
    await start(http2App((stream) => stream.on('close', () => codes.push(stream.rstCode))));
    const stream = client.request({ ':method': 'POST' }, false);
    stream.write('x');
    await eventually(() => (apps[0] as Http2App).sessions.size === 1, 'the request');
    stream.close(8);
    await eventually(() => codes.length === 1, 'the reset');
    expect(codes).toEqual([8]);
  });

  it('that answers early is enough, whatever of the body is still to come', async () => {
    await start(
      http2App((stream) => {
        stream.respond({ ':status': 413 });
        stream.end('too much');
      }),
    );
    const stream = client.request({ ':method': 'POST' }, false);
    stream.write('some');
    expect(await answerOf(stream)).toMatchObject({ status: 413, body: 'too much', code: 0 });
  });
});

describe('silence', () => {
  it('ends a request, and not the connection', async () => {
    const { app } = patient();
    const splits = [{ weight: 100, cluster: CLUSTER }];
    const routes = [
      { match: { pathExact: '/at-once' }, splits },
      { match: {}, splits, action: { idleTimeoutMs: 100 } },
    ];
    await start(app, { routes });
    expect((await client.call({})).status).toBe(504);
    expect((await client.call({ ':path': '/at-once' })).status).toBe(200);
    expect(mesh.recorder.connections).toBe(1);
  });
});
