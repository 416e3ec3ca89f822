import { join } from 'node:path';
import { errorAt } from '../../base/diagnostic.ts';
import type { EntryBase } from '../../entries/kind.ts';
import { entryKind } from '../../entries/table.ts';
import { writeRank } from '../../entries/write-order.ts';
import type { Located } from '../../schema/located.ts';
import { bool, type Decoded, openObject, optional, string } from '../../schema/schema.ts';
import { entryIn, reportedEntry } from '../agent-files.ts';
import { changedEntries, droppedEntries } from '../changed-entries.ts';
import type { ApplyContext, PutEntriesOptions, ResourceRecord } from '../context.ts';
import { dependOnDatacenter } from '../datacenter.ts';
import type { ProcessSpec } from '../process/spec.ts';
import { refusedAt } from '../refused-entry.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import { StandingEntries } from '../standing-entries.ts';
import type { IntentionSpec } from './intention.ts';

const schema = openObject({
  kind: optional(string(), 'Kind, as in Consul: the first label, if there are two.'),
  name: optional(string(), 'Name of the entry: the second label, or that of the block if there is one.'),
  datacenter: optional(string(), 'Where it is written; by default the datacenter of the agent.'),
  force_destroy: optional(
    bool(),
    'With the blueprint the entry goes even if somebody has changed it since: for one that is a beginning, and is meant to be changed by hand.',
  ),
  file: optional(string(), "File with an entry in Consul's HCL or JSON, or folder of such files, instead of all that follows."),
});

type Config = Decoded<typeof schema>;

export interface ConfigEntrySpec {
  readonly entries: readonly EntryBase[];
  readonly datacenter?: string;
  /** Goes even if somebody has changed it. */
  readonly force?: true;
}

/** What stood in the places of its entries, written by hand. */
interface Found {
  readonly found: readonly EntryBase[];
}

export const configEntry = resourceType<Config, ConfigEntrySpec, Found | undefined>({
  type: 'config_entry',
  rules: true,
  schema,
  labels: ['kind', 'name'],
  doc: 'A config entry of Consul, written as `config_entry "service-defaults" "payments" {}`: its fields are the attributes, in snake_case or in Consul\'s CamelCase (kinds and fields: `mesh config write`). It is checked with the blueprint, written before what needs it, changed in place, and taken back with the blueprint unless somebody has changed it since: then what stood in its place before stands there again, be it written by hand or by another blueprint.',
  lowerAfter: ['process', 'service', 'intention'],
  // What others build on comes first.
  lowerOrder: ({ kind }) => writeRank(kind ?? '') / 100,

  async lower(config, context) {
    dependOnDatacenter(config.datacenter, context);
    const entries = config.file === undefined ? await inlineEntry(config, context) : await entriesOfFile(config.file, context);
    const where = config.datacenter === undefined ? {} : { datacenter: config.datacenter };
    const spec = { entries, ...where, ...(config.force_destroy ? { force: true as const } : {}) };
    checkTwins(spec, context);
    dependOnWhatItNeeds(spec, context);
    return spec;
  },

  amend({ entries, datacenter }, specs) {
    // Who writes the entry himself has the last word.
    const named = new Set(entries.filter(({ Kind }) => Kind === 'service-defaults').map(({ Name }) => Name));
    for (const [key, spec] of specs) {
      const { protocol, ...rest } = (spec ?? {}) as Partial<ProcessSpec>;
      if (/^(process|service)\./.test(key) && protocol && rest.datacenter === datacenter && named.has(protocol.service))
        specs.set(key, rest);
    }
  },

  reserve: async (key, { entries, datacenter }, context) => ({ found: new StandingEntries(key, datacenter, context).byHand(entries) }),

  async create(key, { entries, datacenter }, _reserved, context, { adopt }) {
    // Who was taken over has written them, and somebody may have changed them since.
    if (!adopt) await put(key, entries, datacenter, context);
  },

  canUpdate: (before, after) => before.datacenter === after.datacenter,

  async update(key, { spec, reserved }, after, context) {
    const standing = new StandingEntries(key, after.datacenter, context);
    const before = reserved?.found ?? [];
    const found = [...before, ...standing.byHand(droppedEntries(after.entries, spec.entries))];
    await put(key, standing.onTop(changedEntries(spec.entries, after.entries)), after.datacenter, context);
    await takeBack(key, { ...spec, entries: droppedEntries(spec.entries, after.entries) }, before, context);
    return { found };
  },

  guards: () => [],
  destroy: (key, spec, reserved, context) => takeBack(key, spec, reserved?.found ?? [], context),
});

function put(key: string, entries: readonly EntryBase[], datacenter: string | undefined, context: ApplyContext): Promise<void> {
  return context.registry.putEntries(entries, datacenter, placesOf(context.record(key))).catch(refusedAt(key, context));
}

const placesOf = ({ place, entryPlaces }: ResourceRecord): PutEntriesOptions => ({
  ...(place === undefined ? {} : { place }),
  ...(entryPlaces ? { entryPlaces } : {}),
});

function takeBack(
  key: string,
  { entries, datacenter, force }: ConfigEntrySpec,
  found: readonly EntryBase[],
  context: ApplyContext,
): Promise<void> {
  const standing = new StandingEntries(key, datacenter, context);
  const going = force ? standing.onTop(entries) : entries;
  return context.registry.removeEntries(going, datacenter, { force: force === true, back: standing.after(going, found) });
}

const OWN = ['kind', 'name', 'datacenter', 'force_destroy', 'file'];
/** What may stand beside `file`. */
const BESIDE_FILE = ['file', 'datacenter', 'force_destroy'];

async function inlineEntry({ kind }: Config, context: LowerContext): Promise<EntryBase[]> {
  const { entries } = context.located;
  const own = (key: string): Located | undefined => entries.find((entry) => entry.key === key)?.value;
  if (kind === undefined) {
    const detail = `expected: config_entry "service-defaults" ${JSON.stringify(context.name)} { … }, or kind = "service-defaults"`;
    context.report(errorAt(context.header, `config_entry "${context.name}" has no kind`, { detail }));
    return [];
  }
  const name = own('name') ?? { type: 'string', value: context.name, range: context.header };
  const rest = entries.filter(({ key }) => !OWN.includes(key));
  const whole = [{ key: 'Kind', value: own('kind')! }, { key: 'Name', value: name }, ...rest];
  const entry = await reportedEntry({ type: 'map', range: context.header, entries: whole }, context);
  return entry ? [entry] : [];
}

/** A file holds one entry; of a folder all that end in `.hcl` and `.json` are read. */
async function entriesOfFile(file: string, context: LowerContext): Promise<EntryBase[]> {
  const also = context.located.entries.find(({ key }) => !BESIDE_FILE.includes(key));
  if (also) {
    const detail = 'with "file" the whole entry is in the file';
    context.report(errorAt(also.keyRange ?? context.header, `${JSON.stringify(also.key)} can't be given beside "file"`, { detail }));
  }
  const path = context.resolvePath(file);
  const names = await context.list(path);
  const paths = names ? names.filter((name) => /\.(hcl|json)$/.test(name)).map((name) => join(path, name)) : [path];
  if (paths.length === 0) context.report(errorAt(context.at('file'), `${JSON.stringify(file)} holds no *.hcl and no *.json file`));
  const entries: EntryBase[] = [];
  for (const one of paths) {
    const source = await context.read(one, context.at('file'));
    const entry = source && (await entryIn(source, context));
    if (entry) entries.push(entry);
  }
  return entries;
}

/** Two blocks that write one entry would undo each other's work. */
function checkTwins({ entries, datacenter }: ConfigEntrySpec, context: LowerContext): void {
  for (const { Kind, Name } of entries) {
    for (const { key, spec } of ownResources('config_entry', context)) {
      const other = spec as ConfigEntrySpec;
      if (other.datacenter !== datacenter || !other.entries.some((entry) => entry.Kind === Kind && entry.Name === Name)) continue;
      context.report(errorAt(context.header, `${Kind}/${Name} is written by ${key} already`, { hint: 'put both into one block' }));
    }
    const intention = ownResources('intention', context).find(({ spec }) => {
      const other = spec as IntentionSpec;
      return Kind === 'service-intentions' && other.datacenter === datacenter && other.intention.destination === Name;
    });
    if (!intention) continue;
    const detail = `a service-intentions entry is all that may call ${Name}, and would replace that one`;
    const hint = 'put it into the Sources of the entry, or write intentions only';
    context.report(errorAt(context.header, `${intention.key} is an intention for ${Name}, too`, { detail, hint }));
  }
}

/** Those of this blueprint that have been lowered. */
const ownResources = (type: string, context: LowerContext) =>
  context.resources(type).filter(({ key }) => context.config(key) !== undefined && key !== context.key);

/** The registry refuses what does not fit what is there: protocols and subsets come first. */
function dependOnWhatItNeeds({ entries, datacenter }: ConfigEntrySpec, context: LowerContext): void {
  const needy = entries.filter(({ Kind }) => Kind !== 'service-defaults' && Kind !== 'proxy-defaults');
  const named = new Set(
    needy.flatMap((entry) => [
      entry.Name,
      ...entryKind(entry.Kind)!
        .references(entry)
        .map(({ service }) => service),
    ]),
  );
  if (named.size === 0) return;
  for (const { key, spec } of ownResources('config_entry', context)) {
    const other = spec as ConfigEntrySpec;
    if (other.datacenter === datacenter && other.entries.some(({ Kind, Name }) => Kind === 'proxy-defaults' || named.has(Name)))
      context.dependOn(key);
  }
  for (const { key, spec } of [...ownResources('process', context), ...ownResources('service', context)]) {
    const other = spec as Pick<ProcessSpec, 'protocol' | 'datacenter'>;
    if (other.datacenter === datacenter && other.protocol && named.has(other.protocol.service)) context.dependOn(key);
  }
}
