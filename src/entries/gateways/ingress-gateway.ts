import { type Decoded, int, list, object, optional, string, withDefault } from '../../schema/schema.ts';
import { canonicalEntry } from '../canonical.ts';
import { nullable } from '../fields.ts';
import { headerProblems } from '../header-modifiers.ts';
import type { EntryBase, EntryKind } from '../kind.ts';
import { validateMeta } from '../meta.ts';
import { caution, type Problem, problem } from '../problem.ts';
import { hasStrayWildcard, isDomainName } from './domain-name.ts';
import { validateSds } from './ingress-sds.ts';
import { type IngressService, ingressDefaults, ingressService } from './ingress-service.ts';
import { gatewayTls, validateGatewayTls } from './tls.ts';
import { ingressWarnings } from './unserved.ts';

const listener = object({
  Port: withDefault(int(), 0, 'Where callers from outside the mesh connect.'),
  Protocol: withDefault(string(), 'tcp', 'tcp, http, http2 or grpc: what its services speak.'),
  TLS: optional(gatewayTls, 'TLS of this listener.'),
  Services: nullable(list(ingressService), 'Services that it leads to; of tcp only one.'),
});

const schema = object({
  TLS: withDefault(gatewayTls, { Enabled: false }, 'TLS of all listeners.'),
  Listeners: nullable(list(listener), 'Ports, and what is behind them.'),
  Defaults: optional(ingressDefaults, 'Limits of all services.'),
});

export type IngressGateway = EntryBase & Decoded<typeof schema>;
export type IngressListener = NonNullable<IngressGateway['Listeners']>[number];

const HTTP_LIKE = ['http', 'http2', 'grpc'];

export const ingressGateway: EntryKind<IngressGateway> = {
  kind: 'ingress-gateway',
  schema,
  normalize: (entry) => {
    const listeners = entry.Listeners?.map((one) => ({ ...one, Protocol: (one.Protocol || 'tcp').toLowerCase() }));
    return canonicalEntry({ ...entry, ...(listeners ? { Listeners: listeners } : {}) }, schema);
  },
  validate,
  references: (entry) => {
    const names = (entry.Listeners ?? []).flatMap((one) => (one.Services ?? []).map((service) => service.Name));
    return [...new Set(names)].filter((name) => name !== '*').map((service) => ({ service }));
  },
  warnings: ingressWarnings,
};

function validate(entry: IngressGateway): Problem[] {
  const found = [...validateMeta(entry), ...validateGatewayTls(entry.TLS, 'TLS')];
  const ports = new Set<number>();
  entry.Listeners?.forEach((one, i) => {
    const path = `Listeners[${i}]`;
    if (ports.has(one.Port)) found.push(problem('alone', `${path}.Port`, `port ${one.Port} declared on two listeners`));
    ports.add(one.Port);
    found.push(...validateListener(entry, one, path));
  });
  return found;
}

function validateListener(entry: IngressGateway, one: IngressListener, path: string): Problem[] {
  const { Protocol: protocol, Port: port, Services: services = [] } = one;
  const where = `(listener on port ${port})`;
  if (protocol !== 'tcp' && !HTTP_LIKE.includes(protocol)) {
    const text = `protocol must be 'tcp', 'http', 'http2', or 'grpc'. '${protocol}' is an unsupported protocol`;
    return [problem('alone', `${path}.Protocol`, text)];
  }
  if (services.length === 0) return [problem('alone', path, `No service declared for listener with port ${port}`)];
  const found: Problem[] = [];
  if (protocol === 'tcp' && services.length > 1) {
    const text = `Multiple services per listener are only supported for L7 protocols, 'http', 'grpc' and 'http2' ${where}`;
    found.push(problem('alone', `${path}.Services`, text));
  }
  found.push(...validateGatewayTls(one.TLS, `${path}.TLS`));
  const [names, hosts] = [new Set<string>(), new Set<string>()];
  services.forEach((service, i) => {
    const at = `${path}.Services[${i}]`;
    const alone = (field: string, text: string): unknown => found.push(problem('alone', field === '' ? at : `${at}.${field}`, text));
    for (const [field, text] of serviceProblems(one, service)) alone(field, text);
    if (names.has(service.Name)) alone('Name', `Service ${service.Name} cannot be added multiple times ${where}`);
    names.add(service.Name);
    for (const [field, text] of validateSds(entry, one, service)) alone(field, text);
    for (const field of ['RequestHeaders', 'ResponseHeaders'] as const) {
      for (const { text, allowed } of headerProblems(service[field])) {
        const whole = `${field}.${text} (service ${JSON.stringify(service.Name)} on listener on port ${port})`;
        found.push(allowed ? caution(`${at}.${field}`, whole) : problem('alone', `${at}.${field}`, whole));
      }
    }
    service.Hosts?.forEach((host, j) => {
      if (hosts.has(host)) alone(`Hosts[${j}]`, `Hosts must be unique within a specific listener ${where}`);
      hosts.add(host);
      const text = hostProblem(host, entry.TLS.Enabled);
      if (text !== undefined) alone(`Hosts[${j}]`, text);
    });
  });
  return found;
}

function serviceProblems({ Protocol: protocol, Port: port }: IngressListener, service: IngressService): [field: string, text: string][] {
  const wrong: [string, string][] = [];
  const where = `(listener on port ${port})`;
  for (const [field, name] of [
    ['RequestHeaders', 'request'],
    ['ResponseHeaders', 'response'],
  ] as const) {
    if (protocol !== 'tcp' || Object.keys(service[field] ?? {}).length === 0) continue;
    const of = `(service ${JSON.stringify(service.Name)} on listener on port ${port})`;
    wrong.push([field, `${name} headers only valid for http, http2 and grpc protocols ${of}`]);
  }
  const hosts = service.Hosts ?? [];
  if (protocol === 'tcp' && service.Name === '*')
    wrong.push(['Name', `Wildcard service name is only valid for protocol = 'http' ${where}`]);
  if (protocol === 'tcp' && hosts.length > 0) {
    wrong.push(['Hosts', `Associating hosts to a service is not supported for the ${protocol} protocol ${where}`]);
  }
  if (service.Name === '') wrong.push(['Name', `Service name cannot be blank ${where}`]);
  if (service.Name === '*' && hosts.length > 0) {
    wrong.push(['Hosts', `Associating hosts to a wildcard service is not supported ${where}`]);
  }
  return wrong;
}

function hostProblem(host: string, tls: boolean): string | undefined {
  const quoted = JSON.stringify(host);
  if (host === '*') {
    return tls ? "Host '*' is not allowed when TLS is enabled, all hosts must be valid DNS records to add as a DNSSAN" : undefined;
  }
  if (!isDomainName(host)) return `Host ${quoted} must be a valid DNS hostname`;
  if (hasStrayWildcard(host)) return `Host ${quoted} is not valid, a wildcard specifier is only allowed as the leftmost label`;
  return undefined;
}
