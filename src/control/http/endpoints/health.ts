import { instanceDatum } from '../../../catalog/datum.ts';
import { ingressInstances, meshInstances } from '../../../catalog/gateways.ts';
import { checksInState, healthIndex, type Instance, node, nodeChecks, serviceChecks, serviceInstances } from '../../../catalog/queries.ts';
import { checkShape, instanceShape } from '../../../filter/shapes.ts';
import type { Answer } from '../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { answerChecks, answerInstances, nodeFilter, requireName } from './select.ts';
import { healthJson } from './shapes.ts';

export const health: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/health/node/:node',
    doc: "All checks of a node, its services' included.",
    acl: 'node:read, service:read',
    filter: checkShape,
    pure: true,
    handle(request, mesh) {
      const name = requireName(request.params[0], 'node name');
      return answerChecks(request, mesh, (s, dc) => nodeChecks(s, dc, name));
    },
  },
  {
    method: 'GET',
    path: '/v1/health/checks/:service',
    doc: 'Checks of all instances of a service, without those of their nodes; ?node-meta= narrows.',
    acl: 'node:read, service:read',
    filter: checkShape,
    pure: true,
    handle(request, mesh) {
      const name = requireName(request.params[0], 'service name');
      return answerNarrowed(request, mesh, (s, dc) => serviceChecks(s, dc, name));
    },
  },
  {
    method: 'GET',
    path: '/v1/health/state/:state',
    doc: 'All checks that are passing, warning or critical; `any` means all. ?node-meta= narrows.',
    acl: 'node:read, service:read',
    filter: checkShape,
    pure: true,
    handle(request, mesh) {
      const state = requireName(request.params[0], 'check state');
      return answerNarrowed(request, mesh, (s, dc) => checksInState(s, dc, state));
    },
  },
  {
    method: 'GET',
    path: '/v1/health/service/:service',
    doc: 'Instances of a service with their nodes and checks; ?passing, ?tag= and ?node-meta= narrow.',
    acl: 'node:read, service:read',
    filter: instanceShape,
    pure: true,
    agentCache: true,
    handle: (request, mesh) => answerHealth(request, mesh, serviceHealth),
  },
  {
    method: 'GET',
    path: '/v1/health/connect/:service',
    doc: 'The sidecars and gateways that stand for a service, with their nodes and checks.',
    acl: 'node:read, service:read',
    filter: instanceShape,
    pure: true,
    agentCache: true,
    handle: (request, mesh) => answerHealth(request, mesh, meshInstances),
  },
  {
    method: 'GET',
    path: '/v1/health/ingress/:service',
    doc: 'The ingress gateways that let others in to a service, with their nodes and checks.',
    acl: 'node:read, service:read',
    filter: instanceShape,
    pure: true,
    agentCache: true,
    handle: (request, mesh) => answerHealth(request, mesh, ingressInstances),
  },
];

function serviceHealth(...[s, dc, name]: Parameters<typeof serviceInstances>): ReturnType<typeof serviceInstances> {
  const found = serviceInstances(s, dc, name);
  return { ...found, index: healthIndex(s, dc, name, found.index) };
}

function answerHealth(request: ApiRequest, mesh: Api, find: typeof serviceInstances): Promise<Answer> {
  return answerInstances(request, mesh, find, instanceDatum, (instance: Instance) => healthJson(instance, mesh.compat));
}

function answerNarrowed(request: ApiRequest, mesh: Api, find: Parameters<typeof answerChecks>[2]): Promise<Answer> {
  if (!request.query.has('node-meta')) return answerChecks(request, mesh, find);
  const wanted = nodeFilter(request.query);
  return answerChecks(request, mesh, find, (check, s, dc) => {
    const owner = node(s, dc, check.Node);
    return owner !== undefined && wanted(owner);
  });
}
