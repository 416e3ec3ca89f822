import { gatewayServices, isRegistered, meshInstances } from '../../../catalog/gateways.ts';
import {
  datacenterNames,
  type Instance,
  nodeServices,
  nodes,
  type QueryResult,
  serviceInstances,
  services,
} from '../../../catalog/queries.ts';
import type { Node, Service } from '../../../catalog/types.ts';
import { agentServiceShape, catalogServiceShape, gatewayServiceShape, nodeShape } from '../../../filter/shapes.ts';
import { type Answer, json } from '../answer.ts';
import { answerConsistentQuery } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { nearest } from '../near.ts';
import { deregister, register } from './catalog-register.ts';
import { gatewayServiceJson } from './gateway-shapes.ts';
import { answerInstances, nodeFilter, requireName } from './select.ts';
import { catalogServiceJson, nodeJson, serviceJson } from './shapes.ts';

export const catalog: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/catalog/register',
    doc: 'Registers a node, and a service and checks on it, that no agent looks after.',
    acl: 'node:write, service:write',
    handle: register,
  },
  {
    method: 'PUT',
    path: '/v1/catalog/deregister',
    doc: 'Removes a service, a check, or a whole node from the catalog; what is not there counts as removed.',
    acl: 'node:write, service:write',
    handle: deregister,
  },
  {
    method: 'GET',
    path: '/v1/catalog/datacenters',
    doc: 'Names of all datacenters, the own one first.',
    acl: 'none',
    agentCache: true,
    handle: (_request, mesh) => {
      const others = datacenterNames(mesh.snapshot.value).filter((name) => name !== mesh.datacenter);
      return json([mesh.datacenter, ...others]);
    },
  },
  {
    method: 'GET',
    path: '/v1/catalog/nodes',
    doc: 'All nodes; ?node-meta=key:value narrows, ?near=NODE puts the nearest first.',
    acl: 'node:read',
    filter: nodeShape,
    pure: true,
    handle: (request, mesh) =>
      answerConsistentQuery(request, mesh, nodes, (found) =>
        nearest(
          request,
          mesh,
          request.acl
            .filter(found, (node) => request.acl.allows('node', 'read', node.Node))
            .filter(nodeFilter(request.query))
            .filter(request.filter ?? (() => true)),
          (node) => node.Node,
        ).map(nodeJson),
      ),
  },
  {
    method: 'GET',
    path: '/v1/catalog/services',
    doc: 'Names of all services, each with its tags; ?node-meta=key:value looks at some nodes only.',
    acl: 'service:read',
    filter: catalogServiceShape,
    pure: true,
    agentCache: true,
    handle: answerServices,
  },
  {
    method: 'GET',
    path: '/v1/catalog/service/:service',
    doc: 'Instances of a service, healthy or not; ?tag= and ?node-meta= narrow.',
    acl: 'node:read, service:read',
    filter: catalogServiceShape,
    pure: true,
    agentCache: true,
    handle: (request, mesh) => answerCatalogInstances(request, mesh, serviceInstances),
  },
  {
    method: 'GET',
    path: '/v1/catalog/connect/:service',
    doc: 'Instances that stand for a service in the mesh, healthy or not.',
    acl: 'node:read, service:read',
    filter: catalogServiceShape,
    pure: true,
    agentCache: true,
    handle: (request, mesh) => answerCatalogInstances(request, mesh, meshInstances),
  },
  {
    method: 'GET',
    path: '/v1/catalog/node/:node',
    doc: 'A node with its services, by id; null when there is no such node.',
    acl: 'node:read, service:read',
    filter: agentServiceShape,
    pure: true,
    handle: (request, mesh) =>
      answerNode(request, mesh, (found) => {
        if (!found) return null;
        const byId = found.services.map((service) => [service.ID, serviceJson(service, mesh.compat)] as const);
        return { Node: nodeJson(found.node), Services: Object.fromEntries(byId) };
      }),
  },
  {
    method: 'GET',
    path: '/v1/catalog/node-services/:node',
    doc: 'A node with its services, as a list.',
    acl: 'node:read, service:read',
    filter: agentServiceShape,
    pure: true,
    handle: (request, mesh) =>
      answerNode(request, mesh, (found) =>
        found
          ? { Node: nodeJson(found.node), Services: found.services.map((service) => serviceJson(service, mesh.compat)) }
          : { Node: null, Services: null },
      ),
  },
  {
    method: 'GET',
    path: '/v1/catalog/gateway-services/:gateway',
    doc: 'What a gateway serves, by its config entry; null when it is none.',
    acl: 'service:read',
    filter: gatewayServiceShape,
    pure: true,
    handle: answerGatewayServices,
  },
];

function answerServices(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { filter, acl, query } = request;
  const onNode = query.has('node-meta') ? nodeFilter(query) : undefined;
  const narrows = filter !== undefined || onNode !== undefined || !acl.unrestricted;
  const wanted = (found: Instance): boolean =>
    (onNode?.(found.node) ?? true) &&
    (filter?.(catalogServiceJson(found, mesh.compat)) ?? true) &&
    acl.filter([found], ({ service }) => acl.allows('service', 'read', service.Service)).length > 0;
  return answerConsistentQuery(request, mesh, (s, dc) => services(s, dc, narrows ? wanted : undefined));
}

function answerCatalogInstances(request: ApiRequest, mesh: Api, find: typeof serviceInstances): Promise<Answer> {
  const project = (instance: Instance): object => catalogServiceJson(instance, mesh.compat);
  // A list of the catalog takes no notice of health.
  const query = withoutPassing(request.query);
  return answerInstances(request, mesh, find, project, project, query);
}

function withoutPassing(query: URLSearchParams): URLSearchParams {
  const copy = new URLSearchParams(query);
  copy.delete('passing');
  return copy;
}

interface FoundNode {
  readonly node: Node;
  readonly services: readonly Service[];
}

function answerNode(request: ApiRequest, mesh: Api, project: (found: FoundNode | undefined) => unknown): Promise<Answer> {
  const name = requireName(request.params[0], 'node name');
  const { acl, filter } = request;
  const run = (s: typeof mesh.snapshot.value, dc: string): QueryResult<FoundNode | undefined> => {
    const found = nodeServices(s, dc, name);
    return found.value ? found : { ...found, index: 1 };
  };
  return answerConsistentQuery(request, mesh, run, (found) => {
    const [node] = found ? acl.filter([found.node], ({ Node: own }) => acl.allows('node', 'read', own)) : [];
    if (!found || !node) return project(undefined);
    const visible = acl.filter(found.services, (service) => acl.allows('service', 'read', service.Service));
    const datum = (service: Service): object => ({ ...service, Connect: { Native: service.ConnectNative } });
    return project({ node, services: filter ? visible.filter((service) => filter(datum(service))) : visible });
  });
}

function answerGatewayServices(request: ApiRequest, mesh: Api): Promise<Answer> {
  const gateway = requireName(request.params[0], 'gateway name');
  const { acl, filter } = request;
  acl.require('service', 'read', gateway);
  return answerConsistentQuery(request, mesh, (s, dc) => {
    const found = gatewayServices(s, dc, gateway);
    const visible = acl.filter(found.value, ({ service }) => acl.allows('service', 'read', service));
    const rows = visible.map((linked) => gatewayServiceJson(linked, isRegistered(s, dc, linked.service), mesh.compat));
    const selected = filter ? rows.filter(filter) : rows;
    return { ...found, value: selected.length === 0 ? null : selected };
  });
}
