import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../free-ports.ts';
import { type Answer, echo, echoed, GatewayWorld } from './world.ts';

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
  await world.gateway('ingress-gateway', 'front', { Address: '127.0.0.1' });
});
afterAll(() => world[Symbol.asyncDispose]());

const serve = (listener: object, more: object = {}) =>
  world.write({ Kind: 'ingress-gateway', Name: 'front', Listeners: [{ Port: http, Protocol: 'http', ...listener }], ...more });
const ask = (host: string, path = '/'): Promise<Answer> => world.call(http, { path, headers: { host } });
const by = async (host: string): Promise<string> => {
  const answer = await ask(host);
  return answer.status === 200 ? echoed(answer).by : String(answer.status);
};

describe('an ingress gateway', () => {
  it('lets requests in to a service, with its own identity', async () => {
    await serve({ Services: [{ Name: 'web', Hosts: ['web.example.com'] }] });
    const answer = await ask('web.example.com', '/a');
    expect(answer.status).toBe(200);
    expect(echoed(answer)).toMatchObject({ by: 'web', url: '/a' });
    expect(echoed(answer).headers['x-forwarded-client-cert']).toMatch(/;URI=spiffe:\/\/[^/]+\/ns\/default\/dc\/dc1\/svc\/front$/);
  });

  it('finds the service by the host: the name itself, the longest wildcard, and the names of DNS where no host is given', async () => {
    await serve({
      Services: [
        { Name: 'web', Hosts: ['web.example.com', '*.shop.example.com'] },
        { Name: 'shop', Hosts: ['*.example.com'] },
      ],
    });
    const cases = { 'web.example.com': 'web', 'WEB.example.com:8080': 'web', 'a.example.com': 'shop', 'a.shop.example.com': 'web' };
    for (const [host, expected] of Object.entries({ ...cases, 'shop.ingress.consul': '404', 'example.com': '404' })) {
      expect([host, await by(host)]).toEqual([host, expected]);
    }
    await serve({ Services: [{ Name: 'web' }, { Name: 'shop', Hosts: ['*'] }] });
    for (const [host, expected] of Object.entries({ 'web.ingress.consul': 'web', 'web.ingress.dc1.consul': 'web', 'x.org': 'shop' })) {
      expect([host, await by(host)]).toEqual([host, expected]);
    }
    await serve({ Services: [{ Name: 'web' }] });
    const refused = await ask('nobody.example.com');
    expect(refused.status).toBe(404);
    expect(refused.headers['x-mesh-reason']).toContain('has the host "nobody.example.com"');
  });

  it('serves all services of its protocol for a wildcard, also those that come later', async () => {
    await serve({ Services: [{ Name: '*' }, { Name: 'shop', Hosts: ['shop.example.com'] }] });
    expect(await by('web.ingress.consul')).toBe('web');
    expect(await by('shop.example.com')).toBe('shop');
    expect(await by('bytes.ingress.consul')).toBe('404');
    await world.write({ Kind: 'service-defaults', Name: 'late', Protocol: 'http' });
    expect(await by('late.ingress.consul')).toBe('404');
    await world.http('late', echo('late'));
    expect(await by('late.ingress.consul')).toBe('late');
  });

  it('edits headers, before the router of the service does', async () => {
    await serve({
      Services: [
        {
          Name: 'web',
          RequestHeaders: { Add: { 'x-gateway': 'front' }, Remove: ['x-secret'] },
          ResponseHeaders: { Set: { 'x-by': 'front' } },
        },
      ],
    });
    await world.write({
      Kind: 'service-router',
      Name: 'web',
      Routes: [
        { Match: { HTTP: { PathPrefix: '/shop' } }, Destination: { Service: 'shop', RequestHeaders: { Set: { 'x-gateway': 'router' } } } },
      ],
    });
    const headers = { host: 'web.ingress.consul', 'x-secret': '1' };
    const plain = await world.call(http, { path: '/', headers });
    expect([echoed(plain).by, echoed(plain).headers['x-gateway'], plain.headers['x-by']]).toEqual(['web', 'front', 'front']);
    expect(echoed(plain).headers).not.toHaveProperty('x-secret');
    const routed = await world.call(http, { path: '/shop', headers });
    expect([echoed(routed).by, echoed(routed).headers['x-gateway']]).toEqual(['shop', 'router']);
  });

  it('is a source for intentions, as any service', async () => {
    await serve({ Services: [{ Name: 'web' }] });
    await world.write({ Kind: 'service-intentions', Name: 'web', Sources: [{ Name: 'front', Action: 'deny' }] });
    expect(await ask('web.ingress.consul')).toMatchObject({ status: 403, body: 'RBAC: access denied' });
    await world.remove('service-intentions', 'web');
    expect(await by('web.ingress.consul')).toBe('web');
  });

  it('passes bytes on', async () => {
    await world.write({
      Kind: 'ingress-gateway',
      Name: 'front',
      Listeners: [{ Port: tcp, Protocol: 'tcp', Services: [{ Name: 'bytes' }] }],
    });
    const socket = connect({ host: '127.0.0.1', port: tcp });
    await once(socket, 'connect');
    socket.end('hello');
    expect(await text(socket)).toBe('hello');
  });

  it('shows a certificate of the mesh that carries its hosts', async () => {
    await serve({ Services: [{ Name: 'web', Hosts: ['web.example.com'] }, { Name: 'shop' }] }, { TLS: { Enabled: true } });
    for (const servername of ['web.example.com', 'shop.ingress.consul', 'shop.ingress.dc1.consul']) {
      const answer = await world.callTls(http, { servername, headers: { host: servername } });
      expect([servername, answer.status]).toEqual([servername, 200]);
    }
    const before = await world.callTls(http, { servername: 'web.example.com', headers: { host: 'web.example.com' } });
    await expect(world.callTls(http, { servername: 'other.example.com' })).rejects.toThrow(/other\.example\.com/);
    await expect(ask('web.example.com')).rejects.toThrow();
    await serve({ Services: [{ Name: 'web', Hosts: ['web.example.com', 'other.example.com'] }] }, { TLS: { Enabled: true } });
    const after = await world.callTls(http, { servername: 'other.example.com', headers: { host: 'other.example.com' } });
    expect(after.status).toBe(200);
    expect(after.certificate).not.toBe(before.certificate);
  });

  it('bounds versions and ciphers of TLS', async () => {
    const one = { Services: [{ Name: 'web' }] };
    const call = (options: object) =>
      world.callTls(http, { servername: 'web.ingress.consul', headers: { host: 'web.ingress.consul' }, ...options });
    await serve(one, { TLS: { Enabled: true, TLSMinVersion: 'TLSv1_3' } });
    await expect(call({ maxVersion: 'TLSv1.2' })).rejects.toThrow(/version/i);
    expect((await call({})).status).toBe(200);
    const CipherSuites = ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'];
    await serve(one, { TLS: { Enabled: true, TLSMaxVersion: 'TLSv1_2', CipherSuites } });
    expect((await call({ ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })).status).toBe(200);
    await expect(call({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).rejects.toThrow(/handshake/i);
    await expect(call({ minVersion: 'TLSv1.3' })).rejects.toThrow(/version/i);
  });
});
