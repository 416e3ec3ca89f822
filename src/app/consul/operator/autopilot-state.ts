import { sortedEntries } from '../../../base/order.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { parseJson, printJson } from '../json.ts';

interface Server {
  readonly ID: string;
  readonly Name: string;
  readonly Address: string;
  readonly Version: string;
  readonly Status: string;
  readonly NodeType: string;
  readonly NodeStatus: string;
  readonly Healthy: boolean;
  readonly LastContact: string;
  readonly LastTerm: number;
  readonly LastIndex: number;
  readonly Meta?: Readonly<Record<string, string>> | null;
}

interface State {
  readonly Healthy: boolean;
  readonly FailureTolerance: number;
  readonly OptimisticFailureTolerance?: number;
  readonly Leader: string;
  readonly Voters: readonly string[] | null;
  readonly Servers: Readonly<Record<string, Server>> | null;
}

export const autopilotState: Command = {
  name: 'operator autopilot state',
  synopsis: 'Print how the servers are',
  usage: [''],
  description: 'Prints how autopilot sees the servers.',
  examples: ['operator autopilot state', 'operator autopilot state -format=json'],
  flags: [
    { name: 'format', kind: 'string', value: 'string', doc: 'pretty or json.', choices: ['pretty', 'json'] },
    { name: 'json', kind: 'bool', doc: "The same as -format=json. Not one of Consul's." },
  ],
  run: async ({ io, flags, client }) => {
    const format = flags.bool('json') ? 'json' : (flags.string('format') ?? 'pretty');
    if (format !== 'pretty' && format !== 'json') throw new Failure(`Unknown format: ${format}`);
    const api = await client();
    const body = await attempt('Error querying Autopilot state', api.expectOk('GET', '/v1/operator/autopilot/state'));
    const state = await attempt('Error querying Autopilot state', Promise.resolve(body).then(parseJson<State>));
    if (format === 'json') printJson(io, state);
    else io.out(`${pretty(state)}\n`);
    return 0;
  },
};

function pretty(state: State): string {
  const servers = sortedEntries(state.Servers ?? {});
  const lines = [
    `Healthy:                      ${state.Healthy}`,
    `Failure Tolerance:            ${state.FailureTolerance}`,
    `Optimistic Failure Tolerance: ${state.OptimisticFailureTolerance ?? 0}`,
    `Leader:                       ${state.Leader}`,
    'Voters:',
    ...(state.Voters ?? []).map((id) => `   ${id}`),
    'Servers:',
    ...servers.flatMap(([, server]) => serverLines(server)),
  ];
  return `${lines.join('\n')}\n`;
}

function serverLines(server: Server): string[] {
  const meta = sortedEntries(server.Meta ?? {});
  return [
    `   ${server.ID}`,
    `      Name:            ${server.Name}`,
    `      Address:         ${server.Address}`,
    `      Version:         ${server.Version}`,
    `      Status:          ${server.Status}`,
    `      Node Type:       ${server.NodeType}`,
    `      Node Status:     ${server.NodeStatus}`,
    `      Healthy:         ${server.Healthy}`,
    `      Last Contact:    ${server.LastContact}`,
    `      Last Term:       ${server.LastTerm}`,
    `      Last Index:      ${server.LastIndex}`,
    ...(meta.length > 0 ? ['      Meta', ...meta.map(([key, value]) => `         ${JSON.stringify(key)}: ${JSON.stringify(value)}`)] : []),
  ];
}
