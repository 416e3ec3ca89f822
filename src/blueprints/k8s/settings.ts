import { isDeepStrictEqual } from 'node:util';
import type { ApplyContext } from '../context.ts';
import type { K8sConfigSpec } from './spec.ts';

/**
 * What manifests write into the datacenter: their config entries, and the protocols that old annotations ask for, which give
 * way to an entry. `before`: what is there already.
 */
export async function putSettings(spec: K8sConfigSpec, context: ApplyContext, before?: K8sConfigSpec): Promise<void> {
  const entries = spec.entries.filter((entry) => !before?.entries.some((old) => isDeepStrictEqual(old, entry)));
  await context.registry.putEntries(entries, spec.datacenter);
  for (const [service, protocol] of Object.entries(spec.protocols)) {
    if (before?.protocols[service] !== protocol) await context.registry.setProtocolDefault(service, protocol, spec.datacenter);
  }
}

/** Entries outlive an agent, and somebody may have written them since; who asks for a protocol has to be told again. */
export async function adoptSettings(spec: K8sConfigSpec, context: ApplyContext): Promise<void> {
  for (const [service, protocol] of Object.entries(spec.protocols)) {
    await context.registry.setProtocolDefault(service, protocol, spec.datacenter);
  }
}

/** Takes them back, but for those that another spec has, too. */
export async function removeSettings(spec: K8sConfigSpec, context: ApplyContext, kept?: K8sConfigSpec): Promise<void> {
  for (const [service, protocol] of Object.entries(spec.protocols)) {
    if (kept?.protocols[service] !== protocol) await context.registry.clearProtocolDefault(service, protocol, spec.datacenter);
  }
  const stays = (name: string): boolean => kept?.entries.some((entry) => `${entry.Kind}/${entry.Name}` === name) ?? false;
  const entries = spec.entries.filter((entry) => !stays(`${entry.Kind}/${entry.Name}`));
  await context.registry.removeEntries(entries, spec.datacenter);
}
