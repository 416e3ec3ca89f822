import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closedPort, golden, ManualClock, normalized, request, type Started, start } from './harness.ts';

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function serve(env: Record<string, string> = {}, clock?: ManualClock): Promise<Started> {
  const started = await start(env, clock);
  running.push({
    close: () => {
      const closed = started.service.close();
      clock?.advance(60_000);
      return closed;
    },
  });
  return started;
}

/** A plain HTTP server that answers every request with `text` and keeps what it received. */
async function plain(text: string, headers: Record<string, string | string[]> = {}) {
  const received: { method: string | undefined; url: string | undefined; headers: http.IncomingHttpHeaders; body: string }[] = [];
  const server = http.createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      received.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
      response.writeHead(200, headers).end(text);
    });
  });
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ close: () => server.close() && server.closeAllConnections() });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, connections: () => connections };
}

describe('a request', () => {
  it('is answered for any method and path', async () => {
    const { url } = await serve({ NAME: 'web', MESSAGE: 'hi' });
    const { status, headers, text } = await request(`${url}/a/b?c=1&d=2`, { method: 'POST', body: 'ignored' });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text).toContain('"uri": "/a/b?c=1\\u0026d=2"');
    expect(JSON.parse(text)).toMatchObject({ name: 'web', type: 'HTTP', ip_addresses: ['10.5.0.100'], body: 'hi', code: 200 });
    expect((await request(url, { method: 'DELETE' })).status).toBe(200);
    expect((await request(url, { method: 'HEAD' })).text).toBe('');
  });

  it.each([
    ['v0.24.2', 'false', 'close'],
    ['v0.24.2', 'true', 'keep-alive'],
    ['v0.9.0', 'false', 'keep-alive'],
  ])('to %s with HTTP_SERVER_KEEP_ALIVES=%s leaves the connection: %s', async (tag, keepAlives, connection) => {
    const { url } = await serve({ MESH_IMAGE_TAG: tag, HTTP_SERVER_KEEP_ALIVES: keepAlives });
    const agent = new http.Agent({ keepAlive: true });
    expect((await request(url, { agent })).headers.connection).toBe(connection);
    agent.destroy();
  });
});

it('hangs up on who does not finish a request in time', async () => {
  const env = { HTTP_SERVER_READ_TIMEOUT: '100500us', HTTP_SERVER_READHEADER_TIMEOUT: '1500us', HTTP_SERVER_IDLE_TIMEOUT: '2500us' };
  const { service } = await serve(env);
  const slow = connect(service.port, '127.0.0.1');
  slow.write('GET / HTTP/1.1\r\n');
  const [answer] = await once(slow, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 408 /);
  slow.destroy();
});

describe('upstream calls', () => {
  it('form a tree, across releases', async () => {
    const currency = await serve({ NAME: 'currency', MESSAGE: 'eur', MESH_IMAGE_TAG: 'v0.24.2' });
    const payments = await serve({ NAME: 'payments', UPSTREAM_URIS: currency.url, MESH_IMAGE_TAG: 'v0.9.0' });
    const web = await serve({ NAME: 'web', UPSTREAM_URIS: payments.url });
    const tree = JSON.parse((await request(web.url)).text);
    const second = tree.upstream_calls[payments.url];
    expect(second).toMatchObject({ name: 'payments', uri: payments.url, code: 200 });
    expect(second.headers).toMatchObject({ 'Content-Type': 'text/plain; charset=utf-8' });
    expect(second.upstream_calls[currency.url]).toMatchObject({ name: 'currency', body: 'eur', code: 200 });
    expect(JSON.parse((await request(payments.url)).text).upstream_calls).toMatchObject([{ name: 'currency', uri: currency.url }]);
  });

  it('repeat the path behind their own, without the query', async () => {
    const upstream = await plain('{}');
    const { url } = await serve({ UPSTREAM_URIS: `${upstream.url},${upstream.url}/v1?x=1` });
    await request(`${url}/currency?q=1`);
    expect(upstream.received.map(({ method, url }) => [method, url])).toEqual([
      ['GET', '/currency'],
      ['GET', '/v1/currency?x=1'],
    ]);
  });

  it('repeat headers, but not those of the connection, and keep the host of the author', async () => {
    const upstream = await plain('{}');
    const { url } = await serve({ UPSTREAM_URIS: upstream.url, MESH_ORIGINAL_UPSTREAM_URIS: 'http://payments:9090' });
    const headers = { 'X-Group': 'dev', 'User-Agent': 'curl/8', Connection: 'X-Hop', 'Keep-Alive': '5', TE: 'trailers', Upgrade: 'h2c' };
    const { text } = await request(url, { method: 'POST', headers, body: 'abc' });
    expect(upstream.received[0]!.headers).toEqual({ 'x-group': 'dev', 'user-agent': 'curl/8', host: 'payments:9090', connection: 'close' });
    expect(JSON.parse(text).upstream_calls['http://payments:9090'].uri).toBe('http://payments:9090');
  });

  it('repeat nothing when told so', async () => {
    const upstream = await plain('{}');
    const { url } = await serve({ UPSTREAM_URIS: `${upstream.url}/own`, HTTP_CLIENT_APPEND_REQUEST: 'false' });
    await request(`${url}/currency`, { headers: { 'X-Group': 'dev' } });
    expect(upstream.received[0]).toMatchObject({ url: '/own', headers: { host: upstream.url.slice(7) } });
    expect(upstream.received[0]!.headers).not.toHaveProperty('x-group');
  });

  it('are POST with a body', async () => {
    const upstream = await plain('{}');
    const { url } = await serve({ UPSTREAM_URIS: upstream.url, UPSTREAM_REQUEST_BODY: 'hello' });
    await request(url);
    expect(upstream.received[0]).toMatchObject({ method: 'POST', body: 'hello', headers: { 'content-length': '5' } });
  });

  it.each([
    ['true', 1],
    ['false', 3],
  ])('with HTTP_CLIENT_KEEP_ALIVES=%s need %d connections for three', async (keepAlives, count) => {
    const upstream = await plain('{}');
    const { url } = await serve({ UPSTREAM_URIS: upstream.url, HTTP_CLIENT_KEEP_ALIVES: keepAlives });
    for (let i = 0; i < 3; i++) await request(url);
    expect(upstream.connections()).toBe(count);
  });

  it('show headers, cookies and the code of what is no fake-service', async () => {
    const upstream = await plain('<html>', { 'x-many': ['a', 'b'], 'set-cookie': ['id="1"; Path=/', 'x=y'] });
    const { url, lines } = await serve({ UPSTREAM_URIS: upstream.url });
    const { status, text } = await request(url);
    expect(status).toBe(200);
    expect(JSON.parse(text).upstream_calls[upstream.url]).toEqual({
      uri: upstream.url,
      headers: { Date: expect.any(String), 'Set-Cookie': 'id="1"; Path=/,x=y', 'X-Many': 'a,b' },
      cookies: { id: '1', x: 'y' },
      code: 200,
    });
    expect(lines.some((line) => line.startsWith('error Unable to read response JSON'))).toBe(true);
  });

  it.each(['v0.9.0', 'v0.24.2'])('that fail are shown by %s, and all are made', async (tag) => {
    const payments = await serve({ NAME: 'payments', MESH_VIRTUAL_ADDRESS: '10.5.0.110', ERROR_RATE: '1', ERROR_CODE: '503' });
    const { url } = await serve({
      NAME: 'web',
      MESH_IMAGE_TAG: tag,
      UPSTREAM_URIS: `http://127.0.0.1:${await closedPort()},${payments.url}`,
      MESH_ORIGINAL_UPSTREAM_URIS: 'http://10.5.0.9:9090,http://10.5.0.110:9090',
      TIMING_50_PERCENTILE: '1h',
    });
    const { status, text } = await request(`${url}/currency`);
    expect(status).toBe(500);
    expect(normalized(text)).toBe(golden(`upstream-failed.${tag}.json`));
  });

  it('end when the other side hangs up, or takes too long', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    const rude = createServer((socket) => socket.once('data', () => socket.end()));
    for (const server of [silent, rude]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      running.push({ close: () => server.close() });
    }
    const urls = [silent, rude].map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const clock = new ManualClock();
    const { url } = await serve({ UPSTREAM_URIS: urls.join(), UPSTREAM_WORKERS: '2', HTTP_CLIENT_REQUEST_TIMEOUT: '3s' }, clock);
    const answer = request(url);
    await clock.sleeping(3_000);
    clock.advance(3_000);
    const calls = JSON.parse((await answer).text).upstream_calls;
    expect(calls[urls[0]!].error).toBe(
      `Error communicating with upstream service: Get "${urls[0]}/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    );
    expect(calls[urls[1]!].error).toMatch(/^Error communicating with upstream service: Get "http:\/\/[^"]+": (EOF|context deadline)/);
  });
});

describe('injected faults and timing', () => {
  it('fail every second request, in this order', async () => {
    const { url } = await serve({ NAME: 'web', ERROR_RATE: '0.5' });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await request(url));
    expect(answers.map((answer) => answer.status)).toEqual([200, 500, 200, 500]);
    expect(answers[1]!.text).toBe(golden('injected.v0.24.2.json'));
  });

  it('delay first, when they are delays', async () => {
    const clock = new ManualClock();
    const { url } = await serve({ ERROR_RATE: '1', ERROR_TYPE: 'delay', ERROR_DELAY: '2s', ERROR_CODE: '504' }, clock);
    const answer = request(url);
    await clock.sleeping(2_000);
    clock.advance(2_000);
    expect(await answer).toMatchObject({ status: 504, text: expect.stringContaining('Service delay automatically injected') });
  });

  it('make a request last as long as configured', async () => {
    const clock = new ManualClock();
    const { url } = await serve({ TIMING_50_PERCENTILE: '250ms' }, clock);
    const answer = request(url);
    await clock.sleeping(250);
    clock.advance(250);
    expect(JSON.parse((await answer).text).duration).toBe('250ms');
  });

  it('hang up on whom they kept waiting longer than HTTP_SERVER_WRITE_TIMEOUT', async () => {
    const clock = new ManualClock();
    const { url } = await serve({ TIMING_50_PERCENTILE: '11s' }, clock);
    const answer = request(url);
    await Promise.all([clock.sleeping(11_000).then(() => clock.advance(11_000)), expect(answer).rejects.toThrow('socket hang up')]);
  });
});

describe('other endpoints', () => {
  it('/health and /ready', async () => {
    const clock = new ManualClock();
    const env = { HEALTH_CHECK_RESPONSE_CODE: '418', READY_CHECK_RESPONSE_DELAY: '5s', READY_CHECK_ROOT_PATH_WAIT_TILL_READY: 'true' };
    const { url } = await serve(env, clock);
    expect(await request(`${url}/health`)).toMatchObject({ status: 418, text: 'OK' });
    expect(await request(`${url}/ready`)).toMatchObject({ status: 503, text: 'Starting Process' });
    expect(await request(url)).toMatchObject({ status: 503, text: '' });
    clock.advance(5_000);
    expect(await request(`${url}/ready`)).toMatchObject({ status: 200, text: 'OK' });
    expect((await request(url)).status).toBe(200);
  });

  it('are fewer in v0.9', async () => {
    const { url } = await serve({ MESH_IMAGE_TAG: 'v0.9.0' });
    expect((await request(`${url}/health`)).text).toBe('OK');
    expect(JSON.parse((await request(`${url}/ready`)).text).uri).toBe('/ready');
    expect(JSON.parse((await request(`${url}/config/error_rate/1`)).text).uri).toBe('/config/error_rate/1');
  });

  it('/config changes what comes next', async () => {
    const { url } = await serve();
    expect(await request(`${url}/config/error_rate/1`)).toMatchObject({ status: 200 });
    expect((await request(url)).status).toBe(500);
    expect(await request(`${url}/config/error_rate/2`)).toMatchObject({
      status: 400,
      text: 'error_rate is "2", expected a number from 0 to 1\n',
    });
    await request(`${url}/config/health_check_response_code/503`, { method: 'PUT' });
    expect((await request(`${url}/health`)).status).toBe(503);
    expect((await request(`${url}/config/x/1`)).text).toBe('unknown setting "x", expected error_rate or health_check_response_code\n');
  });

  it('are open to pages of other origins, as configured', async () => {
    const { url } = await serve({ ALLOWED_ORIGINS: 'http://a, http://b', ALLOW_CREDENTIALS: 'true' });
    const from = async (origin: string) => (await request(url, { headers: { origin } })).headers;
    expect(await from('http://b')).toMatchObject({
      'access-control-allow-origin': 'http://b',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    expect(await from('http://c')).not.toHaveProperty('access-control-allow-origin');
    const ask = (headers: Record<string, string>) =>
      request(url, { method: 'OPTIONS', headers: { origin: 'http://a', 'access-control-request-method': 'GET', ...headers } });
    expect(await ask({ 'access-control-request-headers': 'content-type' })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-headers': 'Content-Type' },
    });
    expect((await ask({ 'access-control-request-headers': 'x-other' })).status).toBe(403);
    expect((await ask({ 'access-control-request-method': 'DELETE' })).status).toBe(405);
  });
});

it('lets go of who leaves without a word', async () => {
  const { service } = await serve();
  const silent = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true }).resume();
  silent.end();
  await once(silent, 'close');
});

describe('close', () => {
  it('lets a running request end, and closes idle connections at once', async () => {
    const clock = new ManualClock();
    const { service, url } = await start({ TIMING_50_PERCENTILE: '1s', MESH_IMAGE_TAG: 'v0.9.0' }, clock);
    const idle = connect(service.port, '127.0.0.1').resume();
    const idleEnded = once(idle, 'close');
    await once(idle, 'connect');
    const agent = new http.Agent({ keepAlive: true });
    const answer = request(url, { agent });
    await clock.sleeping(1_000);
    const closed = service.close();
    await idleEnded;
    await expect(request(url)).rejects.toThrow('ECONNREFUSED');
    clock.advance(1_000);
    expect(await answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await closed;
    agent.destroy();
  });

  it('cuts off what takes longer than the deadline', async () => {
    const clock = new ManualClock();
    const { service, url } = await start({ TIMING_50_PERCENTILE: '1h' }, clock);
    const answer = request(url);
    await clock.sleeping(3_600_000);
    const closed = service.close(5_000);
    const failed = expect(answer).rejects.toThrow('socket hang up');
    clock.advance(5_000);
    await Promise.all([closed, failed]);
  });

  it('is the same when asked twice', async () => {
    const { service } = await start();
    await Promise.all([service.close(), service.close()]);
  });
});

it('says who is in the way', async () => {
  const { service } = await serve();
  await expect(start({ LISTEN_ADDR: `127.0.0.1:${service.port}` })).rejects.toMatchObject({
    code: 'environment',
    message: `can't listen on 127.0.0.1:${service.port}: the address is already in use`,
  });
});
