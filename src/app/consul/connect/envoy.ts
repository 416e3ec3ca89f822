import type { GatewayKind } from '../../../base/gateway-kind.ts';
import type { Io } from '../../io.ts';
import { type ApiClient, openClient } from '../client.ts';
import { attempt, type Command, type CommandContext, Failure } from '../command.ts';
import { type Flag, type FlagValues, textFlag } from '../flags.ts';
import { parseJson } from '../json.ts';
import { agentSelf } from '../self.ts';
import { registrationOf } from './gateway-registration.ts';
import { gatewayServed, watchOver } from './gateway-serving.ts';

/** What mesh does without an Envoy. */
const INSTEAD =
  'An agent of mesh runs the sidecars of its services itself: register a service with connect { sidecar_service {} }, or apply a blueprint.';

const KINDS: Readonly<Record<string, GatewayKind>> = {
  ingress: 'ingress-gateway',
  terminating: 'terminating-gateway',
  api: 'api-gateway',
};

/** Options of Envoy itself: scripts that were written for it go on working. */
const OF_ENVOY = [
  'admin-access-log-path',
  'admin-bind',
  'envoy-binary',
  'envoy-ready-bind-address',
  'envoy-ready-bind-port',
  'envoy-version',
  'grpc-addr',
  'grpc-ca-file',
  'grpc-ca-path',
].map((name): Flag => textFlag(name, 'Of Envoy: has no effect.'));

export const connectEnvoy: Command = {
  name: 'connect envoy',
  synopsis: 'Run a gateway',
  usage: [''],
  description: `Registers a gateway with the agent, whose data plane serves it at once, without an Envoy. It stays until it is interrupted.
Without -register it watches over one that is registered already, and leaves it there.
It ends with 1 when a port of the gateway is taken at the start, and warns of listeners that can not be opened later.
${INSTEAD}`,
  examples: [
    'connect envoy -gateway=ingress -register -service front -address 127.0.0.1:8888',
    'connect envoy -gateway=terminating -register -service exit -address 127.0.0.1:8443',
  ],
  flags: [
    textFlag('gateway', 'Kind of the gateway: ingress, terminating or api.', { choices: ['ingress', 'terminating', 'api'] }),
    { name: 'register', kind: 'bool', doc: 'Register it first, and deregister it in the end.' },
    textFlag('service', 'Name of the gateway; its kind by default.'),
    textFlag('address', 'Address and port that others reach it at, such as 10.0.0.1:8443.'),
    textFlag('wan-address', 'The same for other datacenters.'),
    { name: 'bind-address', kind: 'map', value: 'name=ip:port', doc: 'Where it listens instead of its address; repeatable.' },
    textFlag('deregister-after-critical', 'How long its check may be critical until it is deregistered; 6h by default.'),
    textFlag('proxy-id', 'Id of the gateway; its name by default.'),
    textFlag('sidecar-for', 'Sidecars are run by the agent.'),
    { name: 'bootstrap', kind: 'bool', doc: "Envoy's configuration: there is none." },
    { name: 'ignore-envoy-compatibility', kind: 'bool', doc: 'Of Envoy: has no effect.' },
    { name: 'no-central-config', kind: 'bool', doc: 'Of Envoy: has no effect.' },
    ...OF_ENVOY,
  ],
  run: async (context) => {
    const { io, flags, client } = context;
    const kind = kindOf(flags);
    const api = await client();
    await requireOwnAgent(api);
    const isOwn = flags.bool('register');
    const id = isOwn ? await register(context, api, kind) : await registered(api, kind, flags.string('proxy-id'));
    const served = await gatewayServed(api, id, io).catch(async (error: unknown) => {
      if (isOwn) await deregister(flags, io, id);
      throw error;
    });
    io.out(`==> The agent's data plane serves ${id} (${kind}). Ctrl-C ends this command${isOwn ? ', and the gateway' : ''}.\n`);
    await watchOver(api, id, served, io);
    if (isOwn) await deregister(flags, io, id);
    return 0;
  },
};

/** Throws a Failure for everything that is no gateway, in Consul's words where it has some. */
function kindOf(flags: FlagValues): GatewayKind {
  const wanted = flags.string('gateway') ?? '';
  const other = flags.string('sidecar-for') || flags.string('proxy-id');
  if (wanted === '' && flags.bool('register')) throw new Failure('Auto-Registration can only be used for gateways');
  if (wanted === '' && !other) throw new Failure('No proxy ID specified. One of -proxy-id, -sidecar-for, or -gateway is required');
  if (wanted === '' || flags.bool('bootstrap')) throw new Failure(`There is no Envoy to configure. ${INSTEAD}`);
  if (wanted === 'mesh') throw new Failure('Mesh gateways are not needed: sidecars reach every datacenter of an agent directly.');
  const kind = KINDS[wanted];
  if (!kind) throw new Failure('Gateway must be one of: api, terminating, mesh, or ingress');
  return kind;
}

/** Only an agent of mesh serves what is registered with it. */
async function requireOwnAgent(api: ApiClient): Promise<void> {
  const { Meta } = await attempt('Error querying agent', agentSelf(api));
  if (Meta?.['mesh-version'] !== undefined) return;
  throw new Failure('The agent is one of Consul, which serves no gateway itself: run its own connect envoy, with an Envoy.');
}

async function register({ io, flags }: CommandContext, api: ApiClient, kind: GatewayKind): Promise<string> {
  const body = registrationOf(flags, kind);
  const written = api.expectOk('PUT', '/v1/agent/service/register', { body });
  await attempt(`Error registering service ${JSON.stringify(body.Name)}`, written);
  io.out(`Registered service: ${body.Name}\n`);
  return body.ID;
}

/** The one gateway of that kind, or the one that is named. */
async function registered(api: ApiClient, kind: GatewayKind, id: string | undefined): Promise<string> {
  const query = { filter: `Kind == ${JSON.stringify(kind)}` };
  const found = Object.keys(
    await attempt(
      'Error looking up gateways',
      api.expectOk('GET', '/v1/agent/services', { query }).then(parseJson<Record<string, unknown>>),
    ),
  );
  if (id) {
    if (!found.includes(id)) throw new Failure(`No ${kind} with ID ${JSON.stringify(id)} is registered with this agent`);
    return id;
  }
  const [only, ...others] = found;
  if (only === undefined) throw new Failure(`No ${kind} services registered with this agent`);
  if (others.length > 0) throw new Failure(`More than one ${kind} registered with this agent: name one with -proxy-id`);
  return only;
}

/** With a client of its own: that of the command has been interrupted with it. */
async function deregister(flags: FlagValues, io: Io, id: string): Promise<void> {
  const api = await openClient(flags, { ...io, signal: new AbortController().signal });
  await attempt(
    `Error deregistering service ${JSON.stringify(id)}`,
    api.expectOk('PUT', `/v1/agent/service/deregister/${encodeURIComponent(id)}`),
  );
  io.out(`Deregistered service: ${id}\n`);
}
