import type { ExplainRequest, Explanation } from '../../../../api/explanation.ts';
import { entryFile } from '../../../../catalog/entry-files.ts';
import { goStruct, list, optional, required, string } from '../../../../schema/schema.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { mayReadEntry } from '../../entry-rights.ts';
import { readJsonBody } from '../../json-body.ts';

export const explain: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/v1/mesh/explain',
    doc: 'What would become of a request of a service, or of its connection, step by step, from the configuration that the data plane has. Nothing is sent.',
    acl: 'service:read of both; operator:read for names of files',
    readsOnly: true,
    handle: answer,
  },
];

const body = goStruct('ExplainRequest', {
  source: required(string(), 'A service with a sidecar, or a gateway; or the id of one sidecar.'),
  sourceDatacenter: optional(string(), 'Where it is.'),
  destination: required(string(), 'Name of an upstream of it; of a gateway the port of a listener, or a service behind it.'),
  request: optional(
    goStruct('ExplainedRequest', {
      method: required(string(), '`GET`'),
      path: required(string(), 'With its query.'),
      headers: required(list(list(string())), 'Pairs of name and value.'),
    }),
    'Absent: the connection alone; upstreams of HTTP then take `GET /`.',
  ),
});

async function answer(request: ApiRequest, mesh: Api): Promise<Answer> {
  const asked = askedOf(request);
  const { acl } = request;
  // An agent that nobody asks has no need of them.
  const [{ explain: explainCall }, { allowCommand }] = await Promise.all([
    import('../../../../explain/explain.ts'),
    import('../../allow-command.ts'),
  ]);
  const snapshot = mesh.snapshot.value;
  const { intentionDefault: defaultIntention } = mesh.acls;
  const found = explainCall(
    {
      snapshot,
      dc: request.options.dc,
      options: { trustDomain: mesh.trustDomain, extraLoopback: false, defaultIntention },
      served: (id) => mesh.agent.traffic.config(id),
      now: mesh.clock.now(),
      ...(acl.allows('operator', 'read', '')
        ? { fileOf: (dc: string, kind: string, name: string) => entryFile(snapshot, dc, kind, name) }
        : {}),
      // Whoever may not read the entry is not shown what else it says.
      allow: (allowance, destination, dc) =>
        acl.allows('intention', 'read', destination) ? allowCommand(allowance, dc === mesh.datacenter ? undefined : dc) : undefined,
      mayReadIntentions: (destination) => mayReadEntry(acl, 'service-intentions', destination),
    },
    asked,
  );
  if (!found.ok) {
    acl.require('service', 'read', asked.source);
    const { message, hint } = found.error;
    throw new HttpError(404, hint === undefined ? message : `${message}; ${hint}`);
  }
  for (const service of servicesOf(found.value)) acl.require('service', 'read', service);
  return json(found.value);
}

/** Whose rules and instances it tells of. */
function servicesOf({ source, destination, ways }: Explanation): Set<string> {
  const called = ways.map(({ service }) => service).filter((service) => service !== '');
  return new Set([source, ...(called.length > 0 ? called : [destination])]);
}

function askedOf(request: ApiRequest): ExplainRequest {
  const { source, destination, sourceDatacenter, request: one } = readJsonBody(request, body);
  if (!source || destination === undefined) throw new HttpError(400, 'source and destination must be given');
  const asked = { source, destination, ...(sourceDatacenter ? { sourceDatacenter } : {}) };
  if (!one) return asked;
  const { method, path, headers } = one;
  return {
    ...asked,
    request: { method: method.toUpperCase() || 'GET', path: path || '/', headers: headers.map(([name = '', value = '']) => [name, value]) },
  };
}
