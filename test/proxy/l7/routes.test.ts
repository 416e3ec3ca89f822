import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawClient, send } from '../fixture/sockets.ts';
import { to, World } from './world.ts';

/** Says who it is and what it got. */
const echo = (name: string) => (req: IncomingMessage, res: ServerResponse) => {
  res.setHeader('x-from', name).setHeader('x-app', 'yes');
  res.end(JSON.stringify({ name, url: req.url, headers: req.rawHeaders }));
};
const CLUSTERS = { v1: { of: ['one'] }, v2: { of: ['two'] } };
const NO_EDITS = { add: {}, set: {}, remove: [] };

let world: World;
const from = async (path: string, options = {}) => String((await world.call(path, options)).headers['x-from']);

beforeEach(async () => {
  world = await World.start({ one: echo('one'), two: echo('two') }, { routes: [to('v1')], clusters: CLUSTERS });
});
afterEach(() => world.close());

describe('routes', () => {
  it('lead by path, header, query and method to a subset', async () => {
    await world.configure({
      routes: [
        to('v2', { pathPrefix: '/v2' }),
        to('v2', { headers: [{ name: 'x-canary', type: 'exact', value: 'yes', invert: false }] }),
        to('v2', { query: [{ name: 'v', type: 'exact', value: '2' }] }),
        to('v2', { methods: ['DELETE'] }),
        to('v1'),
      ],
      clusters: CLUSTERS,
    });
    expect(await from('/')).toBe('one');
    expect(await from('/v2/x')).toBe('two');
    expect(await from('/', { headers: { 'X-Canary': 'yes' } })).toBe('two');
    expect(await from('/?v=2')).toBe('two');
    expect(await from('/', { method: 'DELETE' })).toBe('two');
  });

  it.each([
    ['//admin', '//admin'],
    ['/x/..%2fadmin', '/x/..%2fadmin'],
    ['/%61dmin', '/admin'],
    ['/x/%2e%2e/admin?q=%2e', '/admin?q=%2e'],
  ])('see the path %s as the application may take it, which gets it as %s', async (path, url) => {
    await world.configure({ routes: [to('v2', { pathPrefix: '/admin' }), to('v1')], clusters: CLUSTERS });
    expect(JSON.parse((await world.call(path)).body)).toMatchObject({ name: 'two', url });
  });

  it('none of which matches are a 404 that says so', async () => {
    await world.configure({ routes: [to('v2', { pathPrefix: '/v2' })], clusters: CLUSTERS });
    const { status, headers } = await world.call('/v1', { method: 'PUT' });
    expect([status, headers['x-mesh-reason']]).toEqual([404, 'no route of payments matches PUT /v1']);
  });

  it('that can not be followed refuse, and say why in the log once', async () => {
    const plan = { routes: [to('v2', { pathRegex: '/(' }), to('v1')], clusters: CLUSTERS };
    await world.configure(plan);
    await world.configure(plan);
    const { status, headers } = await world.call('/');
    expect([status, headers['x-mesh-reason']]).toEqual([503, expect.stringContaining('error parsing regexp')]);
    expect(world.log.lines.filter(({ message }) => message === 'part of a route ignored')).toHaveLength(1);
  });

  it('rewrite the path for the application, and only that', async () => {
    const routes = [to('v1', { pathPrefix: '/currency' }, { prefixRewrite: '/' }), to('v2')];
    await world.configure({ routes, clusters: CLUSTERS });
    const { body } = await world.call('/currency/eur%2Fusd?from=/currency');
    expect(JSON.parse(body)).toMatchObject({ name: 'one', url: '/eur%2Fusd?from=/currency' });
  });

  it('change without touching what is under way, and keep the connections to clusters that stay', async () => {
    const client = await RawClient.connect(world.at);
    client.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    await world.call('/');
    await world.configure({ routes: [to('v2', { pathPrefix: '/v2' })], clusters: { v1: { of: ['one'] }, v2: { of: ['two'] } } });
    await world.configure({ routes: [to('v1')], clusters: CLUSTERS });
    client.write('cd');
    await client.untilText('"name":"one","url":"/slow"');
    client.close();
    const { connects } = world.stats.cluster('v1');
    expect(await from('/')).toBe('one');
    expect(world.stats.cluster('v1').connects).toBe(connects);
  });
});

describe('splits', () => {
  it('share requests by weight', async () => {
    const splits = [
      { weight: 75, cluster: 'v1' },
      { weight: 25, cluster: 'v2' },
    ];
    await world.configure({ routes: [{ match: {}, splits }], clusters: CLUSTERS });
    for (let i = 0; i < 80; i++) await world.call('/');
    // Seeded; 20 expected, with a standard deviation of 4.
    expect(world.served('two')).toBeGreaterThan(8);
    expect(world.served('two')).toBeLessThan(32);
    expect(world.served('one') + world.served('two')).toBe(80);
  });
});

describe('header edits', () => {
  it('of a split come on top of those of its route, on both ways', async () => {
    const split = {
      weight: 100,
      cluster: 'v1',
      requestHeaders: { ...NO_EDITS, set: { 'x-who': 'split' } },
      responseHeaders: { ...NO_EDITS, add: { 'X-Served-By': 'v1' } },
    };
    const action = {
      requestHeaders: { add: { 'x-tag': 'b' }, set: { 'x-who': 'route', 'x-new': 'ä' }, remove: ['cookie'] },
      responseHeaders: { add: {}, set: { 'X-Served-By': 'route' }, remove: ['x-app'] },
    };
    await world.configure({ routes: [{ match: {}, splits: [split], action }], clusters: CLUSTERS });
    const { headers, body } = await world.call('/', { headers: { 'X-Who': 'client', Cookie: 'secret', 'X-Tag': 'a' } });
    const { headers: raw } = JSON.parse(body) as { headers: string[] };
    const pairs = raw.flatMap((name, i) => (i % 2 === 0 && !/^(host|x-forwarded)/i.test(name) ? [`${name}: ${raw[i + 1]}`] : []));
    expect(pairs).toEqual(['X-Tag: a', `x-new: ${Buffer.from('ä').toString('latin1')}`, 'x-tag: b', 'x-who: split']);
    expect([headers['x-served-by'], headers['x-app'], headers['x-from']]).toEqual(['route, v1', undefined, 'one']);
  });

  it('can not touch what frames a message, names its host or proves its sender', async () => {
    const forbidden = {
      host: 'evil',
      'content-length': '0',
      'transfer-encoding': 'identity',
      connection: 'close',
      'x-forwarded-client-cert': 'By=evil',
    };
    const edits = { add: forbidden, set: forbidden, remove: Object.keys(forbidden) };
    const ended = { ...NO_EDITS, set: { 'x-a': '1\r\n\r\nGET /smuggled HTTP/1.1' } };
    const routes = [
      {
        match: {},
        splits: [{ weight: 100, cluster: 'v1', requestHeaders: ended }],
        action: { requestHeaders: edits, responseHeaders: edits },
      },
    ];
    await world.configure({ routes, clusters: CLUSTERS });
    const answer = await send(world.at, 'POST / HTTP/1.1\r\nHost: good\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab');
    expect(answer).toMatch(/"Host","good"/);
    expect(answer).toMatch(/"Content-Length","2"/);
    expect(answer).not.toMatch(/evil|smuggled|identity/);
    expect(world.served('one')).toBe(1);
  });
});
