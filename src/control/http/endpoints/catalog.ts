import { datacenterNames, type Instance, nodes, serviceInstances, services } from '../../../catalog/queries.ts';
import { catalogServiceShape, nodeShape } from '../../../filter/shapes.ts';
import { json } from '../answer.ts';
import { answerConsistentQuery } from '../blocking.ts';
import type { Endpoint } from '../endpoint.ts';
import { answerInstances, nodeFilter } from './select.ts';
import { catalogServiceJson, nodeJson } from './shapes.ts';

export const catalog: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/catalog/datacenters',
    doc: 'Names of all datacenters, the own one first.',
    acl: 'none',
    handle: (_request, mesh) => {
      const others = datacenterNames(mesh.snapshot.value).filter((name) => name !== mesh.datacenter);
      return json([mesh.datacenter, ...others]);
    },
  },
  {
    method: 'GET',
    path: '/v1/catalog/nodes',
    doc: 'All nodes; ?node-meta=key:value narrows.',
    acl: 'node:read',
    filter: nodeShape,
    handle: (request, mesh) =>
      answerConsistentQuery(request, mesh, nodes, (found) =>
        found
          .filter(nodeFilter(request.query))
          .filter(request.filter ?? (() => true))
          .map(nodeJson),
      ),
  },
  {
    method: 'GET',
    path: '/v1/catalog/services',
    doc: 'Names of all services, each with its tags.',
    acl: 'node:read, service:read',
    filter: catalogServiceShape,
    handle(request, mesh) {
      const { filter } = request;
      const wanted = filter && ((found: Instance) => filter(catalogServiceJson(found)));
      return answerConsistentQuery(request, mesh, (s, dc) => services(s, dc, wanted));
    },
  },
  {
    method: 'GET',
    path: '/v1/catalog/service/:service',
    doc: 'Instances of a service, healthy or not; ?tag= and ?node-meta= narrow.',
    acl: 'node:read, service:read',
    filter: catalogServiceShape,
    handle: (request, mesh) => answerInstances(request, mesh, serviceInstances, catalogServiceJson, catalogServiceJson),
  },
];
