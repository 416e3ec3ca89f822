import type { ApiClient } from '../client.ts';
import { tabbed } from '../columns.ts';
import { atMost, attempt, type Command } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';
import { goPath } from '../path.ts';
import { NODE_META, nodeMeta } from './flags.ts';

type TagsByService = Readonly<Record<string, readonly string[]>>;

export const catalogServices: Command = {
  name: 'catalog services',
  synopsis: 'List the services of a datacenter',
  usage: [''],
  description: 'Prints the names of all services of a datacenter, or of those on a node.',
  examples: ['catalog services', 'catalog services -tags', 'catalog services -node=dev1'],
  flags: [
    { name: 'node', kind: 'string', value: 'id or name', doc: 'Only services on this node.', completes: 'node' },
    NODE_META,
    { name: 'tags', kind: 'bool', doc: 'Print the tags of each too.' },
    ...JSON_FLAGS,
  ],
  run: async ({ io, flags, args, client }) => {
    atMost(args, 0);
    const json = wantsJson(flags);
    const api = await client();
    const services = await attempt('Error listing services', ask(api, flags));
    const names = Object.keys(services).sort();
    if (json) printJson(io, services);
    else if (names.length === 0) io.err('No services match the given query - try expanding your search.\n');
    else if (flags.bool('tags'))
      io.out(
        `${tabbed(
          names.map((name) => [name, services[name]!.toSorted().join(',')]),
          6,
        ).trimEnd()}\n`,
      );
    else for (const name of names) io.out(`${name}\n`);
    return 0;
  },
};

async function ask(api: ApiClient, flags: FlagValues): Promise<TagsByService> {
  const query = { 'node-meta': nodeMeta(flags) };
  const node = flags.string('node');
  if (!node) return parseJson(await api.expectOk('GET', '/v1/catalog/services', { query }));
  const found = parseJson<{ readonly Services: Readonly<Record<string, { Service: string; Tags: readonly string[] | null }>> } | null>(
    await api.expectOk('GET', `/v1/catalog/node/${goPath(node)}`, { query }),
  );
  const services: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const { Service, Tags } of Object.values(found?.Services ?? {}))
    services[Service] = [...new Set([...(services[Service] ?? []), ...(Tags ?? [])])];
  return services;
}
