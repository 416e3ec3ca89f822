import type { Authorizer } from '../../../acl/authorizer.ts';
import { changeKeys } from '../../../catalog/keys.ts';
import { type Instance, type QueryResult, tableIndex, tagsOfCheck, worstStatus } from '../../../catalog/queries.ts';
import type { Snapshot } from '../../../catalog/snapshot.ts';
import type { Check, Node } from '../../../catalog/types.ts';
import { withCentralConfig } from '../../../compile/central-config.ts';
import { type Answer, HttpError } from '../answer.ts';
import { answerConsistentQuery } from '../blocking.ts';
import type { Api, ApiRequest } from '../endpoint.ts';
import { nearest } from '../near.ts';
import { checkJson } from './shapes.ts';

/** `?tag=` (each must be there, in any case), `?node-meta=key:value`, `?passing` (`?passing=0` and `false` switch it off). */
function selectInstances(instances: readonly Instance[], query: URLSearchParams): Instance[] {
  const tags = query.getAll('tag').map((tag) => tag.toLowerCase());
  const onNode = nodeFilter(query);
  const passing = parsePassing(query.get('passing'));
  return instances.filter(({ node, service, checks }) => {
    const own = new Set(service.Tags.map((tag) => tag.toLowerCase()));
    return tags.every((tag) => own.has(tag)) && onNode(node) && (!passing || worstStatus(checks) === 'passing');
  });
}

/** Answers with the instances that `find` names, as far as the query selects them; `?filter=` looks at them as `datum` has them. */
export function answerInstances(
  request: ApiRequest,
  mesh: Api,
  find: (snapshot: Snapshot, dc: string, service: string) => QueryResult<Instance[]>,
  datum: (instance: Instance) => object,
  project: (instance: Instance) => unknown,
  query: URLSearchParams = request.query,
): Promise<Answer> {
  const name = requireName(request.params[0], 'service name');
  const { filter } = request;
  // Nothing is imported from other clusters by name alone: see /v1/peering.
  const isPeered = Boolean(request.query.get('peer'));
  return answerConsistentQuery(
    request,
    mesh,
    (s, dc) => (isPeered ? { value: [], index: 1, watch: [] } : configured(s, dc, find(s, dc, name), request.query)),
    (found) => {
      const selected = selectInstances(readableInstances(found, request.acl), query);
      const matching = filter ? selected.filter((instance) => filter(datum(instance))) : selected;
      return nearest(request, mesh, matching, ({ node }) => node.Node).map(project);
    },
  );
}

/** With ?merge-central-config proxies are as proxy-defaults and service-defaults make them. */
function configured(s: Snapshot, dc: string, found: QueryResult<Instance[]>, query: URLSearchParams): QueryResult<Instance[]> {
  if (!query.has('merge-central-config')) return found;
  return {
    value: found.value.map((instance) => withCentralConfig(s, dc, instance)),
    index: Math.max(found.index, tableIndex(s, dc, 'config')),
    watch: [...found.watch, changeKeys.all(dc, 'config')],
  };
}

/** Answers with checks, as far as the query selects them. */
export function answerChecks(
  request: ApiRequest,
  mesh: Api,
  find: (snapshot: Snapshot, dc: string) => QueryResult<Check[]>,
  wanted: (check: Check, snapshot: Snapshot, dc: string) => boolean = () => true,
): Promise<Answer> {
  const { filter, acl } = request;
  return answerConsistentQuery(
    request,
    mesh,
    (s, dc) => {
      const found = find(s, dc);
      const visible = readableChecks(found.value, acl).filter((check) => wanted(check, s, dc));
      return { ...found, value: visible.map((check) => ({ check, tags: tagsOfCheck(s, dc, check) })) };
    },
    (found) => {
      const selected = filter ? found.filter(({ check, tags }) => filter({ ...check, ServiceTags: tags })) : found;
      return nearest(request, mesh, selected, ({ check }) => check.Node).map(({ check, tags }) => checkJson(check, tags, mesh.compat));
    },
  );
}

export function readableInstances(instances: readonly Instance[], acl: Authorizer): readonly Instance[] {
  return acl.filter(
    instances,
    ({ node, service }) => acl.allows('node', 'read', node.Node) && acl.allows('service', 'read', service.Service),
  );
}

export function readableChecks(checks: readonly Check[], acl: Authorizer): readonly Check[] {
  return acl.filter(
    checks,
    (check) => acl.allows('node', 'read', check.Node) && (check.ServiceID === '' || acl.allows('service', 'read', check.ServiceName)),
  );
}

export function nodeFilter(query: URLSearchParams): (node: Node) => boolean {
  const wanted = query.getAll('node-meta').map((pair) => {
    const colon = pair.indexOf(':');
    return colon === -1 ? { key: pair, value: '' } : { key: pair.slice(0, colon), value: pair.slice(colon + 1) };
  });
  return (node) => wanted.every(({ key, value }) => Object.hasOwn(node.Meta, key) && node.Meta[key] === value);
}

/** The parameter of a path that must be there. `what` as in `Missing service name`. */
export function requireName(name: string | undefined, what: string): string {
  if (!name) throw new HttpError(400, `Missing ${what}`);
  return name;
}

function parsePassing(text: string | null): boolean {
  if (text === null) return false;
  if (text === '' || /^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw new HttpError(400, 'Invalid value for ?passing');
}
