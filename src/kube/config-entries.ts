import type { Diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import { prepareEntry } from '../entries/decode.ts';
import type { EntryBase } from '../entries/kind.ts';
import { entryKind, kindError } from '../entries/table.ts';
import type { Located, LocatedEntry, LocatedMap } from '../schema/located.ts';
import { errorHere, type Place, rangeAt, under, valueAt, warningAtKey } from '../schema/place.ts';
import { describeObject, type EntryObject, placeOf } from './object.ts';

/** Custom resources of consul-k8s that stand for config entries, by the kind of the entry. */
export const ENTRY_RESOURCES: Readonly<Record<string, string>> = {
  ControlPlaneRequestLimit: 'control-plane-request-limit',
  ExportedServices: 'exported-services',
  IngressGateway: 'ingress-gateway',
  JWTProvider: 'jwt-provider',
  Mesh: 'mesh',
  ProxyDefaults: 'proxy-defaults',
  RateLimit: 'rate-limit',
  SamenessGroup: 'sameness-group',
  ServiceDefaults: 'service-defaults',
  ServiceIntentions: 'service-intentions',
  ServiceResolver: 'service-resolver',
  ServiceRouter: 'service-router',
  ServiceSplitter: 'service-splitter',
  TerminatingGateway: 'terminating-gateway',
};

const TOP_LEVEL = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

/** The config entries that the custom resources stand for, normalized and valid. Two of one name are an error. */
export function configEntries(objects: readonly EntryObject[], datacenter: string, out: Diagnostic[]): EntryBase[] {
  const first = new Map<string, EntryObject>();
  return objects.flatMap((object) => {
    const entry = configEntry(object, datacenter, out);
    if (!entry) return [];
    const earlier = first.get(`${entry.Kind}/${entry.Name}`);
    if (!earlier) {
      first.set(`${entry.Kind}/${entry.Name}`, object);
      return [entry];
    }
    const range = rangeAt(under(placeOf(earlier), 'kind'));
    const related = range ? { related: { range, message: `${describeObject(earlier)} is the same` } } : {};
    const detail = 'a config entry has no namespace';
    out.push(
      errorHere(under(placeOf(object), 'kind'), `the config entry ${entry.Kind}/${entry.Name} is defined twice`, { detail, ...related }),
    );
    return [];
  });
}

function configEntry(object: EntryObject, datacenter: string, out: Diagnostic[]): EntryBase | undefined {
  const payload = entryPayload(object, datacenter, out);
  if (!payload) return undefined;
  const { entry, problems } = prepareEntry(payload);
  for (const { form: _, ...diagnostic } of problems) out.push(diagnostic);
  return entry;
}

/** What a custom resource says, in the form of a config entry that is still to be decoded. */
export function entryPayload(object: EntryObject, datacenter: string, out: Diagnostic[]): LocatedMap | undefined {
  const at = placeOf(object);
  const kind = ENTRY_RESOURCES[object.kind]!;
  const spec = valueAt(under(at, 'spec'));
  out.push(...unknownTopLevel(object.located));
  if (!entryKind(kind)) {
    const supported = Object.entries(ENTRY_RESOURCES).filter(([, known]) => entryKind(known));
    const detail = `supported: ${supported.map(([name]) => name).join(', ')}`;
    out.push(errorHere(under(at, 'kind'), kindError(kind) ?? `there is no config entry ${kind}`, { detail }));
    return undefined;
  }
  if (spec !== undefined && spec.type !== 'map' && spec.type !== 'null') {
    out.push(errorHere(under(at, 'spec'), `the spec of ${describeObject(object)} must be an object`));
    return undefined;
  }
  const fields = spec?.type === 'map' ? spec.entries : [];
  const name = entryName(object, at, out);
  if (name === undefined) return undefined;
  const own = fields.filter(({ key }) => !(kind === 'service-intentions' && key === 'destination'));
  const stray = own.find(({ key }) => /^(kind|name|meta)$/i.test(key));
  if (stray) {
    const hint = 'the name of the entry is metadata.name';
    out.push(errorHere(under(at, 'spec', stray.key), `"${stray.key}" is no field of the spec of a ${object.kind}`, { hint }));
    return undefined;
  }
  return {
    type: 'map',
    entries: [
      { key: 'Kind', value: { type: 'string', value: kind } },
      { key: 'Name', value: name },
      { key: 'Meta', value: metaOf(datacenter) },
      ...own,
    ],
    ...withRange(at),
  };
}

/** consul-k8s: an intention is called as its destination, everything else as its object. */
function entryName({ kind, name }: EntryObject, at: Place, out: Diagnostic[]): Located | undefined {
  if (kind !== 'ServiceIntentions') return { type: 'string', value: name, ...withRange(under(at, 'metadata', 'name')) };
  const destination = valueAt(under(at, 'spec', 'destination', 'name'));
  if (destination?.type === 'string' && destination.value !== '') return destination;
  const summary = 'an intention needs the service that it protects: spec.destination.name';
  out.push(errorHere(under(at, 'spec', 'destination', 'name'), summary));
  return undefined;
}

/** consul-k8s marks what it writes; a user of `consul config read` sees where an entry comes from. */
function metaOf(datacenter: string): Located {
  const meta = { 'external-source': 'kubernetes', 'consul.hashicorp.com/source-datacenter': datacenter };
  return { type: 'map', entries: Object.entries(meta).map(([key, value]): LocatedEntry => ({ key, value: { type: 'string', value } })) };
}

function withRange(at: Place) {
  const range = rangeAt(at);
  return range ? { range } : {};
}

function unknownTopLevel(root: LocatedMap): Diagnostic[] {
  return root.entries
    .filter(({ key }) => !TOP_LEVEL.includes(key))
    .map(({ key }) => warningAtKey({ root, path: [key] }, `unknown attribute "${key}"`, didYouMean(key, TOP_LEVEL)));
}
