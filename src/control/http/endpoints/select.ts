import { type Instance, type QueryResult, worstStatus } from '../../../catalog/queries.ts';
import type { Snapshot } from '../../../catalog/snapshot.ts';
import type { Node } from '../../../catalog/types.ts';
import { type Answer, HttpError } from '../answer.ts';
import { answerConsistentQuery } from '../blocking.ts';
import type { Api, ApiRequest } from '../endpoint.ts';

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
): Promise<Answer> {
  const name = requireName(request.params[0], 'service');
  const { filter } = request;
  return answerConsistentQuery(
    request,
    mesh,
    (s, dc) => find(s, dc, name),
    (found) => {
      const selected = selectInstances(found, request.query);
      return (filter ? selected.filter((instance) => filter(datum(instance))) : selected).map(project);
    },
  );
}

export function nodeFilter(query: URLSearchParams): (node: Node) => boolean {
  const wanted = query.getAll('node-meta').map((pair) => {
    const colon = pair.indexOf(':');
    return colon === -1 ? { key: pair, value: '' } : { key: pair.slice(0, colon), value: pair.slice(colon + 1) };
  });
  return (node) => wanted.every(({ key, value }) => node.Meta[key] === value);
}

function requireName(name: string | undefined, what: string): string {
  if (!name) throw new HttpError(400, `Missing ${what} name`);
  return name;
}

function parsePassing(text: string | null): boolean {
  if (text === null) return false;
  if (text === '' || /^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw new HttpError(400, 'Invalid value for ?passing');
}
