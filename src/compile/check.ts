import { entries, entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Op } from '../catalog/types.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { ServiceIntentions } from '../entries/service-intentions.ts';
import { entryKind } from '../entries/table.ts';
import { compileChain } from './chain.ts';
import type { GraphError } from './chain-model.ts';
import { isChainKind, linkingTo } from './links.ts';
import { isHttpLike, serviceProtocol } from './protocol.ts';

/**
 * Whether the entries still fit together after a write or a delete of one: Consul refuses both when a chain that it concerns
 * would no longer compile. `after` is the tentative snapshot, with the operation applied; on an error it must be dropped.
 */
export function checkEntryChange(after: Snapshot, op: Op & { readonly type: 'put-entry' | 'delete-entry' }): GraphError[] {
  const { dc } = op;
  const changed: EntryBase = op.type === 'put-entry' ? op.entry : { Kind: op.kind, Name: op.name };
  return concerned(after, dc, changed).flatMap((service) => checkService(after, dc, service));
}

/**
 * The services whose chains an entry concerns: its own, then those that routers, splitters and resolvers lead to it from.
 * proxy-defaults concerns every chain that entries shape, and every destination of intentions.
 */
function concerned(after: Snapshot, dc: string, changed: EntryBase): string[] {
  if (changed.Kind === 'proxy-defaults') {
    const shaped = entries(after, dc).value.filter((other) => isChainKind(other.Kind) || other.Kind === 'service-intentions');
    return [...new Set(shaped.map((other) => other.Name))].filter((name) => name !== '*');
  }
  if (!isChainKind(changed.Kind) && changed.Kind !== 'service-defaults') return referencesOf(changed);
  return [...new Set([changed.Name, ...linkingTo(after, dc, changed.Name)])];
}

function referencesOf(changed: EntryBase): string[] {
  return (entryKind(changed.Kind)?.references(changed) ?? []).map((reference) => reference.service);
}

function checkService(after: Snapshot, dc: string, service: string): GraphError[] {
  // SNIs are not looked at here, so any trust domain serves.
  const compiled = compileChain(after, { dc, service, trustDomain: '' });
  const errors = compiled.ok ? [] : [compiled.error];
  const intentions = entry(after, dc, 'service-intentions', service).value as ServiceIntentions | undefined;
  const protocol = serviceProtocol(after, dc, service);
  if (intentions?.Sources.some((from) => from.Permissions) && !isHttpLike(protocol)) {
    const message = `service ${JSON.stringify(service)} has protocol ${JSON.stringify(protocol)}, which is incompatible with L7 intentions permissions`;
    errors.push({ service, message });
  }
  return errors;
}
