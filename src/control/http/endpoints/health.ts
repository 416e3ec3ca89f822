import { instanceDatum } from '../../../catalog/datum.ts';
import { connectInstances, serviceInstances } from '../../../catalog/queries.ts';
import { instanceShape } from '../../../filter/shapes.ts';
import type { Endpoint } from '../endpoint.ts';
import { answerInstances } from './select.ts';
import { healthJson } from './shapes.ts';

export const health: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/health/service/:service',
    doc: 'Instances of a service with their nodes and checks; ?passing, ?tag= and ?node-meta= narrow.',
    acl: 'node:read, service:read',
    filter: instanceShape,
    handle: (request, mesh) => answerInstances(request, mesh, serviceInstances, instanceDatum, healthJson),
  },
  {
    method: 'GET',
    path: '/v1/health/connect/:service',
    doc: 'The sidecars that stand for a service, with their nodes and checks.',
    acl: 'node:read, service:read',
    filter: instanceShape,
    handle: (request, mesh) => answerInstances(request, mesh, connectInstances, instanceDatum, healthJson),
  },
];
