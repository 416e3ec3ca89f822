import type { Finding, Findings } from '../../../api/finding.ts';
import type { ApiClient } from '../client.ts';
import { bad, doubtful, good, type Message } from './report.ts';

/** Of `/v1/discovery-chain`. */
interface ChainJson {
  readonly Chain: {
    readonly Protocol: string;
    readonly Targets: Readonly<Record<string, TargetJson>>;
  };
}

interface TargetJson {
  readonly Service: string;
  readonly Datacenter: string;
  readonly SNI: string;
  readonly Subset?: { readonly Filter?: string; readonly OnlyPassing?: boolean };
}

interface HealthJson {
  readonly Checks: readonly { readonly Status: string }[];
}

export interface UpstreamRef {
  readonly service: string;
  /** Empty: the caller's. */
  readonly datacenter: string;
}

/** `payments?dc=dc2` */
export function upstreamRef(id: string): UpstreamRef {
  const [service = '', query = ''] = id.split('?', 2);
  return { service, datacenter: new URLSearchParams(query).get('dc') ?? '' };
}

/** Route, clusters and their endpoints, and what the agent finds wrong about that upstream. */
export async function validateResources(api: ApiClient, id: string, sidecar: string): Promise<Message[]> {
  const name = JSON.stringify(id);
  const found = await findingsOf(api, sidecar, id);
  const actions = found.map(({ summary, fix }) => `${summary}: ${fix}`);
  const { service, datacenter } = upstreamRef(id);
  const answer = await api.send('GET', `/v1/discovery-chain/${encodeURIComponent(service)}`, {
    query: { 'compile-dc': datacenter || undefined },
  });
  if (answer.status !== 200) return [bad(`No route for upstream ${name}: ${answer.body.trim()}`, ...actions)];
  const { Chain } = JSON.parse(answer.body) as ChainJson;
  const route = Chain.Protocol === 'tcp' ? [] : [good(`Route for upstream ${name} found`)];
  const clusters = await Promise.all(Object.values(Chain.Targets).map((target) => cluster(api, target, name, actions)));
  const told = clusters.flat().some(({ actions: all = [] }) => all.length > 0);
  const further = told ? [] : found.map(({ summary, fix }) => doubtful(summary, fix));
  return [...route, ...clusters.flat(), ...further];
}

async function cluster(api: ApiClient, target: TargetJson, name: string, actions: readonly string[]): Promise<Message[]> {
  const label = JSON.stringify(target.SNI);
  const known = good(`Cluster ${label} for upstream ${name} found`);
  const { Filter: filter, OnlyPassing: onlyPassing = false } = target.Subset ?? {};
  const answer = await api.send('GET', `/v1/health/connect/${encodeURIComponent(target.Service)}`, {
    query: { dc: target.Datacenter || undefined, filter: filter || undefined },
  });
  if (answer.status !== 200) return [known, bad(`No endpoints for cluster ${label}: ${answer.body.trim()}`)];
  const instances = JSON.parse(answer.body) as HealthJson[];
  const fits = ({ Checks }: HealthJson): boolean =>
    Checks.every(({ Status }) => Status === 'passing' || (Status === 'warning' && !onlyPassing));
  const endpoints = instances.filter(fits).length;
  if (endpoints > 0) return [known, good(`Healthy endpoints for cluster ${label} for upstream ${name} found`)];
  const usual = [
    'Check that your upstream service is healthy and running: mesh status',
    'Check that your upstream service is registered: mesh catalog services',
    'If you are explicitly configuring upstreams, ensure the name of the upstream is correct',
  ];
  return [known, bad(`No healthy endpoints for cluster ${label} for upstream ${name}`, ...(actions.length > 0 ? actions : usual))];
}

/** Those of one upstream of one sidecar. An agent that is none of mesh has none. */
async function findingsOf(api: ApiClient, sidecar: string, id: string): Promise<Finding[]> {
  const answer = await api.send('GET', '/v1/mesh/findings');
  if (answer.status !== 200) return [];
  const { findings } = JSON.parse(answer.body) as Findings;
  return findings.filter(({ about, summary }) => about.name === sidecar && summary.startsWith(`upstream ${id} of `));
}
