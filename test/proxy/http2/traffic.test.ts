import { once } from 'node:events';
import { Agent, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { callUpstream } from '../fixture/http.ts';
import { answerOf, type Http2App, Http2Client, http2App } from '../fixture/http2.ts';
import { Mesh, type MeshOptions } from '../fixture/mesh.ts';
import { httpApp, RawClient, type TestApp } from '../fixture/sockets.ts';

let app: TestApp | Http2App;
let mesh: Mesh;
let client: Http2Client;

async function start(of: Promise<TestApp | Http2App>, options: MeshOptions = {}): Promise<void> {
  app = await of;
  mesh = await Mesh.start({ app: app.at, ...options });
  client = new Http2Client(mesh.upstream);
}

afterEach(async () => {
  client.close();
  await mesh.close();
  await app.close();
});

/** Says what it got, in the version of HTTP that its protocol asks for. */
const telling = (protocol: 'http' | 'http2'): Promise<TestApp | Http2App> =>
  protocol === 'http'
    ? httpApp((req, res) => {
        void text(req).then((body) => {
          res.writeHead(200, { Trailer: 'x-sum', 'x-version': req.httpVersion, 'Set-Cookie': ['a=1', 'b=2'] });
          res.write(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, trailers: req.trailers, body }));
          res.addTrailers({ 'x-sum': '42' });
          res.end();
        });
      })
    : http2App((stream, headers) => {
        let trailers = {};
        stream.on('trailers', (fields) => {
          trailers = fields;
        });
        void text(stream).then((body) => {
          stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42' }));
          stream.respond({ ':status': 200, 'x-version': '2.0', 'set-cookie': ['a=1', 'b=2'] }, { waitForTrailers: true });
          const { ':method': method, ':path': url, ...rest } = headers;
          stream.end(JSON.stringify({ method, url, headers: rest, trailers, body }));
        });
      });

interface Told {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly trailers: Record<string, string>;
  readonly body: string;
}

async function statusOf(answer: Promise<IncomingMessage>): Promise<number | undefined> {
  const message = await answer;
  await text(message);
  return message.statusCode;
}

describe.each(['http', 'http2'] as const)('a service of protocol %s', (protocol) => {
  const version = protocol === 'http' ? '1.1' : '2.0';

  it('is reached by a client of HTTP/1.1', async () => {
    await start(telling(protocol), { protocol });
    const answer = await callUpstream(mesh, { method: 'POST', path: '/a?b', headers: { 'X-A': '1', Connection: 'x-a' } }, 'hello');
    const told = JSON.parse(await text(answer)) as Told;
    expect(answer.headers).toMatchObject({ 'x-version': version, 'set-cookie': ['a=1', 'b=2'] });
    expect(answer.trailers).toEqual({ 'x-sum': '42' });
    expect(told).toMatchObject({ method: 'POST', url: '/a?b', body: 'hello' });
    expect(told.headers).not.toHaveProperty('x-a');
    expect(told.headers['x-forwarded-client-cert']).toContain(`URI=${mesh.authority.identity('web')}`);
  });

  it('is reached by a client of HTTP/2', async () => {
    await start(telling(protocol), { protocol });
    const head = { ':method': 'POST', ':path': '/a?b', ':authority': 'payments', te: 'trailers' };
    const stream = client.session.request(
      { ...head, 'x-forwarded-client-cert': 'By=evil', cookie: ['c=1', 'd=2'] },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7', host: 'evil' }));
    stream.end('hello');
    const answer = await answerOf(stream);
    const told = JSON.parse(answer.body) as Told;
    expect(answer).toMatchObject({ status: 200, trailers: { 'x-sum': '42' } });
    expect(answer.headers).toMatchObject({ 'x-version': version, 'set-cookie': ['a=1', 'b=2'] });
    expect(told).toMatchObject({ method: 'POST', url: '/a?b', body: 'hello', trailers: { 'x-sum': '7' } });
    expect(told.trailers).not.toHaveProperty('host');
    expect(told.headers).toMatchObject({ cookie: 'c=1; d=2', te: 'trailers' });
    expect(told.headers[protocol === 'http' ? 'host' : ':authority']).toBe('payments');
    expect(told.headers['x-forwarded-client-cert']).toMatch(/^By=spiffe:[^,]*$/);
  });

  it('answers HEAD with the length of a body that does not come', async () => {
    const length = { 'content-length': 7 };
    await start(
      protocol === 'http'
        ? httpApp((_req, res) => res.writeHead(200, length).end())
        : http2App((stream) => stream.respond({ ':status': 200, ...length }, { endStream: true })),
      { protocol },
    );
    expect(await client.call({ ':method': 'HEAD' })).toMatchObject({ status: 200, headers: { 'content-length': '7' }, body: '' });
    const answer = await callUpstream(mesh, { method: 'HEAD' });
    expect(answer.headers['content-length']).toBe('7');
    expect(await text(answer)).toBe('');
  });

  it('passes interim answers on', async () => {
    const hints = { link: '</style.css>; rel=preload' };
    await start(
      protocol === 'http'
        ? httpApp((_req, res) => res.writeEarlyHints(hints, () => res.end('late')))
        : http2App((stream) => {
            stream.additionalHeaders({ ':status': 103, ...hints });
            stream.respond({ ':status': 200 });
            stream.end('late');
          }),
      { protocol },
    );
    expect(await client.call({})).toMatchObject({ status: 200, interim: [103], body: 'late' });
    const raw = await RawClient.connect(mesh.upstream);
    raw.write('GET / HTTP/1.1\r\nHost: payments\r\nConnection: close\r\n\r\n');
    expect(await raw.rest()).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <[\s\S]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/i);
  });

  it.each([204, 304, 205])('answers %d without a body', async (status) => {
    await start(
      protocol === 'http'
        ? httpApp((_req, res) => res.writeHead(status).end())
        : http2App((stream) => stream.respond({ ':status': status }, { endStream: true })),
      { protocol },
    );
    expect(await client.call({})).toMatchObject({ status, body: '' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 2; i++) expect(await statusOf(callUpstream(mesh, { agent }))).toBe(status);
    agent.destroy();
  });

  it('gets bytes above ASCII in fields unchanged', async () => {
    const echo = 'caf\xe9';
    await start(
      protocol === 'http'
        ? httpApp((req, res) => res.setHeader('x-echo', String(req.headers['x-name'])).end())
        : http2App((stream, headers) => stream.respond({ ':status': 200, 'x-echo': headers['x-name'] }, { endStream: true })),
      { protocol },
    );
    expect((await client.call({ 'x-name': echo })).headers['x-echo']).toBe(echo);
    expect((await callUpstream(mesh, { headers: { 'x-name': echo } })).headers['x-echo']).toBe(echo);
  });
});

describe('between sidecars of an http2 service', () => {
  it('requests that are under way together share one connection, to the application too', async () => {
    const waiting: (() => void)[] = [];
    await start(
      http2App((stream) => {
        waiting.push(() => {
          stream.respond({ ':status': 200 });
          stream.end('done');
        });
        if (waiting.length === 40) for (const go of waiting) go();
      }),
      { protocol: 'http2' },
    );
    const two = Array.from({ length: 20 }, () => client.call({}));
    const one = Array.from({ length: 20 }, async () => text(await callUpstream(mesh, {})));
    expect((await Promise.all(two)).map(({ body }) => body)).toEqual(Array.from({ length: 20 }, () => 'done'));
    expect(await Promise.all(one)).toEqual(Array.from({ length: 20 }, () => 'done'));
    expect(mesh.recorder.connections).toBe(1);
    expect((app as Http2App).sessions.size).toBe(1);
  });

  it('more of them than the application takes go on a further connection', async () => {
    const waiting: (() => void)[] = [];
    const onStream: Parameters<typeof http2App>[0] = (stream, headers) => {
      const answer = () => {
        stream.respond({ ':status': 200 });
        stream.end('done');
      };
      if (headers[':path'] === '/at-once') answer();
      else if (waiting.push(answer) === 5) for (const go of waiting) go();
    };
    await start(http2App(onStream, { settings: { maxConcurrentStreams: 3 } }), { protocol: 'http2' });
    // The limit is known from the first answer on.
    await client.call({ ':path': '/at-once' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.call({})));
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect((app as Http2App).sessions.size).toBe(2);
  });

  it('a slow reader holds up its own body alone, and what waits for it is bounded', async () => {
    const size = 12 * 1024 * 1024;
    const block = Buffer.alloc(64 * 1024, 'x');
    let written = 0;
    await start(
      http2App((stream, headers) => {
        stream.respond({ ':status': 200 });
        const writeOn = async () => {
          for (; written < size; written += block.length) if (!stream.write(block)) await once(stream, 'drain');
          stream.end();
        };
        if (headers[':path'] === '/quick') stream.end('quick');
        else void writeOn();
      }),
      { protocol: 'http2' },
    );
    const slow = client.request({ ':path': '/slow' }, true);
    await once(slow, 'response');
    for (let i = 0; i < 5; i++) expect((await client.call({ ':path': '/quick' })).body).toBe('quick');
    expect(written).toBeLessThan(size / 4);
    let read = 0;
    for await (const chunk of slow) read += (chunk as Buffer).length;
    expect(read).toBe(size);
  });
});
