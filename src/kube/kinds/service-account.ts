import { accepted } from '../accepted.ts';
import { type ManifestKind, manifest, noProblems } from './kind.ts';

const schema = manifest({
  secrets: accepted('Secrets that pods of this account may use.'),
  imagePullSecrets: accepted('Secrets for pulling images.'),
  automountServiceAccountToken: accepted('Whether pods get a token of the API server, which does not exist here.'),
});

export const serviceAccount: ManifestKind<NonNullable<typeof schema._type>> = {
  kind: 'ServiceAccount',
  apiVersions: ['v1'],
  namespaced: true,
  schema,
  validate: noProblems,
};
