import { type ApiClient, unexpected } from '../client.ts';
import { afterWrite, attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';

interface Consumer {
  readonly Peer?: string;
  readonly [field: string]: unknown;
}

interface ExportedService {
  readonly Name: string;
  readonly Consumers: readonly Consumer[] | null;
  readonly [field: string]: unknown;
}

interface Entry {
  readonly Kind: 'exported-services';
  readonly Name: string;
  readonly Services: readonly ExportedService[] | null;
  readonly ModifyIndex?: number;
  readonly [field: string]: unknown;
}

/** The one entry of this kind is named like its partition. */
const NAME = 'default';

export const servicesExport: Command = {
  name: 'services export',
  synopsis: 'Let peers call a service',
  usage: ['-name <service name> -consumer-peers <peer name>,...'],
  description: 'Adds a service to those that peers may call: a change of the config entry exported-services/default.',
  examples: ['services export -name=web -consumer-peers=other', 'services export -name=web -consumer-peers=east,west'],
  flags: [
    { name: 'consumer-peers', kind: 'string', value: 'string', doc: 'Names of the peers, with commas between them.', completes: 'peer' },
    { name: 'name', kind: 'string', value: 'string', doc: 'Name of the service.', completes: 'service' },
  ],
  connectError: 'Error connect to Consul agent',
  run: async ({ io, flags, client }) => {
    const name = flags.string('name');
    const listed = flags.string('consumer-peers');
    if (!name) throw new Failure('Missing the required -name flag');
    if (!listed) throw new Failure('Missing the required -consumer-peers flag');
    const peers = listed.split(',');
    if (peers.includes('')) throw new Failure('Invalid peer ""');
    const api = await client();
    const before = await attempt(`Error reading config entry exported-services/${NAME}`, readEntry(api));
    const query = { cas: String(before?.ModifyIndex ?? 0) };
    const written = api.expectOk('PUT', '/v1/config', { query, body: withExport(before, name, peers) });
    const answer = await attempt('Error writing config entry', written);
    if (!answer.includes('true')) throw new Failure('Config entry was changed during update. Please try again');
    io.out(`Successfully exported service ${JSON.stringify(name)} to peers ${JSON.stringify(listed)}\n`);
    await afterWrite(io, api);
    return 0;
  },
};

async function readEntry(api: ApiClient): Promise<Entry | undefined> {
  const response = await api.send('GET', `/v1/config/exported-services/${NAME}`);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new Error(unexpected(response));
  return parseJson(response.body);
}

function withExport(before: Entry | undefined, name: string, peers: readonly string[]): Entry {
  const services = before?.Services ?? [];
  const present = services.find((service) => service.Name === name);
  const consumers = present?.Consumers ?? [];
  const added = peers.filter((peer) => !consumers.some(({ Peer }) => Peer === peer)).map((Peer) => ({ Peer }));
  const service = { ...present, Name: name, Consumers: [...consumers, ...added] };
  const Services = present ? services.map((one) => (one === present ? service : one)) : [...services, service];
  return { ...before, Kind: 'exported-services', Name: NAME, Services };
}
