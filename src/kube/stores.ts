import type { Diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import { errorHere, type Place } from '../schema/place.ts';
import { decodeBase64 } from './data-keys.ts';
import { describeObject, type KubeObject } from './object.ts';

export type StoreKind = 'ConfigMap' | 'Secret';

/** Values of one ConfigMap or Secret. */
export interface Store {
  readonly kind: StoreKind;
  readonly name: string;
  readonly values: ReadonlyMap<string, Uint8Array | string>;
}

/** How a lookup ended. `silent`: it was optional, or what it refers to has errors of its own. */
export type Found<T> =
  | { readonly type: 'found'; readonly value: T }
  | { readonly type: 'silent' }
  | { readonly type: 'problem'; readonly diagnostic: Diagnostic };

/** All ConfigMaps and Secrets of the manifests. */
export class Stores {
  readonly #stores = new Map<string, Store>();
  readonly #broken = new Set<string>();

  constructor(objects: readonly KubeObject[]) {
    for (const object of objects) {
      if (object.kind !== 'ConfigMap' && object.kind !== 'Secret') continue;
      const id = keyOf(object.kind, object.namespace, object.name);
      if (object.status === 'ok') this.#stores.set(id, { kind: object.kind, name: object.name, values: valuesOf(object) });
      else this.#broken.add(id);
    }
  }

  find(kind: StoreKind, namespace: string, name: string, optional: boolean, at: Place): Found<Store> {
    const id = keyOf(kind, namespace, name);
    const store = this.#stores.get(id);
    if (store) return { type: 'found', value: store };
    if (optional || this.#broken.has(id)) return { type: 'silent' };
    const here = [...this.#stores.keys()].filter((key) => key.startsWith(keyOf(kind, namespace, ''))).map((key) => key.split('\n')[2]!);
    return {
      type: 'problem',
      diagnostic: errorHere(at, `there is no ${describeObject({ kind, namespace, name })} in these manifests`, {
        ...(here.length === 0 ? {} : { detail: `there is: ${here.join(', ')}` }),
        ...didYouMean(name, here),
      }),
    };
  }
}

/** One value as text: environment variables and files of this mesh hold no other bytes. */
export function textOf(store: Store, key: string, optional: boolean, at: Place): Found<string> {
  const value = store.values.get(key);
  if (value === undefined) {
    if (optional) return { type: 'silent' };
    const keys = [...store.values.keys()];
    const detail = keys.length === 0 ? 'it is empty' : `its keys: ${keys.join(', ')}`;
    const summary = `${store.kind} "${store.name}" has no key "${key}"`;
    return { type: 'problem', diagnostic: errorHere(at, summary, { detail, ...didYouMean(key, keys) }) };
  }
  if (typeof value === 'string') return { type: 'found', value };
  const summary = `"${key}" of ${store.kind} "${store.name}" is binary; only text can be passed on yet`;
  return { type: 'problem', diagnostic: errorHere(at, summary) };
}

type StoreObject = Extract<KubeObject, { status: 'ok'; kind: StoreKind }>;

function valuesOf(object: StoreObject): Map<string, Uint8Array | string> {
  const values = new Map<string, Uint8Array | string>();
  const encoded = object.kind === 'Secret' ? object.body.data : object.body.binaryData;
  const plain = object.kind === 'Secret' ? object.body.stringData : object.body.data;
  for (const [key, text] of Object.entries(encoded ?? {})) values.set(key, asText(decodeBase64(text) ?? new Uint8Array()));
  for (const [key, text] of Object.entries(plain ?? {})) values.set(key, text);
  return values;
}

function asText(bytes: Uint8Array): Uint8Array | string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return Buffer.from(text).equals(bytes) ? text : bytes;
}

const keyOf = (kind: string, namespace: string, name: string): string => `${kind}\n${namespace}\n${name}`;
