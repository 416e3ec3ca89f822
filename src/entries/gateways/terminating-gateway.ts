import { bool, type Decoded, list, object, optional, string } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import { nullable } from '../fields.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { validateMeta } from '../meta.ts';
import { type Problem, problem } from '../problem.ts';

const linkedService = object({
  Name: optional(string(), 'The service outside the mesh, or * for all that are registered.'),
  CAFile: optional(string(), 'Path of the certificate authority that its certificate must come from.'),
  CertFile: optional(string(), 'Path of the certificate to show to it.'),
  KeyFile: optional(string(), 'Path of the key of that certificate.'),
  SNI: optional(string(), 'Name to ask for in the TLS handshake.'),
  DisableAutoHostRewrite: optional(bool(), 'Leave the Host header as it is.'),
});

const schema = object({ Services: nullable(list(linkedService), 'Services outside the mesh that it leads to.') });

export type TerminatingGateway = EntryBase & Decoded<typeof schema>;

export const terminatingGateway: EntryKind<TerminatingGateway> = {
  kind: 'terminating-gateway',
  schema,
  normalize: (entry) => canonicalEntry(entry, schema),
  validate,
  references: (entry) => {
    const names = (entry.Services ?? []).map((service) => service.Name ?? '');
    return [...new Set(names)].filter((name) => name !== '*').map((service) => ({ service }));
  },
  warnings: (entry) =>
    (entry.Services ?? [])
      .filter((service) => (service.CAFile || service.CertFile || service.KeyFile) && !service.SNI)
      .map(({ Name }) => {
        const service = JSON.stringify(Name);
        return `TLS is configured but SNI is not set for service ${service}. Enabling SNI is strongly recommended when using TLS.`;
      }),
};

function validate(entry: TerminatingGateway): Problem[] {
  const found = validateMeta(entry);
  const seen = new Set<string>();
  entry.Services?.forEach(({ Name: name = '', CAFile: ca, CertFile: certificate, KeyFile: key }, i) => {
    const path = `Services[${i}]`;
    const service = `Service ${JSON.stringify(name)}`;
    if (name === '') found.push(problem('alone', path, 'Service name cannot be blank.'));
    if (seen.has(name)) found.push(problem('alone', `${path}.Name`, `${service} was specified more than once within a namespace`));
    seen.add(name);
    if ((certificate || key) && !(ca && certificate && key)) {
      found.push(problem('alone', path, `${service} must have a CertFile, CAFile, and KeyFile specified for TLS origination`));
    }
  });
  return found;
}
