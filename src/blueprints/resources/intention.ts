import { type Diagnostic, errorAt } from '../../base/diagnostic.ts';
import type { ServiceIntentions } from '../../entries/service-intentions.ts';
import type { LocatedEntry } from '../../schema/located.ts';
import { any, type Decoded, list, object, optional, required, string } from '../../schema/schema.ts';
import { reportedEntry } from '../agent-files.ts';
import type { WrittenIntention } from '../context.ts';
import { dependOnDatacenter } from '../datacenter.ts';
import { refusedAt } from '../refused-entry.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const schema = object({
  source: required(string(), 'The calling service, or "*" for all.'),
  destination: required(string(), 'The service that is called, or "*" for all.'),
  action: optional(string(), '"allow" or "deny".'),
  permissions: optional(list(any()), "Instead of an action: decide by request. Fields as in Consul's service-intentions."),
  description: optional(string(), 'For people.'),
  datacenter: optional(string(), 'Where it is written; by default the datacenter of the agent.'),
});

export interface IntentionSpec {
  readonly intention: WrittenIntention;
  readonly datacenter?: string;
}

export const intention = resourceType<Decoded<typeof schema>, IntentionSpec, undefined>({
  type: 'intention',
  rules: true,
  schema,
  doc: 'Who may call whom: one source of the service-intentions of its destination. Those of other blocks and of `mesh intention create` stay beside it, and only it goes with the blueprint.',

  lowerAfter: ['helm'],

  async lower({ source, destination, datacenter }, context) {
    dependOnDatacenter(datacenter, context);
    checkTwins({ source, destination, datacenter }, context);
    // It is the only source, and has its fields.
    const report = (found: Diagnostic) => context.report({ ...found, summary: found.summary.replaceAll('Sources[0].', '') });
    const entry = (await reportedEntry(asEntry(context), { ...context, report })) as ServiceIntentions | undefined;
    const [from] = entry?.Sources ?? [];
    const { Action: action, Permissions: permissions, Description: description } = from ?? {};
    const intention = {
      source,
      destination,
      ...(action === undefined ? {} : { action: action as 'allow' | 'deny' }),
      ...(permissions === undefined ? {} : { permissions }),
      ...(description === undefined ? {} : { description }),
    };
    return { intention, ...(datacenter === undefined ? {} : { datacenter }) };
  },

  async create(key, spec, _reserved, context, { adopt }) {
    if (!adopt) await context.registry.putIntention(spec.intention, spec.datacenter).catch(refusedAt(key, context));
  },

  canUpdate: (before, after) =>
    before.datacenter === after.datacenter &&
    before.intention.source === after.intention.source &&
    before.intention.destination === after.intention.destination,

  async update(key, _before, after, context) {
    await context.registry.putIntention(after.intention, after.datacenter).catch(refusedAt(key, context));
    return undefined;
  },

  guards: () => [],
  destroy: (_key, spec, _reserved, context) => context.registry.removeIntention(spec.intention, spec.datacenter),
});

const OF_SOURCE: Readonly<Record<string, string>> = {
  source: 'Name',
  action: 'Action',
  permissions: 'Permissions',
  description: 'Description',
};

/** The entry that it would be alone, with the places of the block: what Consul finds wrong with it is said there. */
function asEntry({ located, header }: LowerContext): Parameters<typeof reportedEntry>[0] {
  const sources = located.entries.flatMap(({ key, ...entry }): LocatedEntry[] =>
    OF_SOURCE[key] ? [{ ...entry, key: OF_SOURCE[key] }] : [],
  );
  const destination = located.entries.find(({ key }) => key === 'destination')!;
  return {
    type: 'map',
    range: header,
    entries: [
      { key: 'Kind', value: { type: 'string', value: 'service-intentions', range: header } },
      { ...destination, key: 'Name' },
      { key: 'Sources', value: { type: 'list', range: header, items: [{ type: 'map', entries: sources, range: header }] } },
    ],
  };
}

function checkTwins(
  { source, destination, datacenter }: { source: string; destination: string; datacenter: string | undefined },
  context: LowerContext,
): void {
  const twin = context.resources('intention').find(({ key, spec }) => {
    const other = spec as IntentionSpec;
    const same = other.intention.source === source && other.intention.destination === destination && other.datacenter === datacenter;
    return same && key !== context.key && context.config(key) !== undefined;
  });
  if (twin) context.report(errorAt(context.header, `${twin.key} is the intention from ${source} to ${destination} already`));
}
