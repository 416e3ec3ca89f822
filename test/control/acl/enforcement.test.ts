import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/control/http/endpoint.ts';
import { ENDPOINTS } from '../../../src/control/http/endpoints/table.ts';
import { registration } from '../harness.ts';
import type { Reply } from '../http/api.ts';
import { type AclApi, openAclApi, ROOT } from './acl-api.ts';

/**
 * Every endpoint of the table is called with a token that has no rights, where nothing is allowed by default. A new one
 * fails here until it asks for its rights, and until the call below, if the plain one is not enough, gets as far as that.
 */
interface Given {
  /** In place of the path of the table with names from the catalog. */
  readonly path?: string;
  readonly body?: object | string;
  readonly headers?: Record<string, string>;
  /** Where a refusal is not 403 and an empty answer not empty: what it says to everybody. */
  readonly says?: RegExp;
}

/** What is in the catalog, and in no answer. */
const NAME = 'hush';

/** Lets the dashboard write. */
const UI = 'a'.repeat(64);

/** A service that the agent itself looks after. */
const OWN = `${NAME}-own`;

/** What anybody may ask; each was looked at. */
const OPEN = new Set([
  'GET /v1/status/leader',
  'GET /v1/status/peers',
  'GET /v1/catalog/datacenters',
  'GET /v1/coordinate/datacenters',
  'GET /v1/connect/ca/roots',
  'GET /v1/agent/connect/ca/roots',
  // Roots; of leaves what the token may read.
  'GET /v1/mesh/certificates',
  'PUT /v1/acl/bootstrap',
  'GET /v1/acl/replication',
  'GET /v1/acl/token/self',
  // There is none.
  'GET /v1/internal/ui/metrics-proxy/:path',
  // A program, which asks for what it shows with a token of its own.
  'GET /ui/:page',
  // Whoever asks shows the secret of a peering.
  'POST /v1/peering/exchange',
  'POST /v1/acl/login',
  'POST /v1/acl/logout',
  'POST /v1/internal/acl/authorize',
  'PUT /v1/acl/create',
  'PUT /v1/acl/update',
  'PUT /v1/acl/destroy/:id',
  'GET /v1/acl/info/:id',
  'PUT /v1/acl/clone/:id',
  'GET /v1/acl/list',
]);

const CALLS: Readonly<Record<string, Given>> = {
  'GET /v1/agent/monitor': { path: '/v1/agent/monitor?loglevel=bogus' },
  // It would go on for ever for who may ask.
  'GET /v1/mesh/tap': { path: '/v1/mesh/tap?status=bogus' },
  'PUT /v1/agent/maintenance': { path: '/v1/agent/maintenance?enable=true' },
  'GET /v1/agent/service/:id': { path: `/v1/agent/service/${OWN}` },
  'PUT /v1/agent/service/register': { body: { Name: 'new' } },
  'PUT /v1/agent/service/deregister/:id': { path: `/v1/agent/service/deregister/${OWN}` },
  'PUT /v1/agent/service/maintenance/:id': { path: `/v1/agent/service/maintenance/${OWN}?enable=true` },
  'GET /v1/agent/health/service/id/:id': { path: `/v1/agent/health/service/id/${OWN}` },
  'GET /v1/agent/health/service/name/:name': { path: `/v1/agent/health/service/name/${OWN}` },
  'PUT /v1/agent/check/register': { body: { Name: 'new', TTL: '10s' } },
  'PUT /v1/agent/check/deregister/:id': { path: `/v1/agent/check/deregister/service:${OWN}` },
  'PUT /v1/agent/check/pass/:id': { path: `/v1/agent/check/pass/service:${OWN}` },
  'PUT /v1/agent/check/warn/:id': { path: `/v1/agent/check/warn/service:${OWN}` },
  'PUT /v1/agent/check/fail/:id': { path: `/v1/agent/check/fail/service:${OWN}` },
  'PUT /v1/agent/check/update/:id': { path: `/v1/agent/check/update/service:${OWN}`, body: { Status: 'passing' } },
  'PUT /v1/catalog/register': { body: { Node: 'new', Address: '127.0.0.1' } },
  'PUT /v1/catalog/deregister': { body: { Node: `${NAME}-node` } },
  'GET /v1/health/state/:state': { path: '/v1/health/state/any' },
  'PUT /v1/config': { body: { Kind: 'service-defaults', Name: NAME, Protocol: 'http' } },
  'GET /v1/internal/ui/service-topology/:service': { path: `/v1/internal/ui/service-topology/${NAME}?kind=` },
  'PUT /v1/internal/service-virtual-ip': { body: { Service: NAME, ManualVIPs: [] } },
  'PUT /v1/config/apply': { body: { Entries: [{ Kind: 'service-defaults', Name: NAME, Protocol: 'http' }], DryRun: true } },
  'POST /v1/mesh/blueprints/plan': { body: { id: 'x' }, headers: { 'X-Mesh-Ui-Token': UI } },
  'POST /v1/mesh/blueprints/run': { body: { id: 'x' }, headers: { 'X-Mesh-Ui-Token': UI } },
  'POST /v1/mesh/blueprints/destroy': { body: { id: 'x' }, headers: { 'X-Mesh-Ui-Token': UI } },
  'POST /v1/mesh/explain': { body: { source: NAME, destination: 'x' } },
  'POST /v1/mesh/config/parse': { body: `Kind = "service-defaults"\nName = "x"\n`, says: /"summary":"Permission denied/ },
  'GET /v1/mesh/config/:kind/:name': { path: `/v1/mesh/config/service-defaults/${NAME}` },
  'GET /v1/config/:kind/:name': { path: `/v1/config/service-defaults/${NAME}` },
  'DELETE /v1/config/:kind/:name': { path: `/v1/config/service-defaults/${NAME}` },
  'PUT /v1/connect/ca/configuration': { body: { Provider: 'consul', Config: {} } },
  'POST /v1/agent/connect/authorize': {
    body: { Target: NAME, ClientCertURI: 'spiffe://11111111-2222-3333-4444-555555555555.consul/ns/default/dc/dc1/svc/web' },
  },
  'POST /v1/connect/intentions': { body: { SourceName: 'x', DestinationName: 'y', Action: 'allow' } },
  'GET /v1/connect/intentions/exact': { path: `/v1/connect/intentions/exact?source=web&destination=${NAME}` },
  'PUT /v1/connect/intentions/exact': { path: `/v1/connect/intentions/exact?source=web&destination=${NAME}`, body: { Action: 'deny' } },
  'DELETE /v1/connect/intentions/exact': { path: `/v1/connect/intentions/exact?source=web&destination=${NAME}` },
  'GET /v1/connect/intentions/:id': { path: '/v1/connect/intentions/INTENTION' },
  'PUT /v1/connect/intentions/:id': {
    path: '/v1/connect/intentions/INTENTION',
    body: { SourceName: 'x', DestinationName: NAME, Action: 'deny' },
  },
  'DELETE /v1/connect/intentions/:id': { path: '/v1/connect/intentions/INTENTION' },
  'GET /v1/connect/intentions/match': { path: `/v1/connect/intentions/match?by=destination&name=${NAME}` },
  'GET /v1/connect/intentions/check': { path: `/v1/connect/intentions/check?source=web&destination=${NAME}` },
  'POST /v1/discovery-chain/:service': { body: {} },
  'PUT /v1/kv/:key': { body: 'x' },
  'GET /ui/plain': {
    says: /<h2>Services<\/h2><p>None\.<\/p>\s*<h2>Nodes<\/h2><p>None\.<\/p>\s*<h2>Config entries<\/h2><p>None\./,
  },
  'PUT /v1/coordinate/update': { body: { Node: `${NAME}-node`, Coord: { Vec: [0, 0, 0, 0, 0, 0, 0, 0] } } },
  'POST /v1/query': { body: { Name: 'x', Service: { Service: NAME } } },
  'GET /v1/query/:query': { path: '/v1/query/QUERY' },
  'PUT /v1/query/:query': { path: '/v1/query/QUERY', body: { Name: NAME, Service: { Service: NAME } } },
  'DELETE /v1/query/:query': { path: '/v1/query/QUERY' },
  'PUT /v1/session/create': { body: {} },
  'PUT /v1/session/destroy/:id': { path: '/v1/session/destroy/SESSION' },
  'PUT /v1/session/renew/:id': { path: '/v1/session/renew/SESSION' },
  'GET /v1/session/info/:id': { path: '/v1/session/info/SESSION' },
  'PUT /v1/txn': { body: [{ KV: { Verb: 'set', Key: NAME, Value: '' } }], says: /"What":"Permission denied/ },
  'PUT /v1/acl/token': { body: {} },
  'PUT /v1/acl/token/:accessor': { body: {} },
  'PUT /v1/acl/policy': { body: { Name: 'x' } },
  'PUT /v1/acl/policy/:id': { body: { Name: 'x' } },
  'PUT /v1/acl/auth-method': { body: {} },
  'PUT /v1/acl/auth-method/:name': { body: {} },
  'PUT /v1/acl/binding-rule': { body: {} },
  'PUT /v1/acl/binding-rule/:id': { body: {} },
  'PUT /v1/acl/role': { body: { Name: 'x' } },
  'PUT /v1/acl/role/:id': { body: { Name: 'x' } },
  'POST /v1/acl/templated-policy/preview/:name': { path: '/v1/acl/templated-policy/preview/builtin/dns' },
  'GET /v1/mesh/topology': { says: /"services":\[\],"edges":\[\]/i },
  'GET /v1/mesh/traffic': { says: /"flows":\[\]/i },
  'PUT /v1/agent/token/:kind': { path: '/v1/agent/token/default', body: { Token: '' } },
};

const UUID = '11111111-1111-4111-8111-111111111111';
const PARAMS: Readonly<Record<string, string>> = { node: `${NAME}-node`, id: UUID, accessor: UUID };

const keyOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

function call(api: AclApi, token: string, endpoint: Endpoint, ids: Readonly<Record<string, string>>): Promise<Reply> {
  const { path, body, headers = {} } = CALLS[keyOf(endpoint)] ?? {};
  const named = endpoint.path.replace(/:(\w+)/g, (_, name: string) => PARAMS[name] ?? NAME);
  return api.as(
    token,
    (path ?? named).replace(/[A-Z]{4,}/, (id) => ids[id] ?? id),
    { method: endpoint.method, headers, ...(body === undefined ? {} : { body }) },
  );
}

/** Nothing, in one of the ways to say so. */
function isEmpty({ status, json }: Reply): boolean {
  if (status === 404) return true;
  if (status !== 200 || typeof json !== 'object') return false;
  return json === null || Object.values(json).every((value) => value === null || (Array.isArray(value) && value.length === 0));
}

describe('a token without rights, where nothing is allowed by default', () => {
  let api: AclApi;
  let nobody: string;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    api = await openAclApi({ dashboard: { token: UI, file: () => Promise.resolve(undefined) } });
    nobody = await api.tokenWith('');
    await api.plane.commit([registration({ node: `${NAME}-node`, address: '127.5.0.1', name: NAME, port: 9090 })]);
    await api.root('PUT', '/v1/config', { Kind: 'service-defaults', Name: NAME, Protocol: 'http' });
    await api.root('PUT', `/v1/connect/intentions/exact?source=web&destination=${NAME}`, { Action: 'allow' });
    await api.root('PUT', `/v1/kv/${NAME}`, NAME);
    await api.root('PUT', '/v1/agent/service/register', { Name: OWN, Check: { TTL: '60s' } });
    const made = async (reply: Promise<Reply>): Promise<string> => ((await reply).json as { ID: string }).ID;
    ids['SESSION'] = await made(api.root('PUT', '/v1/session/create', { Node: 'local', Name: NAME }));
    ids['QUERY'] = await made(api.root('POST', '/v1/query', { Name: NAME, Service: { Service: NAME } }));
    const intention = { SourceName: 'x', DestinationName: NAME, Action: 'allow' };
    ids['INTENTION'] = await made(api.root('POST', '/v1/connect/intentions', intention));
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const guarded = ENDPOINTS.filter((endpoint) => !OPEN.has(keyOf(endpoint)));
  // After the last of these there is nobody to ask.
  const lasting = guarded.filter(({ path }) => path !== '/v1/agent/leave');

  it.each(guarded.map((endpoint) => [keyOf(endpoint), endpoint] as const))('%s tells and does nothing', async (key, endpoint) => {
    const before = api.plane.snapshot.value;
    const reply = await call(api, nobody, endpoint, ids);
    const says = CALLS[key]?.says;
    const refused = reply.status === 403 || (endpoint.method === 'GET' && isEmpty(reply)) || says?.test(reply.text) === true;
    expect(refused ? 'refused' : `${reply.status} ${reply.text}`).toBe('refused');
    expect(reply.text.replace(/on \\?"[^"\\]*\\?"/, '')).not.toContain(NAME);
    expect(api.plane.snapshot.value).toBe(before);
  });

  it('says so of every endpoint that anybody may ask, and of no other', () => {
    const open = ENDPOINTS.filter(({ acl }) => acl === 'none').map(keyOf);
    expect(open.filter((key) => !OPEN.has(key))).toEqual([]);
  });

  it('is what the refusals are about: the management token is refused nowhere', async () => {
    const replies: string[] = [];
    for (const endpoint of lasting) {
      const reply = await call(api, ROOT, endpoint, ids);
      if (reply.status === 403) replies.push(`${keyOf(endpoint)}: ${reply.text}`);
    }
    expect(replies).toEqual([]);
  });
});
