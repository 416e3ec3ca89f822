import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registration, webAndPayments } from '../harness.ts';
import { openTestApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.plane.commit(webAndPayments);
});
afterAll(() => api[Symbol.asyncDispose]());

/** `status body` and the headers that matter, as a transcript would show them. */
async function seen(path: string, call: Parameters<TestApi['call']>[1] = {}): Promise<[number, string]> {
  const reply = await api.call(path, call);
  return [reply.status, reply.text];
}

describe('every request', () => {
  it('to an unknown path gets 404 and nothing', async () => {
    const reply = await api.call('/v1/nope');
    expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([404, '', undefined]);
  });

  it('with another method gets 405, the methods, and a text', async () => {
    const reply = await api.call('/v1/health/service/web', { method: 'POST' });
    expect([reply.status, reply.headers['allow'], reply.text]).toEqual([405, 'OPTIONS,GET', 'method POST not allowed']);
    expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await api.call('/v1/config/a/b', { method: 'HEAD' })).status).toBe(405);
  });

  it('with OPTIONS gets the methods alone, and nothing that lets other sites in', async () => {
    const reply = await api.call('/v1/config/a/b', { method: 'OPTIONS' });
    expect([reply.status, reply.headers['allow'], reply.text]).toEqual([200, 'OPTIONS,GET,DELETE', '']);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('says that ACLs are off and that encodings vary', async () => {
    for (const path of ['/v1/status/leader', '/v1/nope']) {
      const { headers } = await api.call(path);
      expect([headers['x-consul-default-acl-policy'], headers['vary']]).toEqual(['allow', 'Accept-Encoding']);
    }
  });

  it('is compact, and pretty when asked', async () => {
    expect((await api.call('/v1/catalog/datacenters')).text).toBe('["dc1"]');
    expect((await api.call('/v1/catalog/datacenters?pretty')).text).toBe('[\n    "dc1"\n]\n');
  });

  it('keeps what the client escaped', async () => {
    expect((await api.call('/v1/health/service/we%62')).json).toHaveLength(1);
    expect((await api.call('/v1/health/service/web%00')).status).toBe(400);
    expect((await api.call('/v1/health/service/%zz')).status).toBe(400);
  });

  it('moves to the path with a slash where Consul does', async () => {
    const reply = await api.call('/v1/health/service');
    expect([reply.status, reply.headers['location'], reply.text]).toEqual([
      301,
      '/v1/health/service/',
      '<a href="/v1/health/service/">Moved Permanently</a>.\n\n',
    ]);
    expect((await api.call('/v1//x/../catalog/nodes?a=b&c')).headers['location']).toBe('/v1/catalog/nodes?a=b&c');
    expect((await api.call('/')).headers['location']).toBe('/ui/');
  });
});

describe('answers', () => {
  const gzip = { 'Accept-Encoding': 'gzip' };

  it('are compressed for those who take it, errors as well, and nothing is not', async () => {
    for (const path of ['/v1/catalog/datacenters', '/v1/health/service/web', '/v1/health/service/web', '/v1/health/service/']) {
      const plain = await api.call(path);
      const packed = await fetchRaw(path, gzip);
      expect([packed.headers['content-encoding'], gunzipSync(packed.body).toString()]).toEqual(['gzip', plain.text]);
    }
    expect((await fetchRaw('/v1/nope', gzip)).headers['content-encoding']).toBeUndefined();
  });

  it('that were made already are those of the present', async () => {
    const path = '/v1/config/service-defaults/cached';
    const write = (Protocol: string) =>
      api.call('/v1/config', { method: 'PUT', body: { Kind: 'service-defaults', Name: 'cached', Protocol } });
    await write('http');
    for (const protocol of ['http', 'grpc', 'tcp']) {
      await write(protocol);
      for (let i = 0; i < 3; i++) expect((await api.call(path)).json).toMatchObject({ Protocol: protocol });
    }
    expect((await api.call(`${path}?pretty`)).text).toContain('\n');
    expect((await api.call(path, { headers: { 'X-Consul-Namespace': 'x' } })).status).toBe(400);
  });

  it('say whether an agent would have had them in its cache', async () => {
    const path = '/v1/health/service/cached-or-not?cached';
    const seenOf = async (path: string) => {
      const { headers } = await api.call(path);
      return [headers['x-cache'], headers['age']];
    };
    expect(await seenOf(path)).toEqual(['MISS', undefined]);
    expect(await seenOf(path)).toEqual(['HIT', '0']);
    expect(await seenOf('/v1/catalog/nodes?cached')).toEqual([undefined, undefined]);
  });

  it('name their backend as newer Consul does', async () => {
    const { headers } = await api.call('/v1/health/service/web');
    expect(headers['x-consul-query-backend']).toBe('blocking-query');
    expect(headers['connection']).toBe('close');
  });
});

describe('query parameters', () => {
  it.each([
    ['?stale&consistent', 400, 'Cannot specify ?stale with ?consistent, conflicting semantics.'],
    ['?index=abc', 400, 'Invalid index'],
    ['?wait=abc', 400, 'Invalid wait time'],
    ['?dc=nope', 500, 'No path to datacenter'],
    ['?cached&consistent', 400, 'Cannot specify ?cached with ?consistent, conflicting semantics.'],
    ['?max_stale=1s&consistent', 400, 'Cannot specify ?stale with ?consistent, conflicting semantics.'],
    ['?max_stale=x', 400, 'Invalid max_stale value "x"'],
    ['?index=18446744073709551616', 400, 'Invalid index'],
    ['?ns=default', 400, 'Invalid query parameter: "ns" - Namespaces are a Consul Enterprise feature'],
    ['?ns=foo', 400, 'Invalid query parameter: "ns" - Namespaces are a Consul Enterprise feature'],
    ['?partition=foo', 400, 'Invalid query parameter: "partition" - Partitions are a Consul Enterprise feature'],
  ])('%s', async (query, status, text) => {
    expect(await seen(`/v1/health/service/web${query}`)).toEqual([status, text]);
  });

  it.each([
    ['max-age=x', 400],
    ['max-age', 400],
    ['must-revalidate, stale-if-error=1.x', 400],
    ['no-cache, Max-Age=0, stale-if-error=30', 200],
  ])('Cache-Control: %s', async (header, status) => {
    const reply = await api.call('/v1/catalog/nodes', { headers: { 'Cache-Control': header } });
    expect([reply.status, reply.status === 400 && reply.text]).toEqual([status, status === 400 && 'Invalid Cache-Control header.']);
  });

  it('refuses the namespace header', async () => {
    expect(await seen('/v1/health/service/web', { headers: { 'X-Consul-Namespace': 'foo' } })).toEqual([
      400,
      'Invalid header: "X-Consul-Namespace" - Namespaces are a Consul Enterprise feature',
    ]);
  });

  it('refuses a filter where there is none, rather than to answer without it', async () => {
    expect((await api.call('/v1/connect/ca/roots?filter=ID==x')).status).toBe(400);
    expect((await api.call('/v1/health/service/web?filter=')).status).toBe(200);
  });
});

describe('the door', () => {
  it('is closed to re-bound names and to pages of other sites', async () => {
    expect((await api.call('/v1/status/leader', { headers: { Host: 'evil.example' } })).status).toBe(403);
    expect((await api.call('/v1/status/leader', { headers: { Origin: 'https://evil.example' } })).status).toBe(403);
    expect((await api.call('/v1/status/leader', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
    expect((await api.call('/v1/status/leader', { headers: { Host: `localhost:${api.address.split(':')[1]}` } })).status).toBe(200);
  });

  it('refuses a body above 512 KiB, whether it is announced or not', async () => {
    const body = JSON.stringify({ Kind: 'x'.repeat(600 * 1024) });
    const announced = await api.call('/v1/config', { method: 'PUT', body, headers: { 'Content-Length': String(body.length) } });
    expect(announced.status).toBe(413);
    const chunked = await api.call('/v1/config', { method: 'PUT', body, headers: { 'Transfer-Encoding': 'chunked' } });
    expect([chunked.status, chunked.text]).toEqual([413, 'Request body too large, max size: 524288 bytes']);
  });
});

/** What goes over the wire, not decoded. */
function fetchRaw(path: string, headers: Record<string, string>): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const [host, port] = api.address.split(':');
  return new Promise((resolve, reject) => {
    request({ host, port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

describe('blocking queries', () => {
  const path = '/v1/config/service-defaults';
  const put = (name: string) => api.call('/v1/config', { method: 'PUT', body: { Kind: 'service-defaults', Name: name } });

  it('answer at once when the index is already past', async () => {
    await put('first');
    expect((await api.call(`${path}?index=1&wait=10m`)).status).toBe(200);
  });

  it('wait for the next change of what they ask for', async () => {
    const index = Number((await api.call(path)).headers['x-consul-index']);
    const blocked = api.call(`${path}?index=${index}&wait=10m`);
    await put('second');
    const reply = await blocked;
    expect(Number(reply.headers['x-consul-index'])).toBeGreaterThan(index);
    expect(reply.text).toContain('"second"');
  });

  it('answer what there is when the wait is over, with the same index', async () => {
    const index = Number((await api.call(path)).headers['x-consul-index']);
    const reply = await api.call(`${path}?index=${index}&wait=10ms`);
    expect([reply.status, Number(reply.headers['x-consul-index'])]).toEqual([200, index]);
    const future = await api.call(`${path}?index=${index + 1000}&wait=10ms`);
    expect(Number(future.headers['x-consul-index'])).toBe(index);
  });

  it('block on a service of the catalog as well', async () => {
    const service = '/v1/catalog/service/late';
    const index = Number((await api.call(service)).headers['x-consul-index']);
    const blocked = api.call(`${service}?index=${index + 1}&wait=10m`);
    await api.plane.commit([registration({ node: 'late-vm', address: '127.5.0.112', name: 'late', port: 9090 })]);
    await put('raises the index');
    await api.plane.commit([registration({ node: 'late-vm', address: '127.5.0.113', name: 'late', port: 9090 })]);
    expect((await blocked).text).toContain('late-vm');
  });

  it('end when the agent stops', async () => {
    await using other = await openTestApi();
    const blocked = other.call('/v1/catalog/nodes?index=99999&wait=10m').catch((error: unknown) => error);
    await other.call('/v1/status/leader');
    await other[Symbol.asyncDispose]();
    expect(await blocked).toBeInstanceOf(Error);
  });
});

it('rejects with the system error when the port is taken', async () => {
  const port = Number(api.address.split(':')[1]);
  await expect(api.plane.listenHttp({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
});

/** What comes back for these bytes, until the connection ends. */
async function raw(bytes: string): Promise<string> {
  const [host, port] = api.address.split(':');
  const socket = connect(Number(port), host);
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('what is no request', () => {
  const line = 'PUT /v1/kv/raw HTTP/1.1\r\nHost: localhost\r\n';

  it.each([
    ['a length beside chunks', `${line}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${line}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    ['a length that is none', `${line}Content-Length: +1\r\n\r\na`],
    ['chunks that are none', `${line}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a header with a space in its name', `${line}Bad Name: x\r\n\r\n`],
    ['a header that goes on in the next line', `${line}X: a\r\n b\r\n\r\n`],
    ['bare line feeds in a header', `${line}X: a\nY: b\r\n\r\n`],
    ['a control character in the path', 'GET /v1/kv/a\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['another protocol', 'GARBAGE\r\n\r\n'],
  ])('%s gets 400, and its connection ends', async (_, bytes) => {
    expect(await raw(bytes)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(?:[^\r]+\r\n)*Connection: close\r\n/);
    expect((await api.call('/v1/kv/raw')).status).toBe(404);
  });
});

it('answers a client that speaks HTTP/1.0 without a Host', async () => {
  const [host, port] = api.address.split(':');
  const socket = connect(Number(port), host);
  socket.write('GET /v1/status/leader HTTP/1.0\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"127\.0\.0\.1:8300"$/);
});
