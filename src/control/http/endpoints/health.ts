import { connectInstances, serviceInstances } from '../../../catalog/queries.ts';
import type { Endpoint } from '../endpoint.ts';
import { answerInstances } from './select.ts';
import { healthJson } from './shapes.ts';

export const health: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/health/service/:service',
    doc: 'Instances of a service with their nodes and checks; ?passing, ?tag= and ?node-meta= narrow.',
    handle: (request, mesh) => answerInstances(request, mesh, serviceInstances, healthJson),
  },
  {
    method: 'GET',
    path: '/v1/health/connect/:service',
    doc: 'The sidecars that stand for a service, with their nodes and checks.',
    handle: (request, mesh) => answerInstances(request, mesh, connectInstances, healthJson),
  },
];
