import { type Decoded, list, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { validateMeta } from './meta.ts';
import { type Problem, problem } from './problem.ts';

const consumer = object({
  Partition: optional(string(), 'Needs Consul Enterprise.'),
  Peer: optional(string(), 'Cluster peer that may call it.'),
  /** Its name before Consul 1.14. */
  PeerName: optional(string(), 'Another spelling of Peer.'),
  SamenessGroup: optional(string(), 'Needs Consul Enterprise.'),
});

const service = object({
  Name: withDefault(string(), '', 'The service, or * for all.'),
  Namespace: optional(string(), 'Needs Consul Enterprise.'),
  Consumers: optional(list(consumer), 'Who may call it.'),
});

const schema = object({ Services: optional(list(service), 'Services that others may call.') });

export type ExportedServices = EntryBase & Decoded<typeof schema>;

/** Which services other clusters may call. The name is the partition: `default`, without Consul Enterprise. */
export const exportedServices: EntryKind<ExportedServices> = {
  kind: 'exported-services',
  schema,
  normalize: (entry) => {
    const services = entry.Services?.map((one) => {
      const { Namespace, ...rest } = one;
      const consumers = one.Consumers?.map(({ PeerName, ...others }) => ({
        ...others,
        ...(others.Peer || !PeerName ? {} : { Peer: PeerName }),
      }));
      const other = Namespace && Namespace !== 'default' ? { Namespace } : {};
      return { ...rest, ...other, ...(consumers ? { Consumers: consumers } : {}) };
    });
    return canonicalEntry({ ...entry, ...(services ? { Services: services } : {}) }, schema);
  },
  validate,
  references: (entry) => (entry.Services ?? []).filter(({ Name }) => Name !== '*').map(({ Name }) => ({ service: Name })),
};

function validate(entry: ExportedServices): Problem[] {
  const found: Problem[] = [];
  if (entry.Name !== 'default') found.push(problem('alone', 'Name', 'exported-services Name must be "default"'));
  found.push(...validateMeta(entry));
  entry.Services?.forEach((one, i) => {
    const at = `Services[${i}]`;
    const alone = (path: string, text: string): unknown => found.push(problem('alone', path, text));
    if (one.Name === '') alone(at, `${at}: service name cannot be empty`);
    if (one.Namespace === '*' && one.Name !== '*') alone(`${at}.Name`, `${at}: service name must be wildcard if namespace is wildcard`);
    if (one.Namespace) alone(`${at}.Namespace`, `invalid config key "${at}.Namespace", namespaces are a consul enterprise feature`);
    if (!one.Consumers || one.Consumers.length === 0) alone(at, `${at}: must have at least one consumer`);
    one.Consumers?.forEach((to, j) => {
      for (const [field, text] of consumerProblems(to)) alone(`${at}.Consumers[${j}]${field}`, `${at}.Consumers[${j}]: ${text}`);
    });
  });
  return found;
}

function consumerProblems({ Partition = '', Peer = '', SamenessGroup = '' }: Decoded<typeof consumer>): [field: string, text: string][] {
  const wrong: [string, string][] = [];
  if (Peer !== '' && Partition !== '') wrong.push(['', 'must define at most one of PeerName or Partition']);
  if (Peer === '' && Partition === '' && SamenessGroup === '')
    wrong.push(['', 'must define at least one of Peer, Partition, or SamenessGroup']);
  if (Partition === '*') wrong.push(['.Partition', 'exporting to all partitions (wildcard) is not supported']);
  if (Peer === '*') wrong.push(['.Peer', 'exporting to all peers (wildcard) is not supported']);
  if (Partition !== '' && Partition !== 'default') wrong.push(['.Partition', 'partitions are an enterprise-only feature']);
  if (SamenessGroup !== '') wrong.push(['.SamenessGroup', 'sameness-groups are an enterprise-only feature']);
  return wrong;
}
