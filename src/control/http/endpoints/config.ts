import { messageOf } from '../../../base/errors.ts';
import { entries, entry } from '../../../catalog/queries.ts';
import { prepareEntry } from '../../../entries/decode.ts';
import { consulErrorText } from '../../../entries/problem.ts';
import { entryKind, isKnownKind } from '../../../entries/table.ts';
import { readJson } from '../../../hcl/json.ts';
import { WriteRefused } from '../../registry.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { answerQuery, blockingQuery } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { jsonOfWrite } from '../entry-cautions.ts';
import { entryJson } from '../entry-json.ts';
import { mayReadEntry, requireReadEntry, requireWriteEntry } from '../entry-rights.ts';
import { entryShape } from '../entry-shape.ts';
import { entryText } from '../entry-texts.ts';
import { placeOf } from '../origin-header.ts';
import { parseCas } from '../query-options.ts';

export const config: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/config',
    doc: 'Creates or replaces a config entry; with ?cas=INDEX only if it is at that index. Answers whether it did.',
    acl: 'service:write, intention:write or mesh:write, by kind',
    handle: write,
  },
  {
    method: 'GET',
    path: '/v1/config/:kind/:name',
    doc: 'One config entry; without a name all of the kind, without a kind all.',
    acl: 'service:read, intention:read, mesh:read or none, by kind',
    pure: true,
    get filter() {
      return entryShape();
    },
    handle: read,
  },
  {
    method: 'DELETE',
    path: '/v1/config/:kind/:name',
    doc: 'Deletes a config entry; one that is not there is fine. With ?cas=INDEX answers whether it did.',
    acl: 'service:write, intention:write or mesh:write, by kind',
    handle: remove,
  },
];

async function write(request: ApiRequest, mesh: Api): Promise<Answer> {
  const source = { name: 'request body', text: request.body };
  const { value, goError } = readJson(source);
  if (!value) throw undecodable(mesh, goError ?? 'EOF');
  const prepared = prepareEntry(value);
  if (!prepared.entry) {
    const text = consulErrorText(prepared.problems);
    // Consul: what it can't read is the client's mistake, what it finds invalid is a failed operation.
    throw prepared.failed === 'decode' ? undecodable(mesh, text) : new HttpError(500, entryText(mesh.compat, prepared.kind, text));
  }
  requireWriteEntry(request.acl, prepared.entry);
  const cas = parseCas(request.query);
  const file = placeOf(request.headers);
  const more = { ...(cas === undefined ? {} : { cas }), ...(file ? { file } : {}) };
  const op = { type: 'put-entry', dc: request.options.dc, entry: prepared.entry, ...more } as const;
  const { applied } = await inItsWords(mesh, prepared.kind, mesh.commit([op]));
  return jsonOfWrite(applied, request, mesh, applied ? [op] : []);
}

async function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [kind = '', name = ''] = request.params;
  if (kind !== '' && !isKnownKind(kind)) throw new HttpError(500, `invalid config entry kind: ${kind}`);
  if (name === '') {
    return answerQuery(
      request,
      mesh,
      (s, dc) => entries(s, dc, kind === '' ? undefined : kind),
      (found) => {
        const { acl } = request;
        const readable = acl.filter(found, (one) => mayReadEntry(acl, one.Kind, one.Name)).map((one) => entryJson(one, mesh.compat));
        return request.filter ? readable.filter(request.filter) : readable;
      },
    );
  }
  requireReadEntry(request.acl, kind, name);
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => entry(s, dc, kind, name));
  if (!value) {
    throw new HttpError(404, `Config entry not found for ${JSON.stringify(kind)} / ${JSON.stringify(name)}`, { meta: { index } });
  }
  return json(entryJson(value, mesh.compat), { index });
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [kind = '', name = ''] = request.params;
  if (kind === '' || name === '') throw new HttpError(404, 'Must provide both a kind and name to delete');
  if (!isKnownKind(kind)) throw new HttpError(400, `invalid config entry kind: ${kind}`);
  requireWriteEntry(request.acl, { Kind: kind, Name: entryKind(kind)?.fixedName ?? name });
  const cas = parseCas(request.query);
  const op = { type: 'delete-entry', dc: request.options.dc, kind, name, ...(cas === undefined ? {} : { cas }) } as const;
  const { applied } = await inItsWords(mesh, kind, mesh.commit([op]));
  return jsonOfWrite(cas === undefined ? {} : applied, request, mesh, applied ? [op] : []);
}

/** Consul 1.8 names the sort of error first. */
const undecodable = ({ compat }: Api, text: string): HttpError =>
  new HttpError(400, `${compat === '1.8' ? 'Bad request: ' : ''}Request decoding failed: ${text}`);

async function inItsWords<T>({ compat }: Api, kind: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WriteRefused) throw new WriteRefused(entryText(compat, kind, messageOf(error)), { cause: error });
    throw error;
  }
}
