import type { AgentSettings } from '../../agent-config/settings.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { ControlPlane } from '../../control/plane.ts';
import { WriteRefused } from '../../control/registry.ts';
import { inWriteOrder } from '../../entries/write-order.ts';

/** `config_entries { bootstrap }`: those that are there already stay. Rejects when one contradicts what is there. */
export async function bootstrapEntries(control: ControlPlane, { datacenter: dc, entries }: AgentSettings): Promise<void> {
  for (const entry of inWriteOrder(entries)) {
    try {
      await control.commit([{ type: 'put-entry', dc, entry, cas: 0 }]);
    } catch (error) {
      if (!(error instanceof WriteRefused)) throw error;
      throw new MeshError(
        'invalid',
        `Failed to apply configuration entry ${JSON.stringify(entry.Kind)} / ${JSON.stringify(entry.Name)}: ${messageOf(error)}`,
      );
    }
  }
}

/** Services and checks that the agent's files define, in place of what they defined before. Rejects when one makes no sense. */
export async function loadDefinitions(control: ControlPlane, settings: AgentSettings): Promise<void> {
  await (await judgeDefinitions(control, settings))();
}

/** Rejects when a service or a check makes no sense; nothing is changed before what this resolves with is called. */
export async function judgeDefinitions(
  control: ControlPlane,
  { datacenter: dc, services, checks }: AgentSettings,
): Promise<() => Promise<void>> {
  const at = { dc, node: control.node.nodeName };
  if (services.length === 0 && checks.length === 0 && control.agent.isWithoutFiles(at)) return () => Promise.resolve();
  // Few agents have any: what reads them is not on the path of the others.
  const { checkOf, serviceOf } = await import('../../control/registration/definitions.ts');
  const refused = (error: unknown): MeshError =>
    new MeshError('invalid', `a service or a check of the configuration can't be registered: ${messageOf(error)}`);
  try {
    const bodies = { services: services.map(serviceOf), checks: checks.map(checkOf) };
    control.agent.requireLoadable(at, bodies.services, bodies.checks);
    return () =>
      control.agent.load(at, bodies.services, bodies.checks).catch((error: unknown) => {
        throw refused(error);
      });
  } catch (error) {
    throw refused(error);
  }
}
