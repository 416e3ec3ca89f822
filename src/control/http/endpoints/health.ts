import { connectInstances, serviceInstances } from '../../../catalog/queries.ts';
import { answerConsistentQuery } from '../blocking.ts';
import type { Endpoint } from '../endpoint.ts';
import { requireName, selectInstances } from './select.ts';
import { healthJson } from './shapes.ts';

export const health: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/health/service/:service',
    doc: 'Instances of a service with their nodes and checks; ?passing, ?tag= and ?node-meta= narrow.',
    handle: (request, mesh) => {
      const name = requireName(request.params[0], 'service');
      return answerConsistentQuery(
        request,
        mesh,
        (s, dc) => serviceInstances(s, dc, name),
        (found) => selectInstances(found, request.query).map(healthJson),
      );
    },
  },
  {
    method: 'GET',
    path: '/v1/health/connect/:service',
    doc: 'The sidecars that stand for a service, with their nodes and checks.',
    handle: (request, mesh) => {
      const name = requireName(request.params[0], 'service');
      return answerConsistentQuery(
        request,
        mesh,
        (s, dc) => connectInstances(s, dc, name),
        (found) => selectInstances(found, request.query).map(healthJson),
      );
    },
  },
];
