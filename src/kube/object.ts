import type { LocatedMap } from '../schema/located.ts';
import type { Place } from '../schema/place.ts';
import type { BodyOf, KindName } from './kinds.ts';

interface Head {
  readonly apiVersion: string;
  readonly name: string;
  /** Empty for a kind that lives in none. */
  readonly namespace: string;
  readonly located: LocatedMap;
}

/** A well-formed object of a kind that means something here. */
export interface ObjectOf<K extends KindName> extends Head {
  readonly status: 'ok';
  readonly kind: K;
  readonly body: BodyOf<K>;
}

/** One with errors, which are reported already: it is known only so that what refers to it is not reported too. */
export interface BrokenObject extends Head {
  readonly status: 'broken';
  readonly kind: string;
}

/** A custom resource of Consul that stands for a config entry; its fields are read later. */
export interface EntryObject extends Head {
  readonly status: 'entry';
  readonly kind: string;
}

/** One of a kind that has no meaning here, or none yet. */
export interface IgnoredObject extends Head {
  readonly status: 'ignored';
  readonly kind: string;
  readonly reason: string;
  /** False when a cluster would do something with it that this one does not. */
  readonly supported: boolean;
}

/** One object of a manifest. */
export type KubeObject = { [K in KindName]: ObjectOf<K> }[KindName] | EntryObject | BrokenObject | IgnoredObject;

export function ofKind<K extends KindName>(objects: readonly KubeObject[], kind: K): ObjectOf<K>[] {
  return objects.filter((object): object is ObjectOf<K> & KubeObject => object.status === 'ok' && object.kind === kind);
}

export function entryObjects(objects: readonly KubeObject[]): EntryObject[] {
  return objects.filter((object) => object.status === 'entry');
}

/** The top of an object. */
export const placeOf = (object: KubeObject): Place => ({ root: object.located, path: [] });

/** `Deployment "web"`, with the namespace when it is not the default one. */
export function describeObject({ kind, name, namespace }: { kind: string; name: string; namespace: string }): string {
  return namespace === '' || namespace === 'default' ? `${kind} "${name}"` : `${kind} "${name}" (namespace "${namespace}")`;
}
