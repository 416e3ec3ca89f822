import { afterWrite, attempt, type Command, Failure } from '../command.ts';
import { goPath } from '../path.ts';
import { readDefinitions } from './definitions.ts';

export const servicesDeregister: Command = {
  name: 'services deregister',
  synopsis: 'Deregister services from the agent',
  usage: ['[FILE...]'],
  completes: ['file'],
  description:
    'Deregisters the services of configuration files (HCL or JSON), or the one with an ID. At the agent where they were registered.',
  examples: ['services deregister web.hcl', 'services deregister -id=web'],
  flags: [{ name: 'id', kind: 'string', value: 'string', doc: 'ID of the service.' }],
  run: async ({ io, flags, args, client }) => {
    const id = flags.string('id') ?? '';
    if (args.length === 0 && id === '') throw new Failure('Service deregistration requires at least one argument or -id.');
    if (args.length > 0 && id !== '') throw new Failure('Service deregistration requires arguments or -id, not both.');
    const ids = args.length === 0 ? [id] : (await readDefinitions(args, io)).map(({ ID, Name = '' }) => ID || Name);
    const api = await client();
    for (const one of ids) {
      const path = `/v1/agent/service/deregister/${goPath(one)}`;
      // Consul says "registering" here as well.
      await attempt(`Error registering service ${JSON.stringify(one)}`, api.expectOk('PUT', path));
      io.out(`Deregistered service: ${one}\n`);
    }
    await afterWrite(io, api);
    return 0;
  },
};
