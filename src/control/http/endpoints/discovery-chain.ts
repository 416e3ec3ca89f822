import { entries, type QueryResult } from '../../../catalog/queries.ts';
import type { Snapshot } from '../../../catalog/snapshot.ts';
import { virtualIp } from '../../../catalog/virtual-ips.ts';
import { compileChain } from '../../../compile/chain.ts';
import type { Chain, ChainOverrides } from '../../../compile/chain-model.ts';
import { fieldsOf } from '../../../entries/canonical.ts';
import { LenientDecoder } from '../../../entries/lenient.ts';
import { consulErrorText } from '../../../entries/problem.ts';
import { fromJson } from '../../../schema/located.ts';
import { any, type Decoded, duration, map, object, optional, string } from '../../../schema/schema.ts';
import { type Answer, HttpError } from '../answer.ts';
import { badRequest, badRequestPrefix } from '../bad-request.ts';
import { answerConsistentQuery } from '../blocking.ts';
import { chainJson } from '../chain-json.ts';
import { chainJsonOf1_8 } from '../chain-json-1.8.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { entryText } from '../entry-texts.ts';
import { readJsonBody } from '../json-body.ts';

export const discoveryChain: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/discovery-chain/:service',
    doc: 'How calls to a service are routed, split and resolved; ?compile-dc= as in another datacenter.',
    acl: 'service:read',
    agentCache: true,
    handle: (request, mesh) => answer(request, mesh, {}),
  },
  {
    method: 'POST',
    path: '/v1/discovery-chain/:service',
    doc: "The same, with an upstream's OverrideProtocol, OverrideConnectTimeout and OverrideMeshGateway.",
    acl: 'service:read',
    handle: (request, mesh) => answer(request, mesh, readOverrides(mesh, request.body)),
  },
];

function answer(request: ApiRequest, mesh: Api, overrides: ChainOverrides): Promise<Answer> {
  const service = request.params[0] ?? '';
  if (service === '') throw badRequest(mesh, 'Missing chain name');
  refuseTenancy(request, mesh);
  if (service === '') throw new HttpError(400, 'Missing chain name');
  request.acl.require('service', 'read', service);
  const evaluateInDc = request.query.get('compile-dc') || request.options.dc;
  const old = mesh.compat === '1.8';
  const run = (s: Snapshot, dc: string): QueryResult<Chain> => {
    const { trustDomain } = mesh;
    const compiled = compileChain(s, { dc, service, evaluateInDc, trustDomain, overrides, gatewaysElsewhereOnly: old });
    if (compiled.ok) return { ...entries(s, dc), value: compiled.value };
    const text = entryText(mesh.compat, '', compiled.error.message);
    throw new HttpError(500, old ? text : `failed to compile discovery chain: ${text}`);
  };
  return answerConsistentQuery(request, mesh, run, (chain) => ({
    Chain: old ? chainJsonOf1_8(chain) : chainJson(chain, virtualIp(mesh.snapshot.value, request.options.dc, service)),
  }));
}

/** There is one namespace and one partition: asking for another has no answer. */
function refuseTenancy({ query }: ApiRequest, mesh: Api): void {
  for (const [name, feature] of [
    ['compile-namespace', 'Namespaces are'],
    ['compile-partition', 'Partitions are'],
  ] as const) {
    const value = query.get(name) ?? '';
    if (value === '' || value.toLowerCase() === 'default') continue;
    throw badRequest(mesh, `Invalid query parameter: "${name}" - ${feature} a Consul Enterprise feature`);
  }
}

const schema = object({
  OverrideConnectTimeout: optional(duration(), 'Time to connect.'),
  OverrideProtocol: optional(string(), 'What the upstream speaks.'),
  OverrideMeshGateway: optional(object({ Mode: optional(string(), 'none, local or remote.') }), 'How other datacenters are reached.'),
});

const GATEWAY_MODES = ['', 'none', 'local', 'remote'];

/** Consul decodes it as leniently as entries, and does not mind fields that it does not know. */
function readOverrides(mesh: Api, body: string): ChainOverrides {
  if (body.trim() === '') return {};
  const json = fromJson(readJsonBody({ body }, map(any()), { prefix: `${badRequestPrefix(mesh)}Request decoding failed: ` }));
  const decoder = new LenientDecoder();
  const given = (json.type === 'map' ? decoder.object(json, fieldsOf(schema), '') : {}) as Decoded<typeof schema>;
  const wrong = consulErrorText(decoder.problems.filter(({ form }) => form === 'decode'));
  if (wrong !== '') throw badRequest(mesh, `Request decoding failed: ${wrong}`);
  const { OverrideProtocol: protocol, OverrideConnectTimeout: timeout = 0, OverrideMeshGateway: gateway } = given;
  if (!GATEWAY_MODES.includes(gateway?.Mode ?? '')) throw new HttpError(400, 'Invalid OverrideMeshGateway.Mode parameter');
  return {
    ...(protocol ? { protocol: protocol.toLowerCase() } : {}),
    ...(timeout > 0 ? { connectTimeoutMs: timeout / 1e6 } : {}),
    ...(gateway?.Mode ? { meshGateway: gateway.Mode } : {}),
  };
}
