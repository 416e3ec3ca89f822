import { sortedEntries } from '../../../base/order.ts';
import type { ApiClient } from '../client.ts';
import { columns } from '../columns.ts';
import { atMost, attempt, type Command } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';
import { goPath } from '../path.ts';
import { NODE_META, nodeMeta } from './flags.ts';

interface CatalogNode {
  readonly ID: string;
  readonly Node: string;
  readonly Address: string;
  readonly Datacenter: string;
  readonly TaggedAddresses: Readonly<Record<string, string>> | null;
  readonly Meta: Readonly<Record<string, string>> | null;
}

export const catalogNodes: Command = {
  name: 'catalog nodes',
  synopsis: 'List the nodes of a datacenter',
  usage: [''],
  description: 'Prints the nodes of a datacenter, or only those that have a service.',
  examples: ['catalog nodes', 'catalog nodes -detailed', 'catalog nodes -service=web', `catalog nodes -filter 'Meta.zone == "a"'`],
  flags: [
    { name: 'detailed', kind: 'bool', doc: 'Print whole ids, tagged addresses and metadata too.' },
    { name: 'filter', kind: 'string', value: 'string', doc: 'Expression that a node must meet.' },
    {
      name: 'near',
      kind: 'string',
      value: 'string',
      doc: 'Sort by the round trip from this node; "_agent" is that of the agent.',
      completes: 'node',
    },
    NODE_META,
    { name: 'service', kind: 'string', value: 'id or name', doc: 'Only nodes that have this service.', completes: 'service' },
    ...JSON_FLAGS,
  ],
  run: async ({ io, flags, args, client }) => {
    atMost(args, 0);
    const json = wantsJson(flags);
    const api = await client();
    const nodes = await attempt('Error listing nodes', ask(api, flags));
    if (json) printJson(io, nodes);
    else if (nodes.length === 0) io.err('No nodes match the given query - try expanding your search.\n');
    else io.out(`${table(nodes, flags.bool('detailed'))}\n`);
    return 0;
  },
};

async function ask(api: ApiClient, flags: FlagValues): Promise<readonly CatalogNode[]> {
  const query = { filter: flags.string('filter') || undefined, near: flags.string('near') || undefined, 'node-meta': nodeMeta(flags) };
  const service = flags.string('service');
  if (!service) return parseJson(await api.expectOk('GET', '/v1/catalog/nodes', { query }));
  const instances = parseJson<readonly (CatalogNode & { NodeMeta: CatalogNode['Meta'] })[]>(
    await api.expectOk('GET', `/v1/catalog/service/${goPath(service)}`, { query }),
  );
  // A node with several instances is still one.
  const byName = new Map(instances.map((instance) => [instance.Node, instance]));
  return Array.from(byName.values(), ({ ID, Node, Address, Datacenter, TaggedAddresses, NodeMeta }) => {
    return { ID, Node, Address, Datacenter, TaggedAddresses, Meta: NodeMeta };
  });
}

function table(nodes: readonly CatalogNode[], detailed: boolean): string {
  const sorted = nodes.toSorted((a, b) => (a.Node < b.Node ? -1 : 1));
  if (!detailed)
    return columns([
      ['Node', 'ID', 'Address', 'DC'],
      ...sorted.map((node) => [node.Node, node.ID.slice(0, 8), node.Address, node.Datacenter]),
    ]);
  const rows = sorted.map((node) => [node.Node, node.ID, node.Address, node.Datacenter, pairs(node.TaggedAddresses), pairs(node.Meta)]);
  return columns([['Node', 'ID', 'Address', 'DC', 'TaggedAddresses', 'Meta'], ...rows]);
}

const pairs = (map: Readonly<Record<string, string>> | null): string =>
  sortedEntries(map ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
