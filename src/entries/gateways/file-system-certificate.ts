import { type Decoded, object, string, withDefault } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { validateMeta } from '../meta.ts';

const schema = object({
  Certificate: withDefault(string(), '', 'Path of the certificate where the gateway runs, PEM.'),
  PrivateKey: withDefault(string(), '', 'Path of its private key, PEM.'),
});

export type FileSystemCertificate = EntryBase & Decoded<typeof schema>;

/** A certificate for listeners of an api-gateway, in files where the gateway runs. Nobody but it can look at them. */
export const fileSystemCertificate: EntryKind<FileSystemCertificate> = {
  kind: 'file-system-certificate',
  schema,
  normalize: (entry) => canonicalEntry(entry, schema),
  validate: validateMeta,
  references: () => [],
};
