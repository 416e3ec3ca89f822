import { type Diagnostic, errorAt, hasErrors, warningAt } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { decode } from '../schema/decode.ts';
import type { Located, LocatedMap } from '../schema/located.ts';
import { conform } from './conform.ts';
import { groupOf, OTHER_KINDS } from './kinds/elsewhere.ts';
import type { ManifestKind } from './kinds/kind.ts';
import { KINDS } from './kinds.ts';
import { validateLabels, validateName } from './names.ts';
import type { BrokenObject, IgnoredObject, KubeObject } from './object.ts';
import { inReadingOrder } from './order.ts';
import { keyRangeAt, type Place, rangeAt, under, valueAt } from './place.ts';
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
      for (const item of flatten(document.value)) {
        const read = readObject(item, document.valid);
        diagnostics.push(...read.diagnostics);
        if (read.object) objects.push(read.object);
      }
    }
  }
  return { objects, diagnostics: inReadingOrder(diagnostics, sources) };
}

/** kubectl: a `List` is only an envelope. */
function flatten(value: Located): Located[] {
  if (value.type !== 'map' || textAt({ root: value, path: ['kind'] }) !== 'List') return [value];
  const items = valueAt({ root: value, path: ['items'] });
  return items?.type === 'list' ? items.items.flatMap(flatten) : [];
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
    ...(header ? { header } : {}),
  });
  const diagnostics = [...conformed.diagnostics, ...decoded.diagnostics];
  if (!hasErrors(diagnostics)) {
    diagnostics.push(...validateName(head.name, under(at, 'metadata', 'name')), ...known.validate(decoded.value, at));
    diagnostics.push(...validateLabels(labelsAt(at), under(at, 'metadata', 'labels')));
  }
  if (hasErrors(diagnostics)) return { object: broken, diagnostics };
  return { object: { status: 'ok', ...head, body: decoded.value } as KubeObject, diagnostics };
}

function readOther(located: LocatedMap, kind: string, apiVersion: string): Read {
  const at: Place = { root: located, path: [] };
  const range = rangeAt(under(at, 'kind'));
  const name = textAt(under(at, 'metadata', 'name')) ?? '';
  const group = groupOf(apiVersion);
  const other = group === 'foreign' ? undefined : OTHER_KINDS.get(kind);
  const hint = didYouMean(kind, [...Object.keys(KINDS), ...OTHER_KINDS.keys()]);
  if (!other && (group === 'builtin' || (group === 'official' && hint.hint !== undefined))) {
    const detail = `known here: ${Object.keys(KINDS).join(', ')}`;
    return { diagnostics: [errorAt(range, `there is no kind "${kind}"`, { detail, ...hint })] };
  }
  const reason = other?.reason ?? 'nothing here knows this extension of Kubernetes';
  const summary = other?.effect === 'unsupported' ? `${kind} "${name}" is not supported yet` : `${kind} "${name}" is ignored here`;
  const object: IgnoredObject = {
    status: 'ignored',
    apiVersion,
    kind,
    name,
    namespace: textAt(under(at, 'metadata', 'namespace')) ?? 'default',
    reason,
    located,
  };
  return { object, diagnostics: [warningAt(range, summary, { detail: reason })] };
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
