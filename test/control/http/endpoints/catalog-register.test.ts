import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

/** What Consul 1.8.7 answered to the same requests; where newer ones differ both are written. */

let newer: TestApi;
let older: TestApi;
beforeAll(async () => {
  [newer, older] = await Promise.all([openTestApi(), openTestApi({ compat: '1.8' })]);
});
afterAll(() => Promise.all([newer[Symbol.asyncDispose](), older[Symbol.asyncDispose]()]));

const register = (api: TestApi, body: object | string) => api.call('/v1/catalog/register', { method: 'PUT', body });
const on = (node: string, more: object = {}): object => ({ Node: node, Address: '10.0.0.1', ...more });

describe('a registration that makes no sense', () => {
  const proxy = (fields: object): object => on('bad', { Service: { Kind: 'connect-proxy', Service: 'p', ...fields } });
  const cases: [string, object | string, number, string, string?][] = [
    ['no body', '', 400, 'Request decode failed: EOF'],
    ['no JSON', 'x', 400, "Request decode failed: invalid character 'x' looking for beginning of value"],
    ['an unknown key', on('bad', { Service: { Service: 'web', Bogus: 1 } }), 400, 'Request decode failed: json: unknown field "Bogus"'],
    ['no node', {}, 500, 'Must provide node'],
    ['no address', { Node: 'bad' }, 500, 'Must provide address if SkipNodeUpdate is not set'],
    ['a short id', on('bad', { ID: 'nope' }), 500, 'Bad node ID: uuid string is wrong length'],
    ['an id that is none', on('bad', { ID: 'x'.repeat(36) }), 500, 'Bad node ID: uuid is improperly formatted'],
    ['another datacenter', on('bad', { Datacenter: 'nope' }), 500, 'No path to datacenter'],
    ['a service with an id only', on('bad', { Service: { ID: 'x' } }), 500, 'Must provide service name with ID'],
    [
      'a service without a name',
      on('bad', { Service: { Port: 80 } }),
      500,
      'failed inserting service: failed inserting service: object missing primary index',
    ],
    ['an address of all interfaces', on('bad', { Service: { Service: 'a', Address: '0.0.0.0' } }), 500, 'Invalid service address'],
    [
      'reserved metadata',
      on('x2', { Service: { Service: 'ttt', Meta: { 'consul-x': '1' } } }),
      500,
      "failed inserting service: Invalid Service Meta for node x2 and serviceID ttt: Couldn't load metadata pair ('consul-x', '1'): Key prefix 'consul-' is reserved for internal use",
    ],
    ['a check of another node', on('x2', { Check: { Node: 'other', CheckID: 'z' } }), 500, 'check node "other" does not match node "x2"'],
    [
      'a check without a name',
      on('n1', { Check: { Status: 'passing' } }),
      500,
      'failed inserting check: failed inserting check: object missing primary index on node "n1"',
    ],
    [
      'a check of no service',
      on('n1', { Check: { CheckID: 'z', ServiceID: 'nope' } }),
      500,
      'failed inserting check: Missing service registration on node "n1"',
    ],
    [
      'an empty sidecar',
      proxy({}),
      500,
      '2 errors occurred:\n\t* Port or SocketPath must be set for a connect-proxy\n\t* Proxy.DestinationServiceName must be non-empty for Connect proxy services\n\n',
      '2 errors occurred:\n\t* Proxy.DestinationServiceName must be non-empty for Connect proxy services\n\t* Port must be set for a Connect proxy\n\n',
    ],
    [
      'upstreams',
      proxy({
        Port: 1,
        Proxy: {
          DestinationServiceName: 'x',
          Upstreams: [
            { DestinationName: 'b' },
            { DestinationName: 'b', DestinationType: 'bogus', LocalBindPort: 4 },
            { DestinationName: 'c', LocalBindPort: 4 },
            { DestinationName: 'c', LocalBindPort: 5 },
            { DestinationName: 'd', LocalBindPort: 4 },
          ],
        },
      }),
      500,
      '4 errors occurred:\n\t* upstream local bind port or local socket path must be defined and nonzero\n\t* unknown upstream destination type: "bogus"\n\t* upstreams cannot contain duplicates of [type="service", name="c", partition="default", namespace="default", peer="", datacenter=""]\n\t* upstreams cannot contain duplicates by local bind address and port or unix path; "127.0.0.1:4" is specified twice\n\n',
      '4 errors occurred:\n\t* upstream local bind port cannot be zero\n\t* unknown upstream destination type: "bogus"\n\t* upstreams cannot contain duplicates of [type="service", name="c", namespace="", datacenter=""]\n\t* upstreams cannot contain duplicates by local bind address and port or unix path; "127.0.0.1:4" is specified twice\n\n',
    ],
    [
      'a gateway that is half a sidecar',
      on('bad', { Service: { Kind: 'mesh-gateway', Service: 'g', Proxy: { DestinationServiceName: 'x', LocalServicePort: 3 } } }),
      500,
      '3 errors occurred:\n\t* Port must be non-zero for a mesh-gateway\n\t* The Proxy.DestinationServiceName configuration is invalid for a mesh-gateway\n\t* The Proxy.LocalServicePort configuration is invalid for a mesh-gateway\n\n',
    ],
  ];

  it.each(cases)('%s', async (_, body, status, text, olderText = text) => {
    const [a, b] = await Promise.all([register(newer, body), register(older, body)]);
    expect([a.status, a.text, b.status, b.text]).toEqual([status, text, status, olderText]);
    expect((await newer.call('/v1/catalog/node/bad')).json).toBe(null);
  });
});

describe('a registration', () => {
  const body = on('n1', {
    Service: {
      Service: 'web',
      Port: 80,
      Tags: ['a', 'b'],
      Meta: { k: 'v' },
      TaggedAddresses: { lan: { Address: '1.2.3.4', Port: 8 } },
      Weights: { Passing: 10, Warning: 1 },
    },
    Check: {
      Name: 'c1',
      Status: 'passing',
      ServiceID: 'web',
      Definition: { HTTP: 'http://x', Interval: '10s', Timeout: '5s', DeregisterCriticalServiceAfter: 30e9 },
    },
  });

  it('is in every list as Consul has it', async () => {
    expect((await register(newer, body)).json).toBe(true);
    expect((await register(older, body)).json).toBe(true);
    const service = {
      ID: 'web',
      Service: 'web',
      Tags: ['a', 'b'],
      Address: '',
      TaggedAddresses: { lan: { Address: '1.2.3.4', Port: 8 } },
      Meta: { k: 'v' },
      Port: 80,
      Weights: { Passing: 10, Warning: 1 },
      EnableTagOverride: false,
      Proxy: { Mode: '', MeshGateway: {}, Expose: {} },
      Connect: {},
      PeerName: '',
      CreateIndex: expect.any(Number) as number,
      ModifyIndex: expect.any(Number) as number,
    };
    const node = { ID: '', Node: 'n1', Address: '10.0.0.1', Datacenter: 'dc1', TaggedAddresses: null, Meta: null };
    const indexes = { CreateIndex: expect.any(Number) as number, ModifyIndex: expect.any(Number) as number };
    expect((await newer.call('/v1/catalog/node/n1')).json).toEqual({ Node: { ...node, ...indexes }, Services: { web: service } });
    expect((await newer.call('/v1/catalog/node-services/n1')).json).toEqual({ Node: { ...node, ...indexes }, Services: [service] });
    const { Mode: _, ...plain } = service.Proxy;
    const { PeerName: __, ...olderService } = service;
    const old = (await older.call('/v1/catalog/node-services/n1')).json as { Services: object[] };
    expect(old.Services).toEqual([{ ...olderService, Proxy: plain }]);
    expect(Object.keys(old.Services[0]!)).toEqual(Object.keys(olderService));
  });

  it('has its check with its definition', async () => {
    const check = {
      Node: 'n1',
      CheckID: 'c1',
      Name: 'c1',
      Status: 'passing',
      Notes: '',
      Output: '',
      ServiceID: 'web',
      ServiceName: 'web',
      ServiceTags: ['a', 'b'],
      Type: 'http',
      Definition: { Interval: '10s', Timeout: '5s', DeregisterCriticalServiceAfter: '30s', HTTP: 'http://x' },
      CreateIndex: expect.any(Number) as number,
      ModifyIndex: expect.any(Number) as number,
    };
    expect((await older.call('/v1/health/node/n1')).json).toEqual([check]);
    expect((await newer.call('/v1/health/checks/web')).json).toEqual([{ ...check, Interval: '', Timeout: '', ExposedPort: 0 }]);
    expect((await newer.call('/v1/health/state/passing?filter=ServiceTags+contains+b')).json).toHaveLength(1);
    expect((await newer.call('/v1/health/state/bogus')).json).toEqual([]);
    expect((await newer.call('/v1/health/state/any?node-meta=a:b')).json).toEqual([]);
  });

  it('leaves a node as it is when asked to', async () => {
    await register(newer, on('kept', { Address: '10.0.0.9' }));
    await register(newer, { Node: 'kept', SkipNodeUpdate: true, Service: { Service: 'late' } });
    expect((await newer.call('/v1/catalog/node/kept')).json).toMatchObject({ Node: { Address: '10.0.0.9' }, Services: { late: {} } });
  });

  it('renames a node that comes with a new name, unless the name is that of one that lives', async () => {
    const id = (digit: string): string => `${digit.repeat(8)}-1111-1111-1111-111111111111`;
    const alive = { CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing' };
    await register(newer, on('old-name', { ID: id('1') }));
    await register(newer, on('new-name', { ID: id('1'), Check: alive }));
    expect((await newer.call('/v1/catalog/node/old-name')).json).toBe(null);
    const reply = await register(newer, on('new-name', { ID: id('2') }));
    expect(reply.text).toBe(
      `failed inserting node: Error while renaming Node ID: "${id('2')}": Node name new-name is reserved by node ${id('1')} with name new-name (10.0.0.1)`,
    );
  });

  it('keeps where a node is', async () => {
    const Locality = { Region: 'r', Zone: 'z' };
    await register(newer, on('placed', { Locality }));
    const placed = async () => (await newer.call('/v1/catalog/node/placed')).json as { Node: object };
    expect((await placed()).Node).toMatchObject({ Locality });
    await register(newer, on('placed', { Locality: { ...Locality, Zone: 'y' } }));
    expect((await placed()).Node).toMatchObject({ Locality: { Region: 'r', Zone: 'y' } });
    await newer.call('/v1/catalog/deregister', { method: 'PUT', body: { Node: 'placed' } });
  });

  it('keeps the types of upstreams as they were given, and an agent says what it takes for granted', async () => {
    const proxied = { DestinationServiceName: 'web', Upstreams: [{ DestinationName: 'db', LocalBindPort: 9191 }] };
    const sidecar = { Kind: 'connect-proxy', Port: 8080, Proxy: proxied };
    await register(newer, on('typed', { Service: { Service: 'by-catalog', ...sidecar } }));
    await newer.call('/v1/agent/service/register', { method: 'PUT', body: { Name: 'by-agent', ...sidecar } });
    const types = async (name: string) => {
      const [row] = (await newer.call(`/v1/catalog/service/${name}`)).json as {
        ServiceProxy: { Upstreams: { DestinationType: string }[] };
      }[];
      return row!.ServiceProxy.Upstreams.map(({ DestinationType }) => DestinationType);
    };
    expect([await types('by-catalog'), await types('by-agent')]).toEqual([[''], ['service']]);
    await newer.call('/v1/agent/service/deregister/by-agent', { method: 'PUT' });
    await newer.call('/v1/catalog/deregister', { method: 'PUT', body: { Node: 'typed' } });
  });

  it('goes as it came', async () => {
    const deregister = (body: object) => newer.call('/v1/catalog/deregister', { method: 'PUT', body });
    expect((await deregister({})).text).toBe('Must provide node');
    expect((await deregister({ Node: 'absent' })).json).toBe(true);
    await register(newer, on('goes', { Service: { Service: 'x' }, Checks: [{ CheckID: 'n' }, { CheckID: 's', ServiceID: 'x' }] }));
    const checks = async () => ((await newer.call('/v1/health/node/goes')).json as { CheckID: string }[]).map(({ CheckID }) => CheckID);
    expect(await checks()).toEqual(['n', 's']);
    await deregister({ Node: 'goes', ServiceID: 'x', CheckID: 'n' });
    expect(await checks()).toEqual(['n']);
    await deregister({ Node: 'goes', CheckID: 'n', Address: '10.0.0.9' });
    expect(await checks()).toEqual([]);
    await deregister({ Node: 'goes' });
    expect((await newer.call('/v1/catalog/node/goes')).json).toBe(null);
  });
});

describe('lists', () => {
  it('name what is missing', async () => {
    const texts: Record<string, string> = {
      'catalog/service/': 'Missing service name',
      'catalog/connect/': 'Missing service name',
      'catalog/node/': 'Missing node name',
      'catalog/node-services/': 'Missing node name',
      'catalog/gateway-services/': 'Missing gateway name',
      'health/node/': 'Missing node name',
      'health/checks/': 'Missing service name',
      'health/state/': 'Missing check state',
      'health/connect/': 'Missing service name',
      'health/ingress/': 'Missing service name',
    };
    for (const [path, text] of Object.entries(texts)) {
      const reply = await newer.call(`/v1/${path}`);
      expect([path, reply.status, reply.text]).toEqual([path, 400, text]);
    }
  });

  it('are null, an object of nulls, or empty for what is not there', async () => {
    expect((await newer.call('/v1/catalog/node-services/nope')).json).toEqual({ Node: null, Services: null });
    expect((await newer.call('/v1/catalog/gateway-services/nope')).json).toBe(null);
    for (const path of ['catalog/service/nope', 'catalog/connect/nope', 'health/ingress/nope', 'health/node/nope']) {
      expect((await newer.call(`/v1/${path}`)).json).toEqual([]);
    }
    expect((await newer.call('/v1/catalog/services?node-meta=a:b')).json).toEqual({});
    expect((await newer.call('/v1/health/service/web?peer=elsewhere')).json).toEqual([]);
  });
});
