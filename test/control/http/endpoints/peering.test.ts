import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { put } from '../../../catalog/registrations.ts';
import { openTestApi, type TestApi } from '../api.ts';

let east: TestApi;
let west: TestApi;
beforeAll(async () => {
  [east, west] = await Promise.all([openTestApi(), openTestApi()]);
});
afterAll(async () => {
  await east[Symbol.asyncDispose]();
  await west[Symbol.asyncDispose]();
});

interface PeeringJson {
  readonly ID: string;
  readonly State: string;
  readonly PeerID?: string;
  readonly PeerServerAddresses?: readonly string[];
  readonly StreamStatus: { readonly ImportedServices: readonly string[] | null; readonly ExportedServices: readonly string[] | null };
}
const post = (api: TestApi, path: string, body: object | string) => api.call(`/v1/peering/${path}`, { method: 'POST', body });
const read = async (api: TestApi, name: string) => (await api.call(`/v1/peering/${name}`)).json as PeeringJson | undefined;
const tokenOf = async (api: TestApi, PeerName: string, more: object = {}): Promise<string> => {
  const { json, text } = await post(api, 'token', { PeerName, ...more });
  expect(json, text).toBeDefined();
  return (json as { PeeringToken: string }).PeeringToken;
};

/** Resolves when the peering is in the state: a blocking query, no polling. */
async function until(api: TestApi, name: string, state: string): Promise<PeeringJson> {
  for (let index = '0'; ; ) {
    const reply = await api.call(`/v1/peering/${name}?index=${index}&wait=5s`);
    const found = reply.json as PeeringJson;
    if (found.State === state) return found;
    index = reply.headers['x-consul-index']!;
  }
}

const offer = (api: TestApi, peer: string, ...names: string[]) =>
  api.plane.commit([put('exported-services', 'default', { Services: names.map((Name) => ({ Name, Consumers: [{ Peer: peer }] })) })]);

describe('a peering of two agents', () => {
  it('is pending, then active at both ends, and tells what is offered', async () => {
    await offer(east, 'west', 'payments');
    await offer(west, 'east', 'web', 'api');
    const token = await tokenOf(east, 'WEST', { Meta: { team: 'a' } });
    expect(JSON.parse(Buffer.from(token, 'base64').toString())).toMatchObject({
      CA: [expect.stringContaining('BEGIN CERTIFICATE')],
      ManualServerAddresses: null,
      ServerAddresses: [east.address],
      ServerName: `server.dc1.peering.${east.plane.trustDomain}`,
      Remote: { Datacenter: 'dc1' },
    });
    expect(await read(east, 'west')).toMatchObject({
      Name: 'west',
      Meta: { team: 'a' },
      State: 'PENDING',
      StreamStatus: { ImportedServices: null },
    });
    expect(await post(west, 'establish', { PeerName: 'east', PeeringToken: token })).toMatchObject({ status: 200, json: {} });
    const there = await until(west, 'east', 'ACTIVE');
    const here = await until(east, 'west', 'ACTIVE');
    expect(there.PeerID).toBe(here.ID);
    expect(there).toMatchObject({ PeerServerAddresses: [east.address], Remote: { Datacenter: 'dc1' } });
    expect([there.StreamStatus.ImportedServices, there.StreamStatus.ExportedServices]).toEqual([['payments'], ['api', 'web']]);
    expect((await west.call('/v1/imported-services')).json).toEqual([{ Service: 'payments', SourcePeer: 'east' }]);
    expect((await east.call('/v1/imported-services')).json).toEqual([
      { Service: 'api', SourcePeer: 'west' },
      { Service: 'web', SourcePeer: 'west' },
    ]);
    expect(JSON.stringify([await read(west, 'east'), here])).not.toMatch(/Secret/);
  });

  it('is made once for each name', async () => {
    const again = await post(west, 'establish', { PeerName: 'east', PeeringToken: await tokenOf(east, 'other') });
    expect([again.status, again.text]).toEqual([500, 'cannot create peering with name: "east"; there is already an established peering']);
    const waiting = await post(east, 'establish', { PeerName: 'west', PeeringToken: await tokenOf(west, 'other') });
    expect(waiting.text).toBe('cannot create peering with name: "west"; there is an existing peering expecting to be dialed');
    const dialing = await post(west, 'token', { PeerName: 'east' });
    expect(dialing.text).toBe('cannot create peering with name: "east"; there is already an established peering');
    const own = await post(east, 'establish', { PeerName: 'self', PeeringToken: await tokenOf(east, 'myself') });
    expect(own.text).toBe('cannot create a peering within the same datacenter "dc1"');
  });

  it('lists by name, and forgets', async () => {
    expect(((await east.call('/v1/peerings')).json as { Name: string }[]).map(({ Name }) => Name)).toEqual(['myself', 'other', 'west']);
    expect(await east.call('/v1/peering/other', { method: 'DELETE' })).toMatchObject({ status: 200, text: '' });
    expect(await east.call('/v1/peering/other')).toMatchObject({ status: 404, text: 'Peering not found for "other"' });
    expect((await east.call('/v1/peering/nope', { method: 'DELETE' })).status).toBe(200);
  });
});

describe('a peering that can not be had', () => {
  it('stays ESTABLISHING where nobody answers, or knows of it', async () => {
    const lost = await tokenOf(east, 'lost', { ServerExternalAddresses: ['127.0.0.1:1'] });
    const deleted = await tokenOf(east, 'deleted');
    await east.call('/v1/peering/deleted', { method: 'DELETE' });
    await post(west, 'establish', { PeerName: 'lost', PeeringToken: lost });
    await post(west, 'establish', { PeerName: 'deleted', PeeringToken: deleted });
    expect(await read(west, 'lost')).toMatchObject({ State: 'ESTABLISHING', PeerServerAddresses: ['127.0.0.1:1'] });
    expect(await read(west, 'deleted')).toMatchObject({ State: 'ESTABLISHING' });
  });

  it('tells who does not know the secret nothing', async () => {
    const { ID } = (await read(east, 'west'))!;
    for (const PeerID of [ID, 'nope'])
      expect(await post(east, 'exchange', { PeerID, Secret: 'guessed' })).toMatchObject({ status: 404, text: 'Peering not found' });
  });

  it.each([
    ['token', {}, 'PeerName is required in the payload when generating a new peering token.'],
    ['token', { PeerName: 'a.b' }, /^a\.b is not a valid peer name: /],
    ['token', { PeerName: 'a', Partition: 'x' }, 'Partitions are a Consul Enterprise feature'],
    ['token', { PeerName: 'a', Meta: { 'a b': 'c' } }, "meta tags failed validation: Couldn't load metadata pair ('a b', 'c')"],
    ['token', { PeerName: 'a', ServerExternalAddresses: ['x'] }, 'x is not a valid peering server address'],
    ['token', 'nope', /^Body decoding failed: /],
    ['establish', { PeeringToken: 'x' }, 'PeerName is required in the payload when establishing a peering.'],
    ['establish', { PeerName: 'a' }, 'PeeringToken is required in the payload when establishing a peering.'],
    ['establish', { PeerName: 'a', PeeringToken: 'x' }, 'failed to decode peering token: it is no base64 of JSON'],
    ['establish', of({}), 'peering token server addresses value is empty'],
    ['establish', of({ ServerAddresses: ['a:0'] }), 'a:0 is not a valid peering server address'],
    ['establish', of({ ServerAddresses: ['a:1'], CA: ['x'] }), 'peering token CA value is invalid'],
    ['establish', of({ ServerAddresses: ['a:1'] }), 'peering token peer ID value is empty'],
  ])('refuses %s %j', async (path, body, text) => {
    const reply = await post(east, path, body);
    expect(reply.status).toBe(400);
    if (typeof text === 'string') expect(reply.text).toBe(text);
    else expect(reply.text).toMatch(text);
  });
});

describe('GET /v1/exported-services', () => {
  it('resolves wildcards, and joins what is said twice', async () => {
    const all = [
      { Name: '*', Consumers: [{ Peer: 'b' }] },
      { Name: 'web', Consumers: [{ Peer: 'a' }, { Peer: 'b' }] },
    ];
    await east.plane.commit([
      put('service-resolver', 'shaped'),
      { type: 'register', dc: 'dc1', node: { Node: 'n', ID: '', Address: '1.1.1.1', Datacenter: 'dc1', TaggedAddresses: {}, Meta: {} } },
      put('exported-services', 'default', { Services: all }),
    ]);
    expect((await east.call('/v1/exported-services')).json).toEqual([
      { Service: 'shaped', Consumers: { Peers: ['b'] } },
      { Service: 'web', Consumers: { Peers: ['a', 'b'] } },
    ]);
  });
});

function of(token: object): object {
  return { PeerName: 'a', PeeringToken: Buffer.from(JSON.stringify(token)).toString('base64') };
}
