import { type Diagnostic, warningAt } from '../base/diagnostic.ts';
import type { WrittenCall } from '../base/registration.ts';
import { didYouMean, SUGGESTION } from '../base/suggest.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { ContainerSpec } from './container/spec.ts';
import { IMPLICIT_DATACENTER } from './datacenter.ts';
import type { K8sConfigSpec } from './k8s/spec.ts';
import type { HelmSpec } from './resources/helm.ts';

export interface LoweredResource {
  readonly key: string;
  readonly type: string;
  readonly spec: unknown;
}

/**
 * Warns of calls to services that no resource provides, of this blueprint or running. No error: another blueprint may still
 * bring them, and a command may register them. `calls`: by key of the caller.
 */
export function checkCalls(calls: ReadonlyMap<string, readonly WrittenCall[]>, resources: readonly LoweredResource[]): Diagnostic[] {
  const callable = callableIn(resources);
  return [...calls].flatMap(([key, written]) => {
    const caller = resources.find((resource) => resource.key === key)?.spec as { readonly datacenter?: string } | undefined;
    return written.flatMap((call) => checkCall(call, caller?.datacenter ?? IMPLICIT_DATACENTER, callable) ?? []);
  });
}

/** Names that can be called, by datacenter. */
type Callable = ReadonlyMap<string, ReadonlySet<string>>;

function checkCall({ service, datacenter, at }: WrittenCall, home: string, callable: Callable): Diagnostic | undefined {
  const target = datacenter || home;
  const names = callable.get(target);
  if (names?.has(service)) return undefined;
  if (!names && target !== home) {
    const known = [...callable.keys()];
    const detail = known.length === 0 ? 'there is only that of the agent' : `there are: ${known.join(', ')}`;
    return warningAt(at, `there is no datacenter "${target}"`, { detail, ...didYouMean(target, known) });
  }
  const elsewhere = [...callable].flatMap(([name, others]) => (others.has(service) ? [name] : []));
  const known = [...(names ?? [])].toSorted();
  const hint = elsewhere.length > 0 ? { hint: `${SUGGESTION}that of datacenter ${elsewhere.join(' or ')}?` } : didYouMean(service, known);
  const where = target === IMPLICIT_DATACENTER && elsewhere.length === 0 ? '' : ` in datacenter ${target}`;
  return warningAt(at, `there is no service "${service}"${where}, here or in what runs`, {
    detail: `there are: ${known.join(', ') || 'none'}; \`run\` will wait until there is one`,
    ...hint,
  });
}

function callableIn(resources: readonly LoweredResource[]): Callable {
  const callable = new Map<string, Set<string>>();
  const add = (datacenter: string, ...names: readonly string[]): void => {
    const known = callable.get(datacenter) ?? new Set();
    callable.set(datacenter, known);
    for (const name of names) known.add(name);
  };
  for (const { type, spec } of resources) {
    const { datacenter: named, entries = [] } = spec as Partial<ContainerSpec & K8sConfigSpec>;
    const names = [...serviceNames(type, spec), ...virtualNames(entries)];
    if (names.length > 0) add(named ?? IMPLICIT_DATACENTER, ...names);
    for (const { name, entries: written } of datacentersIn(spec)) add(name, ...virtualNames(written));
  }
  return callable;
}

function serviceNames(type: string, spec: unknown): string[] {
  const { services = [] } = spec as Partial<ContainerSpec>;
  const { sets = [], jobs = [] } = spec as Partial<K8sConfigSpec>;
  const registered = REGISTERING.includes(type) ? services : [...sets, ...jobs].flatMap(({ pod }) => pod.services);
  return registered.map(({ name }) => name);
}

/** Types whose specs have the services that they register. */
const REGISTERING = ['container', 'sidecar', 'process', 'service'];

/** A container or a chart that is a Consul server. */
function datacentersIn(spec: unknown): { readonly name: string; readonly entries: readonly EntryBase[] }[] {
  const { consul } = spec as Partial<ContainerSpec>;
  const { server } = spec as Partial<HelmSpec>;
  return [...(consul ? [{ name: consul.datacenter, entries: consul.entries }] : []), ...(server ? [server.datacenter] : [])];
}

const virtualNames = (entries: readonly EntryBase[]): string[] =>
  entries.filter(({ Kind }) => CHAIN_KINDS.includes(Kind)).map(({ Name }) => Name);
