import { ingressInstances } from '../../../../catalog/gateways.ts';
import { authorize } from '../../../../catalog/intentions.ts';
import { changeKeys, tablePrefix } from '../../../../catalog/keys.ts';
import * as queries from '../../../../catalog/queries.ts';
import { datacenter, type Snapshot } from '../../../../catalog/snapshot.ts';
import { serviceProtocol } from '../../../../compile/protocol.ts';
import { type Answer, HttpError } from '../../answer.ts';
import { answerQuery } from '../../blocking.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { requireName } from '../select.ts';
import { sortedSet, summarize, summaryJson } from './summary.ts';

/** Whom a service calls, and who calls it, by what their sidecars were registered with: each with what intentions say of it. */
export function topology(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = requireName(request.params[0], 'service name');
  const { acl, query } = request;
  const kind = query.get('kind');
  if (kind === null) throw new HttpError(400, 'Missing service kind');
  if (kind !== '' && kind !== 'ingress-gateway') throw new HttpError(400, `Unsupported service kind ${JSON.stringify(kind)}`);
  acl.require('service', 'read', name);
  return answerQuery(request, mesh, (s, dc) => {
    const upstreams = upstreamsOf(s, dc, name);
    const downstreams = downstreamsOf(s, dc, name);
    const visible = (names: readonly string[]): readonly string[] => acl.filter(names, (other) => acl.allows('service', 'read', other));
    const [up, down] = [visible(upstreams), visible(downstreams)];
    const value = {
      Protocol: serviceProtocol(s, dc, name),
      TransparentProxy: summarize(name, queries.connectInstances(s, dc, name).value, mesh.compat).transparentProxy,
      Upstreams: up.map((other) => relation(mesh, s, dc, other, { source: name, destination: other })),
      Downstreams: down.map((other) => relation(mesh, s, dc, other, { source: other, destination: name })),
      FilteredByACLs: up.length < upstreams.length || down.length < downstreams.length,
    };
    const watch = [changeKeys.all(dc, 'service'), changeKeys.all(dc, 'connect'), changeKeys.all(dc, 'config')];
    return {
      value,
      index: Math.max(queries.tableIndex(s, dc, 'services'), queries.tableIndex(s, dc, 'checks'), queries.tableIndex(s, dc, 'config')),
      watch,
    };
  });
}

function upstreamsOf(s: Snapshot, dc: string, name: string): string[] {
  const called = queries.connectInstances(s, dc, name).value.flatMap(({ service }) => service.Proxy?.Upstreams ?? []);
  const here = called.filter(
    (upstream) => upstream.DestinationType !== 'prepared_query' && [dc, ''].includes(upstream.Datacenter) && !upstream.DestinationPeer,
  );
  return sortedSet(here.map((upstream) => upstream.DestinationName));
}

function downstreamsOf(s: Snapshot, dc: string, name: string): string[] {
  const callers = Array.from(datacenter(s, dc).proxiesByUpstream.withPrefix(tablePrefix(name)), ([, service]) => service);
  const gateways = ingressInstances(s, dc, name).value.map(({ service }) => service.Service);
  return sortedSet([...callers.flatMap(({ Proxy: proxy }) => proxy?.DestinationServiceName ?? []), ...gateways]);
}

function relation(mesh: Api, s: Snapshot, dc: string, other: string, pair: { source: string; destination: string }): object {
  const { allowed, rule } = authorize(s, dc, pair.source, pair.destination, mesh.acls.intentionDefault);
  const summary = summaryJson(summarize(other, queries.serviceInstances(s, dc, other).value, mesh.compat), dc, mesh.compat);
  const exact = rule !== undefined && rule.source !== '*' && rule.destination !== '*';
  return {
    ...summary,
    Source: 'proxy-registration',
    Intention: {
      DefaultAllow: mesh.acls.intentionDefault === 'allow',
      Allowed: allowed,
      HasPermissions: (rule?.permissions.length ?? 0) > 0,
      ExternalSource: rule?.meta['external-source'] ?? '',
      HasExact: exact,
    },
  };
}
