import { changeKeys } from '../../../../catalog/keys.ts';
import * as queries from '../../../../catalog/queries.ts';
import type { Snapshot } from '../../../../catalog/snapshot.ts';
import type { Node } from '../../../../catalog/types.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import { answerQuery, blockingQuery } from '../../blocking.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { readableChecks, requireName } from '../select.ts';
import { checkJson, orNull, serviceJson } from '../shapes.ts';

/** Every node with what is on it. */
export function nodes(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { acl, filter } = request;
  return answerQuery(request, mesh, (s, dc) => {
    const found = queries.nodes(s, dc);
    const visible = acl
      .filter(found.value, (node) => acl.allows('node', 'read', node.Node))
      .map((node) => nodeInfo(request, mesh, s, dc, node));
    const watch = [changeKeys.all(dc, 'node')];
    return { value: filter ? visible.filter(filter) : visible, index: queries.catalogIndex(s, dc), watch };
  });
}

export async function node(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = requireName(request.params[0], 'node name');
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => {
    const found = queries.node(s, dc, name);
    const visible = found && request.acl.allows('node', 'read', found.Node) ? nodeInfo(request, mesh, s, dc, found) : undefined;
    return { value: visible, index: queries.catalogIndex(s, dc), watch: [changeKeys.node(dc, name)] };
  });
  if (!value) throw new HttpError(404, '');
  return json(value, { index });
}

/** Here a list of tags without any is null: nobody tidied it up for the UI. */
function nodeInfo({ acl }: ApiRequest, { compat }: Api, s: Snapshot, dc: string, row: Node): object {
  const services = queries.nodeServices(s, dc, row.Node).value?.services ?? [];
  const checks = readableChecks(queries.nodeChecks(s, dc, row.Node).value, acl);
  const visible = acl.filter(services, (service) => acl.allows('service', 'read', service.Service));
  return {
    ID: row.ID,
    Node: row.Node,
    Address: row.Address,
    TaggedAddresses: orNull(row.TaggedAddresses),
    Meta: orNull(row.Meta),
    Services: visible.map((service) => ({ ...serviceJson(service, compat), Tags: orNull(service.Tags) })),
    Checks: checks.map((check) => {
      const tags = queries.tagsOfCheck(s, dc, check);
      return { ...checkJson(check, tags, compat), ServiceTags: orNull(tags) };
    }),
  };
}
