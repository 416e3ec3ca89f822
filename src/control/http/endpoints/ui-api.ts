import { gatewayServices } from '../../../catalog/gateways.ts';
import { matchIntentions } from '../../../catalog/intentions.ts';
import { changeKeys } from '../../../catalog/keys.ts';
import * as queries from '../../../catalog/queries.ts';
import type { ExportedServices } from '../../../entries/exported-services.ts';
import { instanceShape, nodeInfoShape } from '../../../filter/shapes.ts';
import { type Answer, HttpError } from '../answer.ts';
import { answerQuery } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { intentionJson } from './intention-json.ts';
import { requireName } from './select.ts';
import { node, nodes } from './ui/nodes.ts';
import { catalogOverview } from './ui/overview.ts';
import { services, servicesOfGateway } from './ui/services.ts';
import { topology } from './ui/topology.ts';

/** What Consul's own UI asks for. */
export const uiApi: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/internal/ui/nodes',
    doc: 'Nodes, each with its services and checks.',
    acl: 'node:read, service:read',
    filter: nodeInfoShape,
    handle: nodes,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/node/:node',
    doc: 'A node with its services and checks.',
    acl: 'node:read, service:read',
    handle: node,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/services',
    doc: 'Services, each with how many of its checks pass.',
    acl: 'service:read',
    filter: instanceShape,
    handle: services,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/gateway-services-nodes/:gateway',
    doc: 'Services behind a gateway, with their checks and addresses.',
    acl: 'service:read',
    handle: servicesOfGateway,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/gateway-intentions/:gateway',
    doc: 'Intentions of the services behind a gateway.',
    acl: 'service:read',
    handle: gatewayIntentions,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/service-topology/:service',
    doc: 'Whom a service calls and who calls it, and what intentions say of that; ?kind= has to be given, and may be empty.',
    acl: 'service:read',
    handle: topology,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/catalog-overview',
    doc: 'How many nodes, services and checks are in which state.',
    acl: 'operator:read',
    handle: catalogOverview,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/exported-services',
    doc: 'Services that are exported to the cluster of ?peer=.',
    acl: 'service:read',
    handle: exportedServices,
  },
  {
    method: 'GET',
    path: '/v1/internal/ui/metrics-proxy/:path',
    doc: 'Metrics of another server; none is configured.',
    acl: 'none',
    handle: () => {
      throw new HttpError(404, 'Metrics proxy is not enabled');
    },
  },
];

function gatewayIntentions(request: ApiRequest, mesh: Api): Promise<Answer> {
  const gateway = requireName(request.params[0], 'gateway name');
  const { acl } = request;
  return answerQuery(request, mesh, (s, dc) => {
    const linked = gatewayServices(s, dc, gateway);
    const names = acl.filter([...new Set(linked.value.map(({ service }) => service))], (name) => acl.allows('intention', 'read', name));
    const found = names.flatMap((name) => matchIntentions(s, dc, { by: 'destination', name }).value);
    const unique = new Map(found.map((intention) => [`${intention.source}\0${intention.destination}`, intention]));
    const value = Array.from(unique.values(), (intention) => intentionJson(intention, dc, mesh.compat));
    const index = Math.max(linked.index, queries.tableIndex(s, dc, 'config'));
    return { value, index, watch: [...linked.watch, changeKeys.all(dc, 'intentions')] };
  });
}

function exportedServices(request: ApiRequest, mesh: Api): Promise<Answer> {
  const peer = request.query.get('peer') ?? '';
  const { acl } = request;
  return answerQuery(request, mesh, (s, dc) => {
    const found = queries.entries(s, dc, 'exported-services');
    const exported = found.value.flatMap((entry) => (entry as unknown as ExportedServices).Services ?? []);
    const toPeer = exported.filter(({ Consumers }) => peer === '' || Consumers?.some((consumer) => consumer.Peer === peer));
    const named = toPeer.flatMap(({ Name }) => (Name === '*' ? Object.keys(queries.services(s, dc).value) : [Name]));
    const names = acl.filter([...new Set(named)].filter((name) => name !== 'consul').sort(), (name) => acl.allows('service', 'read', name));
    return { ...found, value: names.map((Name) => ({ Name })) };
  });
}
