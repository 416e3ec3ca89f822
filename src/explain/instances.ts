import type { ExplainDetail } from '../api/explanation.ts';
import { isGatewayKind } from '../base/gateway-kind.ts';
import { instanceDatum } from '../catalog/datum.ts';
import { meshInstances } from '../catalog/gateways.ts';
import { type Instance, worstStatus } from '../catalog/queries.ts';
import type { ChainTarget } from '../compile/chain-model.ts';
import type { Endpoint } from '../compile/proxy-config.ts';
import { compileFilter } from '../filter/compile.ts';
import { selectedValues } from '../filter/selected.ts';
import { instanceShape } from '../filter/shapes.ts';
import type { Target } from './target.ts';
import { count, quoted } from './texts.ts';
import { registrationOf, type Walk } from './walk.ts';

/** The instances of a target: those that the cluster has as endpoints, and why it has not got the others. Of other subsets none. */
export function instancesOf(walk: Walk, { cluster, of }: Target): ExplainDetail[] {
  const { service, datacenter, endpoints } = cluster;
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const all = meshInstances(walk.snapshot, datacenter, service).value;
  const meant = all.filter((one) => isGatewayKind(one.service.Kind) || filterReason(one, of?.target.filter ?? '') === undefined);
  return meant.map((instance): ExplainDetail => {
    const { Node, ID } = instance.service;
    const endpoint = byId.get(`${Node}/${ID}`);
    const common = { text: instanceText(instance), origin: registrationOf(ID) };
    return endpoint
      ? { state: 'chosen', ...common, ...noteOf(endpoint) }
      : { state: 'passed', ...common, reason: whyNot(instance, of?.target) };
  });
}

/** The instance's name is that of its application. */
function instanceText({ node, service, checks }: Instance): string {
  const { Proxy: proxy } = service;
  const name = service.Kind === 'connect-proxy' ? proxy?.DestinationServiceID || proxy?.DestinationServiceName : service.ID;
  const what = isGatewayKind(service.Kind) ? `${service.Kind} ${name}` : name;
  const at = `${service.Address || node.Address}:${service.Port}`;
  const { LocalServiceAddress: address = '', LocalServicePort: port = 0 } = proxy ?? {};
  const app = port === 0 ? '' : ` for its application at ${address || '127.0.0.1'}:${port}`;
  return `${what} on ${node.Node}: ${at}${app}, ${worstStatus(checks)}`;
}

function noteOf({ weight, priority = 0 }: Endpoint): { reason?: string } {
  const notes = [
    ...(weight === 1 ? [] : [`weight ${weight}`]),
    ...(priority === 0 ? [] : [`serves when none that is nearer can (priority ${priority})`]),
  ];
  return notes.length === 0 ? {} : { reason: notes.join(', ') };
}

function whyNot(instance: Instance, target: ChainTarget | undefined): string {
  const { checks } = instance;
  const bad = checks.find(({ Status }) => Status === 'critical');
  if (bad) return `check ${quoted(bad.Name || bad.CheckID)} is critical${outputOf(bad.Output)}`;
  const warning = checks.find(({ Status }) => Status === 'warning');
  if (warning && target?.onlyPassing) return `check ${quoted(warning.Name || warning.CheckID)} is warning, and the subset is OnlyPassing`;
  return target ? 'it is not in the configuration of the caller' : 'the query does not select it';
}

/** Why an instance does not belong to a subset; undefined: it does. */
export function filterReason(instance: Instance, filter: string): string | undefined {
  if (filter === '') return undefined;
  const compiled = compileFilter(filter, instanceShape);
  if (!compiled.ok) return `the filter can't be read: ${compiled.error.message}`;
  const datum = instanceDatum(instance);
  if (compiled.value(datum)) return undefined;
  const seen = selectedValues(filter, datum).map(
    ([selector, value]) => `${selector} is ${value === undefined ? 'absent' : JSON.stringify(value)}`,
  );
  return seen.join(', ');
}

function outputOf(output: string): string {
  const [first = ''] = output.trim().split('\n');
  return first === '' ? '' : `: ${first.slice(0, 120)}`;
}

/** `2 of 3 instances` */
export function selectedText(details: readonly ExplainDetail[]): string {
  const chosen = details.filter(({ state }) => state === 'chosen').length;
  return chosen === details.length ? count(chosen, 'instance') : `${chosen} of ${count(details.length, 'instance')}`;
}
