import { MeshError } from '../base/errors.ts';
import { appliedName } from './applied-name.ts';
import type { ApplyContext } from './context.ts';
import type { Leaving } from './generations.ts';
import type { DesiredResource } from './graph.ts';
import { type Action, makes } from './plan.ts';
import { resourceTypeOf } from './resources/index.ts';
import type { State } from './state.ts';

/** What has to be known of this machine's ports. */
export type PortContext = Pick<ApplyContext, 'apiPort' | 'portHolder'>;

/**
 * Throws, before anything is touched, when a host port that these actions open is held by another resource or by a stranger.
 * Ports of what goes away in the same run, or after it, are free.
 */
export async function checkHostPorts(
  actions: readonly Action[],
  { state, context, leaving }: { state: State; context: PortContext; leaving: Leaving },
): Promise<void> {
  const going = new Set(
    actions.flatMap((action) => ('previous' in action && action.kind !== 'disown' ? [action.previous.resource.key] : [])),
  );
  const ours = new Map<number, string>();
  for (const { resource } of state.resources.values()) for (const port of portsOf(resource)) ours.set(port, resource.key);
  for (const action of actions) {
    if (!makes(action)) continue;
    const { resource } = action;
    const exclusive = portsOf(resource, context.apiPort());
    for (const port of portsOf(resource)) {
      if (leaving.hostPorts.has(port)) continue;
      const owner = ours.get(port);
      if (owner !== undefined && going.has(owner)) continue;
      const holder = owner ?? (exclusive.includes(port) ? await context.portHolder(port) : undefined);
      if (holder === undefined) ours.set(port, resource.key);
      else throw portTaken(resource, port, holder, blueprintOf(owner, state));
    }
  }
}

/** Host ports that are fixed: 0 means any. */
export function portsOf({ type, spec }: DesiredResource, apiPort?: number): number[] {
  return (resourceTypeOf(type)?.hostPorts?.(spec, apiPort) ?? []).filter((port) => port !== 0);
}

/** The blueprint of a resource, as one that can be typed. */
function blueprintOf(key: string | undefined, { resources, blueprints }: State): string | undefined {
  const id = key === undefined ? undefined : resources.get(key)?.owners[0];
  const blueprint = id === undefined ? undefined : blueprints.get(id);
  return blueprint && appliedName(blueprint, blueprints.values());
}

function portTaken(resource: DesiredResource, port: number, holder: string, blueprint: string | undefined): MeshError {
  return new MeshError('environment', `${resource.key} needs port ${port} of 127.0.0.1, which ${holder} holds`, {
    hint: blueprint === undefined ? `stop it, or change the host port at ${resource.definedAt}` : `mesh destroy ${blueprint}`,
  });
}
