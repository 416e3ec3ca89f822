import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../free-ports.ts';
import { Folder, OutsideCa } from './certificates.ts';
import { type Answer, echo, echoed, GatewayWorld } from './world.ts';

const ca = new OutsideCa();
const folder = new Folder();
let world: GatewayWorld;
let http: number;
let tcp: number;

beforeAll(async () => {
  world = await GatewayWorld.start();
  [http, tcp] = (await freePorts(2)) as [number, number];
  for (const name of ['web', 'shop']) {
    await world.write({ Kind: 'service-defaults', Name: name, Protocol: 'http' });
    await world.http(name, echo(name));
  }
  await world.tcp('bytes', (socket) => socket.pipe(socket));
  await world.gateway('api-gateway', 'api', { Address: '127.0.0.1' });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const gateway = (...Listeners: object[]) => world.write({ Kind: 'api-gateway', Name: 'api', Listeners });
const listener = (more: object = {}) => ({ Name: 'main', Port: http, Protocol: 'http', ...more });
const route = (Name: string, Rules: object[], more: object = {}) =>
  world.write({ Kind: 'http-route', Name, Parents: [{ Kind: 'api-gateway', Name: 'api' }], Rules, ...more });
const path = (Match: string, Value: string, more: object = {}) => ({ Path: { Match, Value }, ...more });
const call = (target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  world.call(http, { path: target, method, headers: { host: 'api.example.com', ...headers } });
const by = (answer: Answer): string => (answer.status === 200 ? echoed(answer).by : String(answer.status));

describe('an API gateway', () => {
  it('serves a listener once something is bound to it', async () => {
    await gateway(listener());
    const unbound = await call('/');
    expect(unbound.status).toBe(404);
    await route('all', [{ Services: [{ Name: 'web' }] }]);
    const answer = await call('/a');
    expect(echoed(answer)).toMatchObject({ by: 'web', url: '/a' });
    expect(echoed(answer).headers['x-forwarded-client-cert']).toMatch(/\/svc\/api$/);
    await world.remove('http-route', 'all');
    expect((await call('/')).status).toBe(404);
  });

  it('tries rules in the order of the Gateway API, whatever the order in which they are written', async () => {
    const to = (Name: string, ...Matches: object[]) => ({ Services: [{ Name }], Matches });
    await route('rules', [
      to('web', path('prefix', '/')),
      to('shop', path('prefix', '/shop')),
      to('web', path('prefix', '/shop', { Headers: [{ Match: 'exact', Name: 'X-Who', Value: 'web' }] })),
      to('web', path('exact', '/shop')),
      to('shop', path('prefix', '/', { Method: 'DELETE' }), path('regex', '/a/[0-9]+')),
      to('shop', path('prefix', '/q', { Query: [{ Match: 'present', Name: 'shop' }] })),
    ]);
    const cases: [target: string, expected: string, headers?: Record<string, string>, method?: string][] = [
      ['/x', 'web'],
      ['/shop', 'web'],
      ['/shop/1', 'shop'],
      ['/shop/1', 'web', { 'x-who': 'web' }],
      ['/x', 'shop', {}, 'DELETE'],
      ['/a/12', 'shop'],
      ['/a/b', 'web'],
      ['/q?shop=1', 'shop'],
      ['/q', 'web'],
    ];
    for (const [target, expected, headers, method] of cases)
      expect([target, by(await call(target, headers, method))]).toEqual([target, expected]);
  });

  it('changes headers and paths, of a rule and of one of its services', async () => {
    await route('rules', [
      {
        Matches: [path('prefix', '/api/')],
        Filters: { URLRewrite: { Path: '/v1/' }, Headers: [{ Set: { 'x-rule': 'r', 'x-both': 'rule' } }, { Remove: ['x-secret'] }] },
        ResponseFilters: { Headers: [{ Add: { 'x-answer': 'yes' } }] },
        Services: [{ Name: 'web', Filters: { Headers: [{ Set: { 'x-both': 'service' } }] } }],
      },
    ]);
    const answer = await call('/api/x?y=1', { 'x-secret': '1' });
    expect(echoed(answer)).toMatchObject({ url: '/v1/x?y=1', headers: { 'x-rule': 'r', 'x-both': 'service' } });
    expect(echoed(answer).headers).not.toHaveProperty('x-secret');
    expect(answer.headers['x-answer']).toBe('yes');
    expect((await call('/')).status).toBe(404);
  });

  it('divides requests among services by their weights, also if one is split itself', async () => {
    await world.write({
      Kind: 'service-splitter',
      Name: 'shop',
      Splits: [{ Weight: 100, Service: 'web', ResponseHeaders: { Set: { 'x-split': 'yes' } } }],
    });
    await route('rules', [
      {
        Services: [
          { Name: 'web', Weight: 1 },
          { Name: 'shop', Weight: 3 },
        ],
      },
    ]);
    const answers = await Promise.all(Array.from({ length: 200 }, () => call('/')));
    expect(answers.every((answer) => by(answer) === 'web')).toBe(true);
    const split = answers.filter((answer) => answer.headers['x-split'] === 'yes').length;
    // 150 expected, and five standard deviations are 31.
    expect(split).toBeGreaterThan(118);
    expect(split).toBeLessThan(182);
    await world.remove('service-splitter', 'shop');
  });

  it('answers hosts of the listener, and of the route', async () => {
    await gateway(listener({ Hostname: '*.example.com' }));
    await route('rules', [{ Services: [{ Name: 'web' }] }], { Hostnames: ['one.example.com'] });
    await route('more', [{ Services: [{ Name: 'shop' }] }]);
    const host = async (name: string): Promise<string> => by(await call('/', { host: name }));
    expect([await host('one.example.com'), await host('two.example.com'), await host('one.example.org')]).toEqual(['web', 'shop', '404']);
    await world.remove('http-route', 'more');
    expect([await host('one.example.com'), await host('two.example.com')]).toEqual(['web', '404']);
  });

  it('passes bytes on', async () => {
    await gateway(listener(), { Name: 'bytes', Port: tcp, Protocol: 'tcp' });
    const Parents = [{ Kind: 'api-gateway', Name: 'api', SectionName: 'bytes' }];
    await world.write({ Kind: 'tcp-route', Name: 'bytes', Parents, Services: [{ Name: 'bytes' }] });
    const socket = connect({ host: '127.0.0.1', port: tcp });
    await once(socket, 'connect');
    socket.end('hello');
    expect(await text(socket)).toBe('hello');
  });

  it('shows the certificate that fits the name a client asks for, from an entry or from files', async () => {
    const [inline, files, other] = [ca.issue('inline.example.com'), ca.issue('files.example.com'), ca.issue('*.wild.example.com')];
    await world.write({ Kind: 'inline-certificate', Name: 'inline', Certificate: inline.certPem, PrivateKey: inline.keyPem });
    const Certificate = await folder.file('cert.pem', files.certPem);
    await world.write({
      Kind: 'file-system-certificate',
      Name: 'files',
      Certificate,
      PrivateKey: await folder.file('key.pem', files.keyPem),
    });
    const Certificates = [
      { Kind: 'inline-certificate', Name: 'inline' },
      { Kind: 'file-system-certificate', Name: 'files' },
    ];
    await gateway(listener({ TLS: { Certificates } }));
    await route('rules', [{ Services: [{ Name: 'web' }] }]);
    const secure = (servername: string) => world.callTls(http, { ca: ca.certPem, servername, headers: { host: servername } });
    expect([by(await secure('inline.example.com')), by(await secure('files.example.com'))]).toEqual(['web', 'web']);
    await expect(secure('x.wild.example.com')).rejects.toThrow(/x\.wild\.example\.com/);

    // Whoever renews certificates in files or entries configures nothing else.
    await folder.file('key.pem', other.keyPem);
    await folder.file('cert.pem', other.certPem);
    expect(by(await secure('x.wild.example.com'))).toBe('web');
    const renewed = ca.issue('renewed.example.com');
    await world.write({ Kind: 'inline-certificate', Name: 'inline', Certificate: renewed.certPem, PrivateKey: renewed.keyPem });
    expect(by(await secure('renewed.example.com'))).toBe('web');
    for (const { keyPem } of [inline, files, renewed, other]) expect(JSON.stringify(world.log.lines)).not.toContain(keyPem.split('\n')[1]);
  });

  it('does not serve a listener whose certificate is nowhere', async () => {
    await gateway(listener({ TLS: { Certificates: [{ Kind: 'inline-certificate', Name: 'nowhere' }] } }));
    await expect(call('/')).rejects.toThrow(/ECONNREFUSED/);
  });
});
