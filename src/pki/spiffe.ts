/** Names of services as SPIFFE URIs: `spiffe://<trust domain>/ns/default/dc/dc1/svc/web`. */

export interface SpiffeId {
  /** Host of the URI, lower case: `<cluster uuid>.consul`. */
  readonly trustDomain: string;
  /** `default`, except in Consul Enterprise. */
  readonly namespace: string;
  readonly datacenter: string;
  /** Case as registered. */
  readonly service: string;
}

/** `uri` is canonical: two ids are the same service exactly when their `uri` is the same string. */
export type SpiffeResult = { ok: true; id: SpiffeId; uri: string } | { ok: false; error: string };

const WRONG_SCHEME = "SPIFFE ID must have 'spiffe' scheme";
const WRONG_FORMAT = 'SPIFFE ID is not in the expected format';

/** The id of a service of the default namespace. */
export function serviceIdentity(trustDomain: string, datacenter: string, service: string): string {
  return formatSpiffeId({ trustDomain, namespace: 'default', datacenter, service });
}

/** The id of a CA, which its root certificate carries. */
export function trustDomainIdentity(trustDomain: string): string {
  return `spiffe://${trustDomain.toLowerCase()}`;
}

export function formatSpiffeId(id: SpiffeId): string {
  const { namespace, datacenter, service } = id;
  return `${trustDomainIdentity(id.trustDomain)}/ns/${escapePart(namespace)}/dc/${escapePart(datacenter)}/svc/${escapePart(service)}`;
}

/**
 * Reads the id of a service; fails, in Consul's words, on everything else, ids of CAs and agents included.
 * Escapes aside it must be printable ASCII. No URL parser: those resolve `..`, and an identity must mean only what it says.
 */
export function parseSpiffeId(uri: string): SpiffeResult {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1];
  if (scheme?.toLowerCase() !== 'spiffe') return { ok: false, error: WRONG_SCHEME };
  const match = /^[^:]+:\/\/([A-Za-z0-9._-]+)\/ns\/([^/?#]+)\/dc\/([^/?#]+)\/svc\/([^/?#]+)$/.exec(uri);
  if (!match || !/^[\x21-\x7e]+$/.test(uri)) return { ok: false, error: WRONG_FORMAT };
  const [namespace, datacenter, service] = match.slice(2).map(unescapePart);
  if (namespace === undefined || datacenter === undefined || service === undefined) return { ok: false, error: WRONG_FORMAT };
  const id = { trustDomain: match[1]!.toLowerCase(), namespace, datacenter, service };
  return { ok: true, id, uri: formatSpiffeId(id) };
}

/** Everything of Consul that has a certificate, beside services. */
export type Identity =
  | ({ readonly kind: 'service' } & SpiffeId)
  /** A client agent; `id` is its node id. */
  | { readonly kind: 'agent'; readonly trustDomain: string; readonly datacenter: string; readonly id: string }
  | { readonly kind: 'mesh-gateway' | 'server'; readonly trustDomain: string; readonly datacenter: string }
  /** The CA of a trust domain. */
  | { readonly kind: 'ca'; readonly trustDomain: string };

export type IdentityResult = { ok: true; identity: Identity; uri: string } | { ok: false; error: string };

/** Reads the id of anything that has one; as strict as `parseSpiffeId`. */
export function parseIdentity(uri: string): IdentityResult {
  const service = parseSpiffeId(uri);
  if (service.ok) return { ok: true, identity: { kind: 'service', ...service.id }, uri: service.uri };
  const match = /^[A-Za-z]+:\/\/([A-Za-z0-9._-]+)(\/[^?#]*)?$/.exec(uri);
  if (service.error === WRONG_SCHEME || !match || !/^[\x21-\x7e]+$/.test(uri)) return service;
  const trustDomain = match[1]!.toLowerCase();
  const path = match[2] ?? '';
  const identity = path === '' ? ({ kind: 'ca', trustDomain } as const) : otherIdentity(trustDomain, path);
  return identity ? { ok: true, identity, uri: formatIdentity(identity) } : service;
}

function otherIdentity(trustDomain: string, path: string): Identity | undefined {
  const [kind, prefix] = path.startsWith('/agent/server/dc/')
    ? (['server', '/agent/server/dc/'] as const)
    : path.startsWith('/gateway/mesh/dc/')
      ? (['mesh-gateway', '/gateway/mesh/dc/'] as const)
      : (['agent', '/agent/client/dc/'] as const);
  if (!path.startsWith(prefix)) return undefined;
  const parts = path.slice(prefix.length).split('/');
  const [datacenter, word, id] = parts.map(unescapePart);
  if (!datacenter) return undefined;
  if (kind !== 'agent') return parts.length === 1 ? { kind, trustDomain, datacenter } : undefined;
  return parts.length === 3 && word === 'id' && id ? { kind, trustDomain, datacenter, id } : undefined;
}

export function formatIdentity(identity: Identity): string {
  const domain = trustDomainIdentity(identity.trustDomain);
  switch (identity.kind) {
    case 'service':
      return formatSpiffeId(identity);
    case 'agent':
      return `${domain}/agent/client/dc/${escapePart(identity.datacenter)}/id/${escapePart(identity.id)}`;
    case 'mesh-gateway':
      return `${domain}/gateway/mesh/dc/${escapePart(identity.datacenter)}`;
    case 'server':
      return `${domain}/agent/server/dc/${escapePart(identity.datacenter)}`;
    case 'ca':
      return domain;
  }
}

/** Escapes by UTF-8 byte, so that any service name gives one printable path segment. */
function escapePart(part: string): string {
  if (part === '') throw new RangeError('a part of a SPIFFE ID is empty');
  return part.replace(/[^A-Za-z0-9._~-]+/g, (run) =>
    Array.from(Buffer.from(run, 'utf8'), (octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

function unescapePart(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
