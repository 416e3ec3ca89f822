import { errorHere, under } from '../../schema/place.ts';
import { type Decoded, map, optional, string } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { validateBase64, validateKeys } from '../data-keys.ts';
import { type ManifestKind, manifest } from './kind.ts';

const schema = manifest({
  data: optional(map(string()), 'Values as text.'),
  binaryData: optional(map(string()), 'Values in base64.'),
  immutable: accepted('Whether the data may change later.'),
});

export type ConfigMap = Decoded<typeof schema>;

export const configMap: ManifestKind<ConfigMap> = {
  kind: 'ConfigMap',
  apiVersions: ['v1'],
  namespaced: true,
  schema,
  validate(body, at) {
    const both = Object.keys(body.data ?? {}).filter((key) => Object.hasOwn(body.binaryData ?? {}, key));
    return [
      ...validateKeys(body.data ?? {}, under(at, 'data')),
      ...validateKeys(body.binaryData ?? {}, under(at, 'binaryData')),
      ...validateBase64(body.binaryData ?? {}, under(at, 'binaryData')),
      ...both.map((key) => errorHere(under(at, 'binaryData', key), `the key "${key}" stands in data and in binaryData`)),
    ];
  },
};
