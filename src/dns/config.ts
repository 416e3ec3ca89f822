import type { Soa } from './message.ts';

/** Consul's dns_config, as far as an agent that is alone has a use for it. */
export interface DnsConfig {
  /** Without a dot at the end. */
  readonly domain: string;
  readonly altDomain: string | undefined;
  /** Seconds. */
  readonly nodeTtl: number;
  /** Seconds by service name; a name may end in `*`. */
  readonly serviceTtl: Readonly<Record<string, number>>;
  readonly onlyPassing: boolean;
  /** Says so (TC) when an answer over UDP was cut. */
  readonly enableTruncate: boolean;
  /** Most answers over UDP for a client that doesn't say how much it takes. */
  readonly udpAnswerLimit: number;
  /** Most addresses in any answer; 0: all. */
  readonly aRecordLimit: number;
  readonly disableCompression: boolean;
  /** Metadata of nodes as TXT records beside other answers. */
  readonly nodeMetaTxt: boolean;
  readonly soa: Pick<Soa, 'refresh' | 'retry' | 'expire' | 'minimum'>;
}

/** Consul's defaults. */
export const DNS_DEFAULTS: DnsConfig = {
  domain: 'consul',
  altDomain: undefined,
  nodeTtl: 0,
  serviceTtl: {},
  onlyPassing: false,
  enableTruncate: false,
  udpAnswerLimit: 3,
  aRecordLimit: 0,
  disableCompression: false,
  nodeMetaTxt: true,
  soa: { refresh: 3600, retry: 600, expire: 86_400, minimum: 0 },
};

/** Seconds that answers about a service may be kept: its own name, then the longest beginning that fits. */
export function serviceTtl({ serviceTtl: ttls }: DnsConfig, service: string): number {
  const name = service.toLowerCase();
  const known = new Map(Object.entries(ttls).map(([key, ttl]) => [key.toLowerCase(), ttl]));
  const exact = known.get(name);
  if (exact !== undefined) return exact;
  const beginnings = [...known.keys()].filter((key) => key.endsWith('*') && name.startsWith(key.slice(0, -1)));
  const longest = beginnings.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? 0 : known.get(longest)!;
}
