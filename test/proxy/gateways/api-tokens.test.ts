import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Denials } from '../../../src/api/denial.ts';
import { freePorts } from '../../free-ports.ts';
import { Issuer } from '../jwt/issuer.ts';
import { type Answer, echo, echoed, GatewayWorld } from './world.ts';

let world: GatewayWorld;
let okta: Issuer;
let port: number;

beforeAll(async () => {
  world = await GatewayWorld.start();
  okta = await Issuer.start('https://okta');
  [port] = (await freePorts(1)) as [number];
  await world.write({ Kind: 'service-defaults', Name: 'web', Protocol: 'http' });
  await world.http('web', echo('web'));
  await world.gateway('api-gateway', 'api', { Address: '127.0.0.1' });
  const JWKS = Buffer.from(okta.jwks()).toString('base64');
  const provider = { Issuer: okta.name, JSONWebKeySet: { Local: { JWKS } }, Forwarding: { HeaderName: 'X-Payload' } };
  await world.write({ Kind: 'jwt-provider', Name: 'okta', ...provider });
});
afterAll(() => world[Symbol.asyncDispose]());

const asks = (role: string) => ({ JWT: { Providers: [{ Name: 'okta', VerifyClaims: [{ Path: ['role'], Value: role }] }] } });

/** `/asks` says what it asks for, `/says-nothing` doesn't. */
async function write(listener: object): Promise<void> {
  const Services = [{ Name: 'web' }];
  const rule = (Value: string, Filters: object) => ({ Matches: [{ Path: { Match: 'prefix', Value } }], Filters, Services });
  await world.write(
    { Kind: 'api-gateway', Name: 'api', Listeners: [{ Name: 'main', Port: port, Protocol: 'http', ...listener }] },
    {
      Kind: 'http-route',
      Name: 'all',
      Parents: [{ Kind: 'api-gateway', Name: 'api' }],
      Rules: [rule('/asks', asks('user')), rule('/says-nothing', {})],
    },
  );
}

const call = async (path: string, role?: string): Promise<Answer> => {
  const token = role === undefined ? {} : { authorization: `Bearer ${await okta.token({ role })}` };
  return world.call(port, { path, headers: { 'x-payload': 'forged', ...token } });
};
const statuses = async (path: string): Promise<number[]> =>
  Promise.all([undefined, 'user', 'admin'].map(async (role) => (await call(path, role)).status));

describe('an API gateway', () => {
  it('asks for the tokens of a route, and sends payloads on in their place', async () => {
    await write({});
    expect(await statuses('/asks')).toEqual([401, 200, 403]);
    expect(await statuses('/says-nothing')).toEqual([200, 200, 200]);
    const missing = await call('/asks');
    expect(missing).toMatchObject({ body: 'Jwt is missing' });
    expect(missing.headers['x-mesh-reason']).toBe(
      `a client of http:${port}: the route asks for a token: Jwt is missing (jwt-provider okta)`,
    );
    await vi.waitFor(async () => {
      const { denials } = (await (await fetch(`${world.api}/v1/mesh/denials`)).json()) as Denials;
      const token = 'Jwt is missing (jwt-provider okta)';
      expect(denials).toContainEqual(
        expect.objectContaining({ source: 'api', identity: '', destination: `http:${port}`, status: 401, token }),
      );
    });
    const { headers } = echoed(await call('/asks', 'user'));
    expect(headers).not.toHaveProperty('authorization');
    expect(JSON.parse(Buffer.from(headers['x-payload']!, 'base64url').toString())).toMatchObject({ role: 'user' });
    expect(echoed(await call('/says-nothing')).headers).not.toHaveProperty('x-payload');
  });

  it('asks for those of its listener where a route says nothing', async () => {
    await write({ Default: asks('admin') });
    expect(await statuses('/asks')).toEqual([401, 200, 403]);
    expect(await statuses('/says-nothing')).toEqual([401, 403, 200]);
  });

  it('asks for those of its listener whatever routes say', async () => {
    await write({ Override: asks('admin'), Default: asks('user') });
    expect(await statuses('/asks')).toEqual([401, 403, 200]);
    expect(await statuses('/says-nothing')).toEqual([401, 403, 200]);
  });

  it('can not ask for them where there are no requests', async () => {
    await expect(write({ Protocol: 'tcp', Default: asks('user') })).rejects.toThrow(
      'listener "main" has protocol tcp: tokens are seen in requests only',
    );
  });

  it('lets nobody pass without the provider that it asks for', async () => {
    await world.remove('jwt-provider', 'okta');
    expect(await statuses('/asks')).toEqual([401, 401, 401]);
  });
});
