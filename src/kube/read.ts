import { type Diagnostic, errorAt, hasErrors, warningAt } from '../base/diagnostic.ts';
import { inReadingOrder } from '../base/reading-order.ts';
import type { Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { decode } from '../schema/decode.ts';
import { describeType, type Located, type LocatedMap } from '../schema/located.ts';
import { errorHere, keyRangeAt, type Place, rangeAt, under, valueAt } from '../schema/place.ts';
import { ENTRY_RESOURCES } from './config-entries.ts';
import { conform } from './conform.ts';
import { groupOf, OTHER_KINDS } from './kinds/elsewhere.ts';
import type { ManifestKind } from './kinds/kind.ts';
import { KINDS } from './kinds.ts';
import { validateLabelName, validateLabels, validateName } from './names.ts';
import { type BrokenObject, type IgnoredObject, type KubeObject, placeOf } from './object.ts';
import { parseYaml } from './yaml.ts';

export interface Manifests {
  /** In the order of the sources and of the documents in them. */
  readonly objects: KubeObject[];
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads manifests: any number of files, documents and `List`s. Never throws on input. Objects that have errors are in the
 * result as well, marked, so that `interpret` may run in any case and adds only what is wrong beyond that.
 */
export function readManifests(sources: readonly Source[]): Manifests {
  const objects: KubeObject[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const source of sources) {
    const file = parseYaml(source);
    diagnostics.push(...file.diagnostics);
    for (const document of file.documents) {
      for (const item of flatten(document.value, diagnostics)) {
        const read = readObject(item, document.valid);
        diagnostics.push(...read.diagnostics);
        if (read.object) objects.push(read.object);
      }
    }
  }
  diagnostics.push(...leftOut(objects.filter((object) => object.status === 'ignored')));
  return { objects, diagnostics: inReadingOrder(diagnostics, sources) };
}

/** kubectl: a `List` is only an envelope; the API server answers with a `DeploymentList` and the like. */
function flatten(value: Located, out: Diagnostic[]): Located[] {
  if (value.type !== 'map') return [value];
  const kind = textAt({ root: value, path: ['kind'] }) ?? '';
  if (kind !== 'List' && !(kind.endsWith('List') && Object.hasOwn(KINDS, kind.slice(0, -'List'.length)))) return [value];
  const place: Place = { root: value, path: ['items'] };
  const items = valueAt(place);
  if (items?.type === 'list') return items.items.flatMap((item) => flatten(item, out));
  if (items !== undefined && items.type !== 'null') out.push(errorHere(place, `"items" must be a list, not ${describeType(items)}`));
  return [];
}

interface Read {
  readonly object?: KubeObject;
  readonly diagnostics: readonly Diagnostic[];
}

function readObject(located: Located, valid: boolean): Read {
  if (located.type !== 'map') {
    return { diagnostics: valid ? [errorAt(located.range, 'expected a Kubernetes object: apiVersion, kind, metadata, …')] : [] };
  }
  const at: Place = { root: located, path: [] };
  const kind = textAt(under(at, 'kind'));
  const apiVersion = textAt(under(at, 'apiVersion'));
  if (kind === undefined || apiVersion === undefined) {
    const missing = kind === undefined ? 'kind' : 'apiVersion';
    return { diagnostics: valid ? [errorAt(headerOf(located), `this object needs "${missing}"`)] : [] };
  }
  const known =
    Object.hasOwn(KINDS, kind) && groupOf(apiVersion) !== 'foreign' ? (KINDS as Record<string, ManifestKind<unknown>>)[kind] : undefined;
  if (Object.hasOwn(ENTRY_RESOURCES, kind) && apiVersion.startsWith('consul.hashicorp.com/')) return readEntry(located, kind, apiVersion);
  if (!known) return readOther(located, kind, apiVersion);
  const head = { apiVersion, kind, name: textAt(under(at, 'metadata', 'name')) ?? '', namespace: namespaceOf(at, known), located };
  const broken: BrokenObject = { status: 'broken', ...head };
  if (!known.apiVersions.includes(apiVersion)) {
    const summary = `there is no ${kind} in apiVersion "${apiVersion}"`;
    return {
      object: broken,
      diagnostics: [errorAt(rangeAt(under(at, 'apiVersion')), summary, { hint: `write apiVersion: ${known.apiVersions[0]}` })],
    };
  }
  if (!valid) return { object: broken, diagnostics: [] };
  const conformed = conform(located, known.schema);
  const header = headerOf(located);
  const decoded = decode(conformed.value, known.schema, {
    subject: head.name === '' ? kind : `${kind} "${head.name}"`,
    unknownKeys: 'warning',
    notation: 'yaml',
    ...(header ? { header } : {}),
  });
  const diagnostics = [...conformed.diagnostics, ...decoded.diagnostics];
  if (!hasErrors(diagnostics)) {
    const validate = known.nameWithoutDots ? validateLabelName : validateName;
    diagnostics.push(...validate(head.name, under(at, 'metadata', 'name')), ...known.validate(decoded.value, at));
    diagnostics.push(...validateLabels(labelsAt(at), under(at, 'metadata', 'labels')));
  }
  if (hasErrors(diagnostics)) return { object: broken, diagnostics };
  return { object: { status: 'ok', ...head, body: decoded.value } as KubeObject, diagnostics };
}

/** Only the head: what is in it is a matter of config entries. */
function readEntry(located: LocatedMap, kind: string, apiVersion: string): Read {
  const at: Place = { root: located, path: [] };
  const name = textAt(under(at, 'metadata', 'name')) ?? '';
  const namespace = textAt(under(at, 'metadata', 'namespace')) || 'default';
  const head = { apiVersion, kind, name, namespace, located };
  if (apiVersion !== CONSUL_API) {
    const diagnostic = errorAt(rangeAt(under(at, 'apiVersion')), `there is no ${kind} in apiVersion "${apiVersion}"`, {
      hint: `write apiVersion: ${CONSUL_API}`,
    });
    return { object: { status: 'broken', ...head }, diagnostics: [diagnostic] };
  }
  const diagnostics =
    name === '' ? [errorAt(headerOf(located), `${kind} needs "metadata.name"`)] : validateName(name, under(at, 'metadata', 'name'));
  return { object: { status: hasErrors(diagnostics) ? 'broken' : 'entry', ...head }, diagnostics };
}

const CONSUL_API = 'consul.hashicorp.com/v1alpha1';

function readOther(located: LocatedMap, kind: string, apiVersion: string): Read {
  const at: Place = { root: located, path: [] };
  const name = textAt(under(at, 'metadata', 'name')) ?? '';
  const group = groupOf(apiVersion);
  const other = group === 'foreign' ? undefined : OTHER_KINDS.get(kind);
  const hint = didYouMean(kind, [...Object.keys(KINDS), ...Object.keys(ENTRY_RESOURCES), ...OTHER_KINDS.keys()]);
  if (!other && (group === 'builtin' || (group === 'official' && hint.hint !== undefined))) {
    const detail = `known here: ${Object.keys(KINDS).join(', ')}`;
    return { diagnostics: [errorAt(rangeAt(under(at, 'kind')), `there is no kind "${kind}"`, { detail, ...hint })] };
  }
  const object: IgnoredObject = {
    status: 'ignored',
    apiVersion,
    kind,
    name,
    namespace: textAt(under(at, 'metadata', 'namespace')) ?? 'default',
    reason: other?.reason ?? 'nothing here knows this extension of Kubernetes',
    supported: other?.effect !== 'unsupported',
    located,
  };
  return { object, diagnostics: [] };
}

/** One line for each kind, at the first object of it: the charts of large systems have dozens. */
function leftOut(objects: readonly IgnoredObject[]): Diagnostic[] {
  const kinds = new Map<string, IgnoredObject[]>();
  for (const object of objects) {
    const group = `${object.kind}\n${object.reason}`;
    kinds.set(group, [...(kinds.get(group) ?? []), object]);
  }
  return [...kinds.values()].map((group) => {
    const { kind, reason, supported } = group[0]!;
    const range = rangeAt(under(placeOf(group[0]!), 'kind'));
    const names = group.slice(0, 5).map(({ name }) => `"${name}"`);
    const what = group.length === 1 ? `${kind} ${names[0]} is` : `${group.length} objects of kind ${kind} are`;
    const more = group.length > names.length ? `, …` : '';
    const detail = group.length === 1 ? reason : `${names.join(', ')}${more}: ${reason}`;
    return warningAt(range, `${what} ${supported ? 'ignored here' : 'not supported'}`, { detail });
  });
}

function namespaceOf(at: Place, kind: ManifestKind<unknown>): string {
  return kind.namespaced ? textAt(under(at, 'metadata', 'namespace')) || 'default' : '';
}

function labelsAt(at: Place): Record<string, string> {
  const labels = valueAt(under(at, 'metadata', 'labels'));
  if (labels?.type !== 'map') return {};
  return Object.fromEntries(labels.entries.map(({ key, value }) => [key, value.type === 'string' ? value.value : '']));
}

function textAt(place: Place): string | undefined {
  const value = valueAt(place);
  return value?.type === 'string' ? value.value : undefined;
}

/** What a missing field points at: the line that says what the object is. */
function headerOf(located: LocatedMap) {
  const at: Place = { root: located, path: [] };
  return valueAt(under(at, 'kind')) ? rangeAt(under(at, 'kind')) : keyRangeAt(under(at, located.entries[0]?.key ?? ''));
}
