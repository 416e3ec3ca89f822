import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Denial, Denials } from '../../../../../src/api/denial.ts';
import { freePorts } from '../../../../free-ports.ts';
import { echo, GatewayWorld } from '../../../../proxy/gateways/world.ts';
import { openAclApi, ROOT } from '../../../acl/acl-api.ts';
import { FakeDataplane } from '../../../harness.ts';

let world: GatewayWorld;
let ports: number[];

beforeAll(async () => {
  world = await GatewayWorld.start();
  ports = await freePorts(2);
  await world.write({ Kind: 'service-defaults', Name: 'payments', Protocol: 'http' });
  await world.http('payments', echo('payments'));
  await world.tcp('bytes', (socket) => socket.write('hello'));
  const upstreams = ['payments', 'bytes'].map((DestinationName, i) => ({ DestinationName, LocalBindPort: ports[i] }));
  await world.http('web', echo('web'), upstreams);
});
afterAll(() => world[Symbol.asyncDispose]());

const intend = (Name: string, source: object) => world.write({ Kind: 'service-intentions', Name, Sources: [{ Name: 'web', ...source }] });

/** As soon as one of them is what is looked for. */
const denial = (wanted: (one: Denial) => boolean): Promise<Denial> =>
  vi.waitFor(async () => {
    const { denials } = (await (await fetch(`${world.api}/v1/mesh/denials`)).json()) as Denials;
    return denials.find(wanted) ?? expect.fail(JSON.stringify(denials));
  }, 10_000);

describe('GET /v1/mesh/denials', () => {
  it('tells of requests by the permission that decided, equal ones as one, without their query', async () => {
    await intend('payments', {
      Permissions: [
        { Action: 'allow', HTTP: { PathExact: '/open' } },
        { Action: 'deny', HTTP: { PathPrefix: '/admin' } },
      ],
    });
    for (const query of ['?key=1', '?key=2']) expect((await world.call(ports[0]!, { path: `/admin${query}` })).status).toBe(403);
    expect((await world.call(ports[0]!, { path: '/open' })).status).toBe(200);
    const found = await denial(({ times }) => times === 2);
    expect(found).toMatchObject({
      proxy: 'dc1/local/payments-sidecar-proxy',
      source: 'web',
      sourceDatacenter: 'dc1',
      identity: `spiffe://${world.plane.trustDomain}/ns/default/dc/dc1/svc/web`,
      destination: 'payments',
      destinationDatacenter: 'dc1',
      protocol: 'http',
      request: { method: 'GET', host: `127.0.0.1:${ports[0]}`, path: '/admin' },
      status: 403,
      rule: { source: 'web', destination: 'payments', precedence: 9, action: 'deny', permission: 1 },
    });
    expect(found.reason).toContain('/svc/web: intention web => payments (precedence 9): Permissions[1] is deny');
    expect(JSON.stringify(found)).not.toContain('key=');
    await world.remove('service-intentions', 'payments');
  });

  it('tells of connections, those that were closed when the rule came too', async () => {
    const open = connect(ports[1]!, '127.0.0.1');
    await once(open, 'data');
    await intend('*', { Action: 'deny' });
    for (const socket of [open, connect(ports[1]!, '127.0.0.1').resume()]) if (!socket.closed) await once(socket, 'close');
    const found = await denial(({ destination, times }) => destination === 'bytes' && times === 2);
    expect(found).toMatchObject({
      source: 'web',
      protocol: 'tcp',
      status: 0,
      rule: { source: 'web', destination: '*', precedence: 6, action: 'deny' },
    });
    expect(found.request).toBeUndefined();
    await world.remove('service-intentions', '*');
  });

  it('keeps what a data plane knew that is gone', async () => {
    const before = await denial(({ destination }) => destination === 'bytes');
    await world.dataPlane.close(0);
    expect(await denial(({ destination }) => destination === 'bytes')).toEqual(before);
  });
});

describe('where ACLs are on', () => {
  it('shows those whose intentions one may read', async () => {
    await using api = await openAclApi();
    const socket = join(api.dir, 'dp.sock');
    await api.plane.listenDataplane(socket);
    await using fake = await FakeDataplane.connect(socket);
    const namesFor = async (token: string): Promise<string[]> => {
      const { json } = await api.as(token, '/v1/mesh/denials');
      return (json as Denials).denials.map(({ destination }) => destination);
    };
    const call = {
      proxy: 'p',
      source: 'web',
      sourceDatacenter: 'dc1',
      identity: '',
      destinationDatacenter: 'dc1',
      protocol: 'tcp',
    } as const;
    const once = { status: 0, reason: 'no intention matches, the default is deny', firstAt: 1, lastAt: 1, times: 1 };
    fake.send({ type: 'denied', calls: ['payments', 'hush'].map((destination) => ({ ...call, ...once, destination })) });
    await vi.waitFor(async () => expect(await namesFor(ROOT)).toHaveLength(2));
    const token = await api.tokenWith('service "payments" { policy = "read" intentions = "read" }');
    expect(await namesFor(token)).toEqual(['payments']);
    expect(await namesFor('')).toEqual([]);
  });
});
