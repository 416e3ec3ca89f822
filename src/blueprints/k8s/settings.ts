import { changedEntries, droppedEntries } from '../changed-entries.ts';
import type { ApplyContext } from '../context.ts';
import type { K8sConfigSpec } from './spec.ts';

/**
 * What manifests write into the datacenter: their config entries, and the protocols that old annotations ask for, which give
 * way to an entry. `before`: what is there already.
 */
export async function putSettings(spec: K8sConfigSpec, context: ApplyContext, before?: K8sConfigSpec): Promise<void> {
  await context.registry.putEntries(changedEntries(before?.entries ?? [], spec.entries), spec.datacenter);
  await setProtocols(spec, context, before);
}

/**
 * The protocols alone, for who was taken over: entries outlive an agent, and somebody may have written them since; who asks
 * for a protocol has to be told again.
 */
export async function setProtocols(spec: K8sConfigSpec, context: ApplyContext, before?: K8sConfigSpec): Promise<void> {
  for (const [service, protocol] of Object.entries(spec.protocols)) {
    if (before?.protocols[service] !== protocol) await context.registry.setProtocolDefault(service, protocol, spec.datacenter);
  }
}

/** Takes them back, but for those that another spec has, too. */
export async function removeSettings(spec: K8sConfigSpec, context: ApplyContext, kept?: K8sConfigSpec): Promise<void> {
  for (const [service, protocol] of Object.entries(spec.protocols)) {
    if (kept?.protocols[service] !== protocol) await context.registry.clearProtocolDefault(service, protocol, spec.datacenter);
  }
  await context.registry.removeEntries(droppedEntries(spec.entries, kept?.entries ?? []), spec.datacenter);
}
