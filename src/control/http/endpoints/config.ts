import { entries, entry } from '../../../catalog/queries.ts';
import { prepareEntry } from '../../../entries/decode.ts';
import { entryToJson } from '../../../entries/json.ts';
import { consulErrorText } from '../../../entries/problem.ts';
import { isKnownKind } from '../../../entries/table.ts';
import { readJson } from '../../../hcl/json.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { answerQuery, blockingQuery } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { parseCas } from '../query-options.ts';

export const config: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/config',
    doc: 'Creates or replaces a config entry; with ?cas=INDEX only if it is at that index. Answers whether it did.',
    acl: 'service:write, or operator:write',
    handle: write,
  },
  {
    method: 'GET',
    path: '/v1/config/:kind/:name',
    doc: 'One config entry; without a name all of the kind, without a kind all.',
    acl: 'service:read, or operator:read',
    pure: true,
    handle: read,
  },
  {
    method: 'DELETE',
    path: '/v1/config/:kind/:name',
    doc: 'Deletes a config entry; one that is not there is fine. With ?cas=INDEX answers whether it did.',
    acl: 'service:write, or operator:write',
    handle: remove,
  },
];

async function write(request: ApiRequest, mesh: Api): Promise<Answer> {
  const source = { name: 'request body', text: request.body };
  const { value, goError } = readJson(source);
  if (!value) throw new HttpError(400, `Request decoding failed: ${goError ?? 'EOF'}`);
  const prepared = prepareEntry(value);
  if (!prepared.entry) {
    const text = consulErrorText(prepared.problems);
    // Consul: what it can't read is the client's mistake, what it finds invalid is a failed operation.
    throw prepared.failed === 'decode' ? new HttpError(400, `Request decoding failed: ${text}`) : new HttpError(500, text);
  }
  const cas = parseCas(request.query);
  const { applied } = await mesh.commit([
    { type: 'put-entry', dc: request.options.dc, entry: prepared.entry, ...(cas === undefined ? {} : { cas }) },
  ]);
  return json(applied);
}

async function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [kind = '', name = ''] = request.params;
  if (kind !== '' && !isKnownKind(kind)) throw new HttpError(500, `invalid config entry kind: ${kind}`);
  if (name === '') {
    return answerQuery(
      request,
      mesh,
      (s, dc) => entries(s, dc, kind === '' ? undefined : kind),
      (found) => found.map(entryToJson),
    );
  }
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => entry(s, dc, kind, name));
  if (!value) {
    throw new HttpError(404, `Config entry not found for ${JSON.stringify(kind)} / ${JSON.stringify(name)}`, { meta: { index } });
  }
  return json(entryToJson(value), { index });
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [kind = '', name = ''] = request.params;
  if (kind === '' || name === '') throw new HttpError(404, 'Must provide both a kind and name to delete');
  if (!isKnownKind(kind)) throw new HttpError(400, `invalid config entry kind: ${kind}`);
  const cas = parseCas(request.query);
  const { applied } = await mesh.commit([
    { type: 'delete-entry', dc: request.options.dc, kind, name, ...(cas === undefined ? {} : { cas }) },
  ]);
  return json(cas === undefined ? {} : applied);
}
