import { afterWrite, attempt, type Command, type CommandContext, Failure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import type { FlagValues } from '../flags.ts';
import { type Registration, readDefinitions } from './definitions.ts';
import { parseServiceAddress } from './service-address.ts';

export const servicesRegister: Command = {
  name: 'services register',
  synopsis: 'Register services at the agent',
  usage: ['[FILE...]'],
  completes: ['file'],
  description:
    'Registers the services of configuration files (HCL or JSON), or one that the options describe. They stay until they are\nderegistered.',
  examples: ['services register web.hcl', 'services register -name=redis -port=6379 -tag=primary -meta=version=7'],
  flags: [
    { name: 'address', kind: 'string', value: 'string', doc: 'Its address; that of the node by default.' },
    { name: 'id', kind: 'string', value: 'string', doc: 'Its ID; the name by default.' },
    { name: 'kind', kind: 'string', value: 'string', doc: 'What it is, such as connect-proxy.' },
    { name: 'meta', kind: 'map', value: 'key=value', doc: 'A fact to select by; repeatable.' },
    { name: 'name', kind: 'string', value: 'string', doc: 'Its name.' },
    { name: 'port', kind: 'int', value: 'int', doc: 'Its port.' },
    { name: 'socket', kind: 'string', value: 'string', doc: 'Its Unix socket, instead of address and port.' },
    { name: 'tag', kind: 'list', value: 'value', doc: 'A word to select by; repeatable.' },
    { name: 'tagged-address', kind: 'map', value: 'key=value', doc: 'Another address, such as lan=10.0.0.1:80; repeatable.' },
  ],
  run: async (context) => {
    const { io, flags, client } = context;
    const described = fromFlags(flags);
    const services = await definitions(context, described);
    const api = await client();
    for (const service of services) {
      const name = service.Name ?? '';
      const registered = api.expectOk('PUT', '/v1/agent/service/register', { body: service });
      await attempt(`Error registering service ${JSON.stringify(name)}`, registered);
      io.out(`Registered service: ${name}\n`);
    }
    await afterWrite(io, api);
    return 0;
  },
};

async function definitions({ io, flags, args }: CommandContext, described: Registration): Promise<readonly Registration[]> {
  const named = Boolean(flags.string('name'));
  if (args.length === 0 && !named) throw new Failure('Service registration requires at least one argument or flags.');
  if (args.length > 0 && named) throw new Failure('Service registration requires arguments or -id, not both.');
  if (args.length === 0) return [described];
  const written = await readDefinitions(args, io);
  return isOldConsul(io) ? written : written.map((service) => complete(service, described));
}

function fromFlags(flags: FlagValues): Registration {
  const addresses = Array.from(flags.map('tagged-address'), ([key, text]) => {
    const parsed = parseServiceAddress(text);
    if (!parsed.ok) throw new Failure(`Invalid Tagged Address: ${parsed.error}`);
    return [key, parsed.value] as const;
  });
  const meta = flags.map('meta');
  return {
    ...given('Kind', flags.string('kind')),
    ...given('ID', flags.string('id')),
    ...given('Name', flags.string('name')),
    ...given('Address', flags.string('address')),
    ...given('SocketPath', flags.string('socket')),
    ...(flags.int('port') === 0 ? {} : { Port: flags.int('port') }),
    ...(flags.list('tag').length > 0 ? { Tags: flags.list('tag') } : {}),
    ...(meta.size > 0 ? { Meta: Object.fromEntries(meta) } : {}),
    ...(addresses.length > 0 ? { TaggedAddresses: Object.fromEntries(addresses) } : {}),
  };
}

const given = (field: string, value: string | undefined): Record<string, string> => (value ? { [field]: value } : {});

/** What a file says is stronger than an option; lists and maps are put together. */
function complete(service: Registration, described: Registration): Registration {
  const written = Object.fromEntries(Object.entries(service).filter(([, value]) => value !== '' && value !== 0));
  const join = (field: 'Meta' | 'TaggedAddresses') => (described[field] ? { [field]: { ...service[field], ...described[field] } } : {});
  return {
    ...described,
    ...written,
    ...join('Meta'),
    ...join('TaggedAddresses'),
    ...(described.Tags ? { Tags: [...(service.Tags ?? []), ...described.Tags] } : {}),
  };
}
