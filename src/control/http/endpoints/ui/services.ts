import { instanceDatum } from '../../../../catalog/datum.ts';
import { gatewayServices } from '../../../../catalog/gateways.ts';
import { changeKeys } from '../../../../catalog/keys.ts';
import * as queries from '../../../../catalog/queries.ts';
import type { Snapshot } from '../../../../catalog/snapshot.ts';
import type { Answer } from '../../answer.ts';
import { answerQuery } from '../../blocking.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { readableInstances, requireName } from '../select.ts';
import { type GatewayView, summarize, summaryJson } from './summary.ts';

/** Every service in a few words. */
export function services(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { filter, acl } = request;
  const { compat } = mesh;
  return answerQuery(request, mesh, (s, dc) => {
    const names = Object.keys(queries.services(s, dc).value);
    const rows = names.flatMap((name) => {
      const found = readableInstances(queries.serviceInstances(s, dc, name).value, acl);
      const wanted = filter ? found.filter((instance) => filter(instanceDatum(instance))) : found;
      if (wanted.length === 0) return [];
      const summary = summarize(name, wanted, compat);
      const row = summaryJson(summary, dc, compat, compat === '1.8' ? {} : { associated: gatewayServices(s, dc, name).value.length });
      return [compat === '1.8' ? row : { ...row, ...connection(s, dc, name) }];
    });
    return { value: rows, index: queries.catalogIndex(s, dc), watch: watchOf(dc) };
  });
}

/** Whether others reach it in the mesh: by a sidecar of its own, or through a gateway. */
function connection(s: Snapshot, dc: string, name: string): object {
  const viaProxy = queries.connectInstances(s, dc, name).value.length > 0;
  const gateways = [...queries.entries(s, dc, 'ingress-gateway').value, ...queries.entries(s, dc, 'terminating-gateway').value];
  const viaGateway = gateways.some((gateway) =>
    gatewayServices(s, dc, gateway.Name).value.some(({ service }) => service.toLowerCase() === name.toLowerCase()),
  );
  return { ConnectedWithProxy: viaProxy, ConnectedWithGateway: viaGateway };
}

/** What a gateway leads to, in a few words, with the addresses that clients of an ingress gateway use. */
export function servicesOfGateway(request: ApiRequest, mesh: Api): Promise<Answer> {
  const gateway = requireName(request.params[0], 'gateway name');
  const { acl } = request;
  const { compat } = mesh;
  acl.require('service', 'read', gateway);
  return answerQuery(request, mesh, (s, dc) => {
    const linked = gatewayServices(s, dc, gateway);
    const names = [...new Set(linked.value.map(({ service }) => service))];
    const rows = names.flatMap((name) => {
      const links = linked.value.filter(({ service }) => service === name);
      const found = readableInstances(queries.serviceInstances(s, dc, name).value, acl);
      if (!acl.allows('service', 'read', name)) return [];
      // 1.8 lists an instance once for each port of the gateway.
      const instances = compat === '1.8' ? links.flatMap(() => found) : found;
      return [summaryJson(summarize(name, instances, compat), dc, compat, viewOf(links, dc))];
    });
    return {
      value: rows,
      index: linked.value.length === 0 ? 1 : Math.max(linked.index, queries.catalogIndex(s, dc)),
      watch: [...linked.watch, ...watchOf(dc)],
    };
  });
}

function viewOf(links: ReturnType<typeof gatewayServices>['value'], dc: string): GatewayView {
  const ingress = links.filter(({ kind }) => kind === 'ingress-gateway');
  const addresses = ingress.flatMap(({ service, hosts, port }) => {
    const names = hosts.length > 0 ? hosts : [`${service}.ingress.${dc}.consul.`];
    return names.map((host) => `${host}:${port}`);
  });
  return { addresses: [...new Set(addresses)].sort() };
}

const watchOf = (dc: string): string[] => [changeKeys.all(dc, 'service'), changeKeys.all(dc, 'connect'), changeKeys.all(dc, 'config')];
