import type { ExplainDetail, ExplainStep } from '../api/explanation.ts';
import { meshInstances } from '../catalog/gateways.ts';
import { entry } from '../catalog/queries.ts';
import { nextName, type TargetName, targetId } from '../compile/resolve.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import { filterReason, instancesOf, selectedText } from './instances.ts';
import type { RouteSource } from './route-list.ts';
import { clusterText, subsetOf, type Target, targetOf } from './target.ts';
import { count } from './texts.ts';
import { entryOrigin, type Walk } from './walk.ts';

/** Which instances a target means: its subset, and what has led to it. Undefined when it is simply a service. */
export function subsetStep(walk: Walk, target: Target, source: RouteSource): ExplainStep | undefined {
  const { of } = target;
  if (!of) return undefined;
  const { dc } = walk.caller;
  const { service, subset, datacenter, filter, onlyPassing } = of.target;
  const trail = trailTo(walk, source, of.target.id, of.chain.datacenter);
  if (subset === '' && trail.length === 0) return undefined;
  if (subset === '') {
    return { kind: 'subset', state: 'info', text: `${clusterText(walk, target)}: all instances`, details: trail };
  }
  const details = meshInstances(walk.snapshot, datacenter, service).value.map((instance): ExplainDetail => {
    const reason = filterReason(instance, filter);
    const { DestinationServiceID, DestinationServiceName } = instance.service.Proxy ?? {};
    const text = `${DestinationServiceID || DestinationServiceName || instance.service.ID} on ${instance.node.Node}`;
    return reason === undefined ? { state: 'chosen', text } : { state: 'passed', text, reason };
  });
  const only = onlyPassing ? ', passing ones only' : '';
  return {
    kind: 'subset',
    state: details.some(({ state }) => state === 'chosen') ? 'ok' : 'no',
    text: `${clusterText(walk, target)}: ${filter === '' ? 'all instances' : filter}${only}; ${selectedText(details)}`,
    origin: entryOrigin(walk, dc, 'service-resolver', service, `Subsets.${subset}`),
    details: [...trail, ...details],
  };
}

/** Redirects and default subsets on the way from what a route or split names. */
function trailTo(walk: Walk, { leads, split }: RouteSource, id: string, datacenter: string): ExplainDetail[] {
  const { snapshot, caller } = walk;
  for (const { service, subset } of split?.parts ?? leads) {
    const details: ExplainDetail[] = [];
    let name: TargetName = { service, subset, datacenter };
    // No chain goes round in circles: its compiler refuses that.
    for (let steps = 0; steps < MAX_REDIRECTS; steps++) {
      if (targetId(name) === id) return details;
      const resolver = entry(snapshot, caller.dc, 'service-resolver', name.service).value as ServiceResolver | undefined;
      const next = nextName(name, resolver);
      if (!next) break;
      const origin = entryOrigin(walk, caller.dc, 'service-resolver', name.service, next.by);
      const to = next.by === 'Redirect' ? `redirected from ${name.service} to` : `${name.service} without a subset is`;
      details.push({ state: 'info', text: `${to} ${nameText(next.name, caller.dc)}`, origin });
      name = next.name;
    }
  }
  return [];
}

const MAX_REDIRECTS = 100;

function nameText({ service, subset, datacenter }: TargetName, own: string): string {
  return `${service}${subset === '' ? '' : `, subset ${subset}`}${datacenter === own ? '' : ` in ${datacenter}`}`;
}

export interface Serving {
  readonly steps: readonly ExplainStep[];
  /** Absent: no cluster has an endpoint. */
  readonly by?: Target;
}

/** Who answers for a target: itself, or what it fails over to. The first that has endpoints. */
export function servingSteps(walk: Walk, target: Target): Serving {
  const { chain, target: first } = target.of ?? {};
  const failover = target.cluster.failover ?? [];
  const order = [target, ...failover.map((name) => targetOf(walk, name, chain ? [chain] : [])).filter((one) => one !== undefined)];
  const by = order.find(({ cluster }) => cluster.endpoints.length > 0);
  const shown = by ?? target;
  const details = instancesOf(walk, shown);
  const isQuery = target.of === undefined && target.cluster.name.startsWith('prepared_query:');
  const where = isQuery ? `prepared query finds ${clusterText(walk, shown)}` : clusterText(walk, shown);
  const none = noneText(shown, details.length);
  const endpoints: ExplainStep = {
    kind: 'endpoints',
    state: by ? 'ok' : 'no',
    text: by ? `${where}: ${selectedText(details)} can take calls${balanceText(shown)}` : `${where}: ${none}`,
    details,
  };
  if (failover.length === 0) return { steps: [endpoints], ...(by ? { by } : {}) };
  const tried = order.map((one): ExplainDetail => {
    const text = `${clusterText(walk, one)}: ${count(one.cluster.endpoints.length, 'endpoint')}`;
    if (one === by) return { state: 'chosen', text };
    const isAfter = by !== undefined && order.indexOf(one) > order.indexOf(by);
    return isAfter ? { state: 'after', text } : { state: 'passed', text, reason: 'nobody there can take calls' };
  });
  const step: ExplainStep = {
    kind: 'failover',
    state: by ? (by === target ? 'info' : 'ok') : 'no',
    text:
      by === target ? `not needed: ${clusterText(walk, target)} serves` : by ? `${clusterText(walk, by)} stands in` : 'nobody stands in',
    ...(first ? { origin: entryOrigin(walk, walk.caller.dc, 'service-resolver', first.service, 'Failover') } : {}),
    details: tried,
  };
  return { steps: [step, endpoints], ...(by ? { by } : {}) };
}

function noneText(target: Target, instances: number): string {
  if (instances > 0) return `none of ${count(instances, 'instance')} can take calls`;
  return subsetOf(target) === '' ? `no instance of ${target.cluster.service} is registered with a sidecar` : 'no instance belongs to it';
}

function balanceText({ cluster }: Target): string {
  const { loadBalancer, endpoints } = cluster;
  return endpoints.length < 2 ? '' : `, balanced by ${loadBalancer?.policy ?? 'round_robin'}`;
}
