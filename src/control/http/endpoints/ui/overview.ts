import { changeKeys } from '../../../../catalog/keys.ts';
import * as queries from '../../../../catalog/queries.ts';
import { datacenter, type Snapshot } from '../../../../catalog/snapshot.ts';
import type { Check } from '../../../../catalog/types.ts';
import type { Answer } from '../../answer.ts';
import { answerQuery } from '../../blocking.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';

/** How many nodes, instances and checks are in which state. */
export function catalogOverview(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('operator', 'read');
  return answerQuery(request, mesh, (s, dc) => ({
    value: overviewOf(s, dc),
    index: queries.catalogIndex(s, dc),
    watch: [changeKeys.all(dc, 'node')],
  }));
}

function overviewOf(s: Snapshot, dc: string): object {
  const { nodes, services, checks } = datacenter(s, dc);
  const ofNode = (node: string): Check['Status'] => queries.worstStatus(queries.instanceChecks(s, dc, node, ''));
  const ofService = (node: string, id: string): Check['Status'] => queries.worstStatus(queries.instanceChecks(s, dc, node, id));
  return {
    Nodes: totals(Array.from(nodes.values(), ({ Node: node }) => ['', ofNode(node)])),
    Services: totals(Array.from(services.values(), ({ Service: name, Node: node, ID }) => [name, ofService(node, ID)])),
    Checks: totals(Array.from(checks.values(), ({ Name, Status }) => [Name, Status])),
  };
}

function totals(found: readonly (readonly [string, Check['Status']])[]): object[] {
  const byName = new Map<string, { Total: number; Passing: number; Warning: number; Critical: number }>();
  for (const [name, status] of found) {
    const row = byName.get(name) ?? { Total: 0, Passing: 0, Warning: 0, Critical: 0 };
    row.Total++;
    if (status === 'passing') row.Passing++;
    else if (status === 'warning') row.Warning++;
    else row.Critical++;
    byName.set(name, row);
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, row]) => ({ ...(name === '' ? {} : { Name: name }), ...row }));
}
