import { under } from '../../schema/place.ts';
import { type Decoded, map, optional, string } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { validateBase64, validateKeys } from '../data-keys.ts';
import { type ManifestKind, manifest } from './kind.ts';

const schema = manifest({
  data: optional(map(string()), 'Values in base64.'),
  stringData: optional(map(string()), 'Values as text; they win over data.'),
  type: optional(string(), 'What the secret is for.'),
  immutable: accepted('Whether the data may change later.'),
});

export type Secret = Decoded<typeof schema>;

export const secret: ManifestKind<Secret> = {
  kind: 'Secret',
  apiVersions: ['v1'],
  namespaced: true,
  schema,
  validate: (body, at) => [
    ...validateKeys(body.data ?? {}, under(at, 'data')),
    ...validateKeys(body.stringData ?? {}, under(at, 'stringData')),
    ...validateBase64(body.data ?? {}, under(at, 'data')),
  ],
};
