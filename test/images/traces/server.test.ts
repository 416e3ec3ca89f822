import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTraces, type TracesServer } from '../../../src/images/traces/server.ts';

const ANY = '127.0.0.1:0';
let server: TracesServer;
beforeAll(async () => {
  server = await startTraces({ collector: ANY, query: ANY, admin: ANY });
});
afterAll(() => server.close());

const spansTo = (body: string, path = '/api/v2/spans') => fetch(`http://${server.addresses.collector}${path}`, { method: 'POST', body });
const get = (path: string) => fetch(`http://${server.addresses.query}${path}`);

const SPANS = [
  { traceId: 'a1', id: '1', kind: 'SERVER', name: '<b>get /', timestamp: 1e15, duration: 2500, localEndpoint: { serviceName: 'web' } },
  {
    traceId: 'a1',
    id: '2',
    parentId: '1',
    kind: 'CLIENT',
    name: 'call payments',
    timestamp: 1e15 + 500,
    duration: 1000,
    localEndpoint: { serviceName: 'web' },
    tags: { error: 'refused', 'http.path': '/<i>' },
  },
];

describe('a collector of traces', () => {
  it('is empty at first', async () => {
    expect(await (await get('/')).text()).toContain('No traces yet');
    expect(await (await get('/api/traces')).json()).toEqual({ data: [] });
    expect((await get('/trace/a1')).status).toBe(404);
    expect((await fetch(`http://${server.addresses.admin}/`)).status).toBe(200);
  });

  it('takes spans and shows them as a list and as a tree, escaped and without scripts', async () => {
    expect((await spansTo(JSON.stringify(SPANS))).status).toBe(202);
    const list = await get('/');
    expect(list.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; connect-src 'self'/);
    const listed = await list.text();
    expect(listed).toContain(
      '<a href="/trace/a1">web: &lt;b&gt;get /</a></td><td>2.50 ms</td><td>2 <span class="failed">(1 failed)</span>',
    );
    expect(listed).toContain('<a href="/?service=web">web</a>');
    const tree = await (await get('/trace/a1')).text();
    expect(tree).toMatch(
      /&lt;b&gt;get \/.*2\.50 ms, after 0\.00 ms.*<ul><li><details class="failed">.*call payments.*1\.00 ms, after 0\.50 ms/,
    );
    expect(tree).toContain('error=refused<br>http.path=/&lt;i&gt;');
    expect(listed + tree).not.toMatch(/<script|<b>|<i>| style="/);
    expect(await (await get('/?service=other')).text()).toContain('No traces yet');
  });

  it('answers as the API of Jaeger does', async () => {
    expect(await (await get('/api/services')).json()).toEqual({ data: ['web'] });
    const one = await (await get('/api/traces/a1')).json();
    expect(one).toEqual(await (await get('/api/traces?service=web&limit=1')).json());
    expect(one).toMatchObject({
      data: [
        {
          traceID: 'a1',
          spans: [
            { spanID: '1', operationName: '<b>get /', references: [], startTime: 1e15, duration: 2500, processID: 'p1' },
            { spanID: '2', references: [{ refType: 'CHILD_OF', traceID: 'a1', spanID: '1' }] },
          ],
          processes: { p1: { serviceName: 'web' } },
        },
      ],
    });
  });

  it('refuses what is something else', async () => {
    expect((await spansTo('{}')).status).toBe(400);
    expect((await spansTo('[]', '/api/v1/spans')).status).toBe(404);
    expect((await spansTo(`[${'1,'.repeat(6_000_000)}1]`)).status).toBe(413);
    expect((await fetch(`http://${server.addresses.collector}/api/v2/spans`)).status).toBe(405);
    expect((await fetch(`http://${server.addresses.query}/`, { method: 'POST', body: '' })).status).toBe(405);
    expect((await get('/nowhere')).status).toBe(404);
  });
});
