import { addressBytes } from '../base/ip-address.ts';
import { formatAddress } from './address.ts';

/** What a name below the domain asks for (Consul's grammar of names). */
export type Lookup = { readonly dc: string | undefined } & (
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'service'; readonly service: string; readonly tag: string }
  | { readonly kind: 'connect' | 'virtual' | 'ingress'; readonly service: string }
  | { readonly kind: 'query'; readonly query: string }
  | { readonly kind: 'addr'; readonly address: string }
);

const KINDS = ['service', 'connect', 'virtual', 'ingress', 'node', 'query', 'addr'] as const;
type Kind = (typeof KINDS)[number];

/** `web.service.consul` in the domain `consul` is `web.service`, in any case; undefined when it is of another domain. */
export function below(name: string, domain: string): string | undefined {
  const [lower, suffix] = [name.toLowerCase(), domain.toLowerCase()];
  if (lower === suffix) return '';
  return lower.endsWith(`.${suffix}`) ? name.slice(0, -suffix.length - 1) : undefined;
}

/** Reads what stands before the domain. Undefined: no such name can exist. */
export function parseLookup(name: string): Lookup | undefined {
  const labels = name.split('.');
  // The last word of a kind counts: a node may be called `service`.
  const at = labels.findLastIndex((label) => (KINDS as readonly string[]).includes(label.toLowerCase()));
  if (at < 1) return undefined;
  const place = parsePlace(labels.slice(at + 1));
  if (!place) return undefined;
  return subject(labels[at]!.toLowerCase() as Kind, labels.slice(0, at), place);
}

function subject(kind: Kind, parts: readonly string[], place: { dc: string | undefined }): Lookup | undefined {
  const last = parts.at(-1)!;
  const rfc2782 = parts.length === 2 && parts.every((part) => part.startsWith('_') && part.length > 1);
  switch (kind) {
    case 'node':
      return { kind, ...place, node: parts.join('.') };
    case 'service': {
      if (!rfc2782) return { kind, ...place, service: last, tag: parts.slice(0, -1).join('.') };
      const tag = last.slice(1);
      return { kind, ...place, service: parts[0]!.slice(1), tag: tag.toLowerCase() === 'tcp' ? '' : tag };
    }
    case 'query':
      return { kind, ...place, query: rfc2782 && last.toLowerCase() === '_tcp' ? parts[0]!.slice(1) : parts.join('.') };
    case 'addr': {
      const bytes = /^([0-9a-f]{8}|[0-9a-f]{32})$/i.test(parts[0]!) ? Buffer.from(parts[0]!, 'hex') : undefined;
      return bytes && { kind, ...place, address: formatAddress(bytes) };
    }
    case 'connect':
    case 'virtual':
    case 'ingress':
      return { kind, ...place, service: last };
  }
}

/** `dc1`, `dc1.dc`, and the namespace and partition of the open-source Consul, which are always `default`. */
function parsePlace(labels: readonly string[]): { dc: string | undefined } | undefined {
  if (labels.length === 0) return { dc: undefined };
  if (labels.length === 1) return { dc: labels[0] };
  if (labels.length % 2 !== 0) return undefined;
  let dc: string | undefined;
  for (let i = 0; i < labels.length; i += 2) {
    const [value, what] = [labels[i]!, labels[i + 1]!.toLowerCase()];
    if (what === 'dc') dc = value;
    else if (!((what === 'ns' || what === 'ap') && value.toLowerCase() === 'default')) return undefined;
  }
  return { dc };
}

/** The label that stands for an address: `0a010101`. Undefined when it is a host name. */
export function addressLabel(address: string): string | undefined {
  return addressBytes(address)?.toString('hex');
}
