import type { Io } from '../io.ts';
import type { ApiClient } from './client.ts';
import { afterWrite, attempt, type Command, Failure } from './command.ts';
import type { FlagValues } from './flags.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from './json.ts';
import { goPath } from './path.ts';
import { agentSelf } from './self.ts';

/** Ids of the checks that stand for maintenance; that of a service has its id behind. */
const NODE = '_node_maintenance';
const SERVICE = '_service_maintenance:';

interface AgentCheck {
  readonly CheckID: string;
  readonly Node: string;
  readonly Notes: string;
  readonly ServiceID: string;
}

export const maint: Command = {
  name: 'maint',
  synopsis: 'Take a node or a service out of service, and back',
  usage: [''],
  description:
    'Puts the node of the agent, or one of its services, into maintenance: nobody is sent there until it is disabled again.\nWithout options, prints what is in maintenance.',
  examples: ['maint -enable -reason "new disk"', 'maint', 'maint -disable', 'maint -enable -service=web'],
  flags: [
    { name: 'disable', kind: 'bool', doc: 'End the maintenance.' },
    { name: 'enable', kind: 'bool', doc: 'Begin the maintenance.' },
    { name: 'reason', kind: 'string', value: 'string', doc: 'Why, for others to read.' },
    { name: 'service', kind: 'string', value: 'string', doc: 'ID of the service; without it, the whole node.' },
    ...JSON_FLAGS,
  ],
  run: async ({ io, flags, client }) => {
    const [enable, disable] = [flags.bool('enable'), flags.bool('disable')];
    const [reason, service] = [flags.string('reason') ?? '', flags.string('service') ?? ''];
    if (enable && disable) throw new Failure('Only one of -enable or -disable may be provided');
    if (!enable && reason !== '') throw new Failure('Reason may only be provided with -enable');
    if (!enable && !disable && service !== '') throw new Failure('Service requires either -enable or -disable');
    const api = await client();
    if (!enable && !disable) return show(io, flags, api);
    const path = service === '' ? '/v1/agent/maintenance' : `/v1/agent/service/maintenance/${goPath(service)}`;
    const query = enable ? { enable: 'true', reason } : { enable: 'false' };
    const what = service === '' ? 'node' : 'service';
    await attempt(`Error ${enable ? 'enabling' : 'disabling'} ${what} maintenance`, api.expectOk('PUT', path, { query }));
    const state = `maintenance is now ${enable ? 'enabled' : 'disabled'}`;
    io.out(service === '' ? `Node ${state}\n` : `Service ${state} for ${JSON.stringify(service)}\n`);
    await afterWrite(io, api);
    return 0;
  },
};

async function show(io: Io, flags: FlagValues, api: ApiClient): Promise<number> {
  const json = wantsJson(flags);
  const { Config } = await attempt('Error querying Consul agent', agentSelf(api));
  const asked = api.expectOk('GET', '/v1/agent/checks').then(parseJson<Readonly<Record<string, AgentCheck>>>);
  const all = Object.values(await attempt('Error getting checks', asked));
  const checks = all
    .filter(({ CheckID }) => CheckID === NODE || CheckID.startsWith(SERVICE))
    .sort((a, b) => (a.CheckID < b.CheckID ? -1 : 1));
  if (json) printJson(io, checks);
  else
    for (const { CheckID, ServiceID, Notes } of checks) {
      io.out(CheckID === NODE ? `Node:\n  Name:   ${Config.NodeName}\n` : `Service:\n  ID:     ${ServiceID}\n`);
      io.out(`  Reason: ${Notes}\n\n`);
    }
  return 0;
}
