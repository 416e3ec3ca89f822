import { bool, type Decoded, int, list, object, optional, string, withDefault } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import { limits, nullable, pointer } from '../fields.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { validateMeta } from '../meta.ts';
import { jwt, validateJwt } from '../permissions.ts';
import { type Problem, problem } from '../problem.ts';
import { tlsProblem } from '../tls-parameters.ts';
import { hasStrayWildcard } from './domain-name.ts';
import { reference, status, withKind } from './reference.ts';
import { gatewayTls, sds } from './tls.ts';
import { apiWarnings } from './unserved.ts';

const tls = object({
  Certificates: nullable(list(reference), 'Entries of kind inline-certificate or file-system-certificate.'),
  SDS: optional(sds, 'Certificates of a server of secrets.'),
  MaxVersion: withDefault(string(), '', 'Newest version of TLS.'),
  MinVersion: withDefault(string(), '', 'Oldest version of TLS.'),
  CipherSuites: nullable(list(string()), 'Cipher suites, for TLS 1.2 and older.'),
});

/** Consul has this in its enterprise edition alone. */
const policy = object({ JWT: optional(jwt, 'Tokens that requests must carry. Consul: Enterprise.') });

const listener = object({
  Name: withDefault(string(), '', 'What routes call it.'),
  Hostname: withDefault(string(), '', 'The Host that it answers for; empty: any.'),
  Port: withDefault(int(), 0, 'Where callers from outside the mesh connect.'),
  Protocol: withDefault(string(), '', 'http or tcp.'),
  TLS: withDefault(tls, { MaxVersion: '', MinVersion: '' }, 'How it speaks TLS; without certificates it does not.'),
  Override: optional(policy, 'What holds for all routes, whatever they say.'),
  Default: optional(policy, 'What holds for routes that say nothing.'),
  MaxRequestHeadersKB: pointer(int(), 'Largest headers of a request, in KiB.'),
});

/** What Consul has had since 1.22 is optional, so that it is printed to those alone who write it: its Go client always writes TLS. */
const schema = object({
  TLS: optional(gatewayTls, 'TLS of all listeners.'),
  Defaults: optional(limits, 'Limits towards every service.'),
  ExtAuthz: optional(
    object({ Enabled: withDefault(bool(), false, 'Ask for every request.') }),
    'External authorization, of routes that say nothing.',
  ),
  Listeners: nullable(list(listener), 'Ports that routes are bound to.'),
  Status: withDefault(status, {}, 'Computed: whether the gateway and its listeners are fit for use.'),
});

export type ApiGateway = EntryBase & Decoded<typeof schema>;
export type ApiListener = NonNullable<ApiGateway['Listeners']>[number];

const CERTIFICATES = ['inline-certificate', 'file-system-certificate'];

export const apiGateway: EntryKind<ApiGateway> = {
  kind: 'api-gateway',
  schema,
  normalize: (entry) => {
    const listeners = entry.Listeners?.map((one) => {
      const certificates = withKind(one.TLS?.Certificates, 'inline-certificate');
      const TLS = { ...one.TLS, ...(certificates ? { Certificates: certificates } : {}) };
      return { ...one, Protocol: (one.Protocol ?? '').toLowerCase(), TLS };
    });
    return canonicalEntry({ ...entry, Status: {}, ...(listeners ? { Listeners: listeners } : {}) }, schema);
  },
  validate: (entry) => {
    const listeners = entry.Listeners ?? [];
    if (listeners.length === 0) {
      return [...validateMeta(entry), problem('alone', 'Listeners', 'api gateway must have at least one listener')];
    }
    return [...validateMeta(entry), ...nameProblems(listeners), ...mergeProblems(listeners), ...listeners.flatMap(validateListener)];
  },
  references: () => [],
  warnings: apiWarnings,
};

const LISTENER_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function nameProblems(listeners: readonly ApiListener[]): Problem[] {
  const seen = new Set<string>();
  return listeners.flatMap(({ Name }, i) => {
    const alone = (text: string): Problem[] => [problem('alone', `Listeners[${i}].Name`, text)];
    const name = JSON.stringify(Name);
    if (!LISTENER_NAME.test(Name)) {
      return alone(`listener name ${name} is invalid, must be at least 1 character and contain only letters, numbers, or dashes`);
    }
    if (seen.has(Name)) return alone(`found multiple listeners with the name ${name}`);
    seen.add(Name);
    return [];
  });
}

/** Two listeners may share a port if one could stand for the other. */
function mergeProblems(listeners: readonly ApiListener[]): Problem[] {
  const byPort = new Map<number, ApiListener>();
  return listeners.flatMap((one, i) => {
    const other = byPort.get(one.Port);
    byPort.set(one.Port, one);
    if (!other || (other.Hostname === one.Hostname && other.Protocol === one.Protocol)) return [];
    const text = `listeners ${JSON.stringify(other.Name)} and ${JSON.stringify(one.Name)} cannot be merged`;
    return [problem('alone', `Listeners[${i}]`, text)];
  });
}

function validateListener(one: ApiListener, i: number): Problem[] {
  const found: Problem[] = [];
  const alone = (field: string, text: string): unknown => found.push(problem('alone', `Listeners[${i}].${field}`, text));
  const { Protocol: protocol, Hostname: host, Port: port, TLS: offered } = one;
  if (protocol !== 'http' && protocol !== 'tcp') {
    alone('Protocol', `unsupported listener protocol ${JSON.stringify(protocol)}, must be one of 'tcp', or 'http'`);
  }
  if (protocol === 'tcp' && host !== '') alone('Hostname', 'hostname specification is not supported when using TCP');
  if (port <= 0 || port > 65535) alone('Port', `listener port ${port} not in the range 1-65535`);
  if (hasStrayWildcard(host)) {
    alone('Hostname', `host ${JSON.stringify(host)} is not valid, a wildcard specifier is only allowed as the left-most label`);
  }
  found.push(
    ...validateJwt(one.Override?.JWT, `Listeners[${i}].Override.JWT`),
    ...validateJwt(one.Default?.JWT, `Listeners[${i}].Default.JWT`),
  );
  if (protocol === 'tcp' && (one.Override?.JWT || one.Default?.JWT)) {
    found.push(
      problem('alone', `Listeners[${i}]`, `listener ${JSON.stringify(one.Name)} has protocol tcp: tokens are seen in requests only`),
    );
  }
  offered.Certificates?.forEach((certificate, j) => {
    const at = `TLS.Certificates[${j}]`;
    if (!CERTIFICATES.includes(certificate.Kind)) {
      alone(`${at}.Kind`, `unsupported certificate kind: ${JSON.stringify(certificate.Kind)}, must be 'inline-certificate'`);
    }
    if (certificate.Name === '') alone(at, 'certificate reference must have a name');
  });
  const wrong = tlsProblem(offered.MinVersion, offered.MaxVersion, offered.CipherSuites);
  if (wrong) alone(`TLS.${{ min: 'MinVersion', max: 'MaxVersion', suites: 'CipherSuites' }[wrong.field]}`, wrong.text);
  return found;
}
