import type { Denials } from '../../../../api/denial.ts';
import { type Answer, json } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { mayReadIntention } from '../intentions-acl.ts';

export const denials: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/denials',
    doc: 'The last calls that an intention, the default or a missing token has refused, newest first; equal ones are one, with how often.',
    acl: 'intention:read',
    handle: list,
  },
];

function list({ acl }: ApiRequest, mesh: Api): Answer {
  const found = acl.filter(mesh.agent.traffic.denied.list(), (call) => mayReadIntention(acl, call));
  return json({ denials: found } satisfies Denials);
}
