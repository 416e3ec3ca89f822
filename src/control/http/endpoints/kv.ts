import { PermissionDenied } from '../../../acl/authorizer.ts';
import { uint64Problem } from '../../../base/go-uint.ts';
import { compareTexts } from '../../../base/order.ts';
import { foldKeys, type KvOp, type KvOutcome, kvPair, kvTree } from '../../../catalog/kv.ts';
import { untilFound } from '../absent.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { blockingQuery } from '../blocking.ts';
import { MAX_BODY_BYTES } from '../body.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { parseCas } from '../query-options.ts';
import { kvJson } from './kv-json.ts';

export const kv: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/kv/:key',
    doc: 'One key, with its value in base64; ?raw answers the value alone, ?recurse all keys with the prefix, ?keys only their names (?separator=/ as folders).',
    acl: 'key:read, key:list',
    pure: true,
    handle(request, mesh) {
      if (request.query.has('keys')) return keys(request, mesh);
      return request.query.has('recurse') ? tree(request, mesh) : pair(request, mesh);
    },
  },
  {
    method: 'PUT',
    path: '/v1/kv/:key',
    doc: 'Sets a key to the body; ?cas=INDEX only if it is at that index, ?acquire=SESSION and ?release=SESSION with its lock, ?flags=NUMBER. Answers whether it did.',
    acl: 'key:write',
    body: { maxBytes: MAX_BODY_BYTES, option: 'kv_max_value_size' },
    handle: put,
  },
  {
    method: 'DELETE',
    path: '/v1/kv/:key',
    doc: 'Deletes a key, with ?cas=INDEX only at that index; with ?recurse all keys with the prefix. Answers whether it did.',
    acl: 'key:write',
    handle: remove,
  },
];

async function pair(request: ApiRequest, mesh: Api): Promise<Answer> {
  const key = requireKey(request);
  request.acl.require('key', 'read', key);
  requireWritableDatacenter(mesh, request.options.dc);
  const query = untilFound((s, dc) => kvPair(s, dc, key));
  const { value, index } = await blockingQuery(request, mesh, query);
  if (!value) throw notFound(index);
  if (!request.query.has('raw')) return { type: 'json-text', text: `[${kvJson(value)}]`, meta: { index } };
  // A value may be anything, and a browser is to run none of it.
  const headers = { 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': 'sandbox' };
  return { type: 'bytes', bytes: Buffer.from(value.Value, 'base64'), headers, meta: { index } };
}

async function tree(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { found, index } = await readable(request, mesh);
  if (found.length === 0) throw notFound(index);
  return { type: 'json-text', text: `[${found.map(kvJson).join(',')}]`, meta: { index } };
}

async function keys(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [prefix = ''] = request.params;
  // The second is how Consul spelled it at first.
  const separator = request.query.get('separator') ?? request.query.get('seperator') ?? '';
  const { found, index } = await readable(request, mesh);
  if (found.length === 0 && prefix !== '') throw notFound(index);
  const names = found.map((row) => row.Key);
  return json(foldKeys(names, prefix, separator), { index });
}

async function readable(request: ApiRequest, mesh: Api) {
  const [prefix = ''] = request.params;
  if (mesh.acls.settings.enableKeyListPolicy) request.acl.require('key', 'list', prefix);
  requireWritableDatacenter(mesh, request.options.dc);
  const query = untilFound((s, dc) => kvTree(s, dc, prefix));
  const { value, index } = await blockingQuery(request, mesh, query);
  const { acl } = request;
  return { found: acl.filter(value, (row) => acl.allows('key', 'read', row.Key)), index };
}

async function put(request: ApiRequest, mesh: Api): Promise<Answer> {
  const key = requireKey(request);
  const { query, options } = request;
  refuseConflict(request, mesh, ['cas', 'acquire', 'release']);
  const flags = query.get('flags');
  const problem = flags === null ? undefined : uint64Problem(flags);
  if (problem !== undefined) throw new HttpError(500, problem);
  const index = parseCas(query);
  const lock = query.get('acquire');
  const unlock = query.get('release');
  request.acl.require('key', 'write', key);
  requireWritableDatacenter(mesh, options.dc);
  if (lock !== null && mesh.sessions.isLockDelayed(options.dc, key)) return json(false);
  return commit(mesh, {
    type: 'kv',
    dc: options.dc,
    key,
    value: request.bytes.toString('base64'),
    verb: unlock !== null ? 'unlock' : lock !== null ? 'lock' : index !== undefined ? 'cas' : 'set',
    ...(flags === null || /^0+$/.test(flags) ? {} : { flags: String(BigInt(flags)) }),
    ...(index === undefined ? {} : { index }),
    ...(lock === null && unlock === null ? {} : { session: unlock ?? lock ?? '' }),
  });
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  refuseConflict(request, mesh, ['recurse', 'cas']);
  if (request.query.has('recurse')) {
    const [prefix = ''] = request.params;
    // A rule below may deny what the one above allows.
    if (!request.acl.allowsAll('key', 'write', prefix)) throw new PermissionDenied();
    requireWritableDatacenter(mesh, dc);
    return commit(mesh, { type: 'kv', dc, verb: 'delete-tree', key: prefix });
  }
  const key = requireKey(request);
  const index = parseCas(request.query);
  request.acl.require('key', 'write', key);
  requireWritableDatacenter(mesh, dc);
  return commit(mesh, { type: 'kv', dc, key, ...(index === undefined ? { verb: 'delete' } : { verb: 'delete-cas', index }) });
}

async function commit(mesh: Api, op: KvOp): Promise<Answer> {
  const { applied, outcomes } = await mesh.commit([op]);
  const { error } = outcomes[0] as KvOutcome['outcome'];
  if (error !== undefined) throw new HttpError(500, error);
  return json(applied);
}

function requireKey(request: ApiRequest): string {
  const [key = ''] = request.params;
  if (key === '') throw new HttpError(400, 'Missing key name');
  return key;
}

function refuseConflict({ query }: ApiRequest, mesh: Api, flags: readonly string[]): void {
  if (flags.filter((flag) => query.has(flag)).length < 2) return;
  const sorted = [...query].sort(([a], [b]) => compareTexts(a, b)).map((pair) => pair.map(goQueryEscape).join('='));
  throw new HttpError(400, `Conflicting flags: ${sorted.join('&')}${mesh.compat === '1.8' ? '' : '\n'}`);
}

/** As Go's url.Values print. */
const goQueryEscape = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]|%20/g, (c) => (c === '%20' ? '+' : `%${c.charCodeAt(0).toString(16).toUpperCase()}`));

const notFound = (index: number): HttpError => new HttpError(404, '', { meta: { index } });
