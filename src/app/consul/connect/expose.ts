import { getIfPresent } from '../acl/lookup.ts';
import type { ApiClient } from '../client.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { getExact } from '../intention-get.ts';

interface Listener {
  readonly Port: number;
  readonly Protocol: string;
  readonly Services: readonly { readonly Name: string; readonly Hosts?: readonly string[] | null }[];
}

interface Gateway {
  readonly Kind: 'ingress-gateway';
  readonly Name: string;
  readonly Listeners?: readonly Listener[] | null;
}

export const connectExpose: Command = {
  name: 'connect expose',
  synopsis: 'Let a service be reached through an ingress gateway',
  usage: [''],
  description: 'Adds a service to a listener of an ingress gateway, and lets the gateway call it.',
  examples: ['connect expose -service web -ingress-gateway gateway -port 8080 -protocol http -host web.example.com'],
  flags: [
    { name: 'service', kind: 'string', value: 'string', doc: 'The service.', completes: 'service' },
    { name: 'ingress-gateway', kind: 'string', value: 'string', doc: 'The gateway.', completes: 'service' },
    { name: 'port', kind: 'int', value: 'int', doc: 'Port of the listener.' },
    { name: 'protocol', kind: 'string', value: 'string', doc: 'tcp (default), http, http2 or grpc.' },
    { name: 'host', kind: 'list', value: 'value', doc: 'Host that requests must name. Repeatable.' },
  ],
  run: async ({ io, flags, client }) => {
    const [service, name] = [flags.string('service'), flags.string('ingress-gateway')];
    const port = flags.int('port');
    const protocol = flags.string('protocol') || 'tcp';
    const hosts = flags.list('host');
    if (!service) throw new Failure('A service name must be given via the -service flag.');
    if (!name) throw new Failure('An ingress gateway service must be given via the -ingress-gateway flag.');
    if (port === 0) throw new Failure('A port must be provided via the -port flag.');
    const api = await client();
    const path = `/v1/config/ingress-gateway/${encodeURIComponent(name)}`;
    const before = await attempt('Error fetching existing ingress configuration', getIfPresent<Gateway>(api, path));
    const gateway: Gateway = before ?? { Kind: 'ingress-gateway', Name: name };
    const { listeners, replaced } = exposed(gateway.Listeners ?? [], {
      Port: port,
      Protocol: protocol,
      Services: [{ Name: service, ...(hosts.length > 0 ? { Hosts: hosts } : {}) }],
    });
    if (replaced) io.out(`Updating service definition for ${JSON.stringify(service)} on listener with port ${port}\n`);
    const write = api.expectOk('PUT', '/v1/config', { body: { ...gateway, Listeners: listeners } });
    await attempt('Error writing ingress config entry', write);
    io.out(`Successfully updated config entry for ingress service ${JSON.stringify(name)}\n`);
    io.out(await allow(api, name, service));
    return 0;
  },
};

/** Throws a Failure when the port speaks another protocol. */
function exposed(listeners: readonly Listener[], added: Listener): { readonly listeners: Listener[]; readonly replaced: boolean } {
  const there = listeners.find(({ Port }) => Port === added.Port);
  if (!there) return { listeners: [...listeners, added], replaced: false };
  if (there.Protocol !== added.Protocol)
    throw new Failure(`Listener on port ${added.Port} already configured with conflicting protocol ${JSON.stringify(there.Protocol)}`);
  const [service] = added.Services;
  const others = there.Services.filter(({ Name }) => Name !== service?.Name);
  const extended = { ...there, Services: [...others, ...added.Services] };
  return {
    listeners: listeners.map((listener) => (listener === there ? extended : listener)),
    replaced: others.length < there.Services.length,
  };
}

async function allow(api: ApiClient, source: string, destination: string): Promise<string> {
  const names = `${JSON.stringify(source)} -> ${JSON.stringify(destination)}`;
  // Against a server before 1.9 none is a Failure of its own.
  const lookedUp = getExact(api, source, destination).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  });
  const existing = await attempt('Error looking up existing intention', lookedUp);
  if (existing?.Action === 'allow') return `Intention already exists for ${names}\n`;
  const written = existing
    ? api.expectOk('PUT', '/v1/connect/intentions/exact', { query: { source, destination }, body: { Action: 'allow' } })
    : api.expectOk('POST', '/v1/connect/intentions', {
        body: { SourceName: source, DestinationName: destination, SourceType: 'consul', Action: 'allow' },
      });
  await attempt('Error upserting intention', written);
  return `Successfully set up intention for ${names}\n`;
}
