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
