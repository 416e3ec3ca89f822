import { messageOf } from '../../../base/errors.ts';
import { nearest } from '../../../base/suggest.ts';
import { statusOf } from '../../cli/status.ts';
import { type Home, homeOf } from '../../home.ts';
import type { Io } from '../../io.ts';
import type { ProxyReport, StatusReport } from '../../rpc/status.ts';
import { Failure } from '../command.ts';
import { type Flag, type FlagValues, textFlag } from '../flags.ts';

/** Which sidecar, where Consul has the address of one Envoy. */
export const SIDECAR_FLAGS: readonly Flag[] = [
  textFlag('sidecar', 'The sidecar to ask: its id, the last part of it, or the service that it stands for.', { completes: 'sidecar' }),
  textFlag(
    'envoy-admin-endpoint',
    "Consul's, for its Envoy: there is none here, and it has no effect. -sidecar says which sidecar is meant.",
  ),
];

/** What the agent of this home knows. Rejects with a Failure when none runs. */
export async function runningAgent(flags: FlagValues, io: Io): Promise<{ readonly home: Home; readonly status: StatusReport }> {
  if (flags.string('envoy-admin-endpoint'))
    io.err('-envoy-admin-endpoint has no effect: the data plane of mesh is no Envoy. Say which sidecar you mean by -sidecar.\n');
  const home = homeOf(io.env, io.cwd);
  const status = await statusOf(home, io).catch((error: unknown) => {
    throw new Failure(`Error asking the data plane: ${messageOf(error)}`);
  });
  if (status) return { home, status };
  throw new Failure(
    'No agent is running: troubleshoot asks the data plane of this home.\nRun one first: mesh run <blueprint>, or mesh agent.',
  );
}

/** Those that are meant: all, if it is not said. Throws a Failure when nothing is of that name. */
export function sidecarsNamed({ proxies }: StatusReport, name: string | undefined): ProxyReport[] {
  if (name === undefined || name === '') return proxies.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const found = proxies.filter(({ id, service }) => id === name || id.endsWith(`/${name}`) || service === name);
  if (found.length > 0) return found;
  const names = [...new Set(proxies.flatMap(({ id, service }) => [service, id.split('/').at(-1)!]))];
  const near = nearest(name, names);
  const instead = near === undefined ? `There are: ${names.join(', ') || 'none'}.` : `Did you mean ${near}?`;
  throw new Failure(`There is no sidecar ${JSON.stringify(name)}. ${instead}`);
}
