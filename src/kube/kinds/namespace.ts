import { accepted } from '../accepted.ts';
import { type ManifestKind, manifest, noProblems } from './kind.ts';

const schema = manifest({ spec: accepted('Finalizers of the namespace.') });

/** A namespace only groups names here; objects may name one that no manifest makes. */
export const namespace: ManifestKind<NonNullable<typeof schema._type>> = {
  kind: 'Namespace',
  apiVersions: ['v1'],
  namespaced: false,
  schema,
  validate: noProblems,
};
