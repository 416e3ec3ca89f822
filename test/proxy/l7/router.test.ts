import type { IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EntryWorld } from './entry-world.ts';

/** From a service-router as people write it to what happens to requests: each of its fields. */

let world: EntryWorld;
/** Of each attempt that reached an application. */
let attempts: string[] = [];
/** What the next attempts are answered with; 200 afterwards, `hang`: nothing, `reset`: the connection ends. */
let answers: (number | 'hang' | 'reset')[] = [];

const app = (name: string) => (req: IncomingMessage, res: ServerResponse) => {
  attempts.push(name);
  const answer = answers.shift() ?? 200;
  if (answer === 'hang') return;
  if (answer === 'reset') {
    req.socket.destroy();
    return;
  }
  res.setHeader('x-from', name).setHeader('x-secret', 's').writeHead(answer);
  res.end(JSON.stringify({ url: req.url, headers: req.headers }));
};

beforeAll(async () => {
  const instances = {
    one: { of: 'payments', app: app('v1'), meta: { version: '1' } },
    two: { of: 'payments', app: app('v2'), meta: { version: '2' } },
  };
  world = await EntryWorld.start({ instances, upstreams: ['payments'] });
  const Subsets = { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } };
  await world.write('service-resolver', 'payments', { DefaultSubset: 'v1', Subsets });
});
afterAll(() => world.close());

const route = (Destination: object, HTTP?: object) =>
  world.write('service-router', 'payments', { Routes: [{ ...(HTTP ? { Match: { HTTP } } : {}), Destination }] });

type Call = string | [path: string, options: RequestOptions];
const call = (one: Call) => (typeof one === 'string' ? world.call('payments', one) : world.call('payments', ...one));
const header = (name: string, value: string): Call => ['/', { headers: { [name]: value } }];

const Header = (one: object) => ({ Header: [{ Name: 'X-Group', ...one }] });
const Query = (one: object) => ({ QueryParam: [{ Name: 'env', ...one }] });

describe('a route is taken by', () => {
  it.each<[object, taken: Call[], passedBy: Call[]]>([
    [{ PathExact: '/a' }, ['/a', '/a?b=c', '/x/../a'], ['/', '/a/', '/A', '/ab']],
    [{ PathExact: '/a', CaseInsensitive: true }, ['/a', '/A'], ['/b']],
    [{ PathPrefix: '/a' }, ['/a', '/ab', '/a/b?c'], ['/', '/A', '/b/a']],
    [{ PathPrefix: '/a', CaseInsensitive: true }, ['/A/b'], ['/b/A']],
    [{ PathRegex: '/v[0-9]+/.*' }, ['/v1/', '/v12/x?y'], ['/v1', '/va/', '/x/v1/']],
    [{ PathRegex: '(?i)/V1' }, ['/v1', '/V1'], ['/v11']],
    [Header({ Present: true }), [header('x-group', 'any')], ['/', header('x-other', 'any')]],
    [Header({ Present: true, Invert: true }), ['/'], [header('X-Group', 'any')]],
    [Header({ Exact: 'dev' }), [header('x-GROUP', 'dev')], ['/', header('X-Group', 'Dev'), header('X-Group', 'devs')]],
    [Header({ Exact: 'dev', IgnoreCase: true }), [header('X-Group', 'DEV')], [header('X-Group', 'devs')]],
    [Header({ Exact: 'dev', Invert: true }), [header('X-Group', 'ops')], ['/', header('X-Group', 'dev')]],
    [Header({ Prefix: 'de' }), [header('X-Group', 'dev')], [header('X-Group', 'Dev'), header('X-Group', 'ade')]],
    [Header({ Prefix: 'de', IgnoreCase: true }), [header('X-Group', 'DEv')], [header('X-Group', 'ade')]],
    [Header({ Suffix: 'ev' }), [header('X-Group', 'dev')], [header('X-Group', 'evd')]],
    [Header({ Suffix: 'ev', Invert: true }), [header('X-Group', 'evd')], [header('X-Group', 'dev')]],
    [Header({ Contains: 'ev' }), [header('X-Group', 'devs')], [header('X-Group', 'dv')]],
    [Header({ Contains: 'ev', IgnoreCase: true }), [header('X-Group', 'dEVs')], [header('X-Group', 'dv')]],
    [Header({ Regex: 'd.v' }), [header('X-Group', 'dev')], [header('X-Group', 'devs'), '/']],
    [Header({ Regex: 'd.v', Invert: true }), [header('X-Group', 'devs')], [header('X-Group', 'dev')]],
    [Query({ Present: true }), ['/?env', '/?env=', '/?x&env=1'], ['/', '/?ENV=1']],
    [Query({ Exact: 'dev' }), ['/?env=dev', '/?env=d%65v&env=x'], ['/?env', '/?env=devs', '/?x=dev']],
    [Query({ Regex: 'd.v' }), ['/?env=dev'], ['/?env=devs', '/?env']],
    [
      { Methods: ['put', 'DELETE'] },
      [
        ['/', { method: 'PUT' }],
        ['/', { method: 'DELETE' }],
      ],
      ['/', ['/', { method: 'POST' }]],
    ],
    [
      { PathPrefix: '/a', Methods: ['GET'], ...Header({ Exact: 'dev' }), ...Query({ Present: true }) },
      [['/a?env', { headers: { 'X-Group': 'dev' } }]],
      ['/a?env', ['/a', { headers: { 'X-Group': 'dev' } }], ['/b?env', { headers: { 'X-Group': 'dev' } }]],
    ],
    [
      {
        Header: [
          { Name: 'a', Present: true },
          { Name: 'b', Present: true },
        ],
      },
      [['/', { headers: { a: '1', b: '2' } }]],
      [header('a', '1'), header('b', '2')],
    ],
  ])('%j', async (HTTP, taken, passedBy) => {
    await route({ ServiceSubset: 'v2' }, HTTP);
    const from = async (calls: Call[]) => Promise.all(calls.map(async (one) => (await call(one)).headers['x-from']));
    expect(await from(taken)).toEqual(taken.map(() => 'v2'));
    expect(await from(passedBy)).toEqual(passedBy.map(() => 'v1'));
  });

  it('the first that matches, and Consul’s own takes the rest', async () => {
    const to = (PathPrefix: string, ServiceSubset: string) => ({ Match: { HTTP: { PathPrefix } }, Destination: { ServiceSubset } });
    await world.write('service-router', 'payments', { Routes: [to('/a', 'v2'), to('/a/b', 'v1'), to('/c', 'v2')] });
    const from = await Promise.all(['/a/b', '/c', '/'].map(async (path) => (await call(path)).headers['x-from']));
    expect(from).toEqual(['v2', 'v2', 'v1']);
  });
});

describe('a destination', () => {
  const got = async (one: Call) => {
    const { body, headers, status } = await call(one);
    return {
      status,
      answer: headers,
      request: (body.startsWith('{') ? JSON.parse(body) : {}) as { url: string; headers: Record<string, string> },
    };
  };

  it.each([
    [{ PathPrefix: '/api/' }, '/', '/api/x?y=/api/', '/x?y=/api/'],
    [{ PathPrefix: '/api' }, '/v2', '/api/x', '/v2/x'],
    [{ PathExact: '/old' }, '/new', '/old?q', '/new?q'],
  ])('rewrites %j to %s', async (HTTP, PrefixRewrite, path, url) => {
    await route({ PrefixRewrite }, HTTP);
    expect((await got(path)).request.url).toBe(url);
  });

  it('edits the headers of a request and of its answer', async () => {
    await route({
      RequestHeaders: { Add: { 'X-Tag': 'b' }, Set: { 'X-Env': 'prod' }, Remove: ['X-Internal'] },
      ResponseHeaders: { Add: { 'X-From': 'mesh' }, Set: { 'X-New': '1' }, Remove: ['X-Secret'] },
    });
    const { request, answer } = await got(['/', { headers: { 'X-Tag': 'a', 'X-Env': 'dev', 'X-Internal': 'i' } }]);
    expect([request.headers['x-tag'], request.headers['x-env'], request.headers['x-internal']]).toEqual(['a, b', 'prod', undefined]);
    expect([answer['x-from'], answer['x-new'], answer['x-secret']]).toEqual(['v1, mesh', '1', undefined]);
  });

  it('fills operators of Envoy in the headers that it sets', async () => {
    await route({
      RequestHeaders: {
        Set: {
          'X-Client': 'ip=%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
          'X-Was': '%REQ(:METHOD)% %REQ(Authorization)%',
          'X-None': '%REQ(x)%',
        },
      },
      ResponseHeaders: { Add: { 'X-Said': '%RESPONSE_CODE% of %UPSTREAM_HOST%', 'X-Type': '%RESP(X-From)%' } },
    });
    const { request, answer } = await got(['/', { headers: { Authorization: 'Bearer t', 'X-Client': 'me' } }]);
    expect(request.headers).toMatchObject({ 'x-client': 'ip=127.0.0.1', 'x-was': 'GET Bearer t' });
    expect(request.headers).not.toHaveProperty('x-none');
    expect([answer['x-said'], answer['x-type']]).toEqual([`200 of 127.0.0.1:${world.listener('one').port}`, 'v1']);
  });

  it.each([
    [{ RequestTimeout: '40ms' }, 'payments did not answer within 40 ms'],
    [{ IdleTimeout: '40ms' }, 'payments did not answer in time'],
  ])('waits no longer than %j', async (limit, reason) => {
    await route(limit);
    answers = ['hang'];
    const { status, answer } = await got('/');
    expect([status, answer['x-mesh-reason']]).toEqual([504, reason]);
  });

  it.each<[object, (typeof answers)[number][], status: number, tries: number]>([
    [{}, [503], 503, 1],
    [{ NumRetries: 2, RetryOn: ['5xx'] }, [500, 503], 200, 3],
    [{ NumRetries: 1, RetryOn: ['5xx'] }, [500, 503], 503, 2],
    [{ RetryOn: ['gateway-error'] }, [502], 200, 2],
    [{ RetryOn: ['gateway-error'] }, [500], 500, 1],
    [{ RetryOn: ['retriable-4xx'] }, [409], 200, 2],
    [{ RetryOn: ['retriable-4xx'] }, [404], 404, 1],
    [{ RetryOnStatusCodes: [418] }, [418], 200, 2],
    [{ RetryOnStatusCodes: [418] }, [500], 500, 1],
    [{ RetryOn: ['gateway-error'] }, ['reset'], 200, 2],
    [{ RetryOnConnectFailure: true }, [503], 503, 1],
  ])('%j after %j: %i, %i tries', async (retry, first, status, tries) => {
    await route(retry);
    attempts = [];
    answers = [...first];
    expect((await got(['/', { method: 'POST' }])).status).toBe(status);
    expect(attempts).toHaveLength(tries);
  });
});
