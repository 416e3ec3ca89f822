import { isIP } from 'node:net';

/** The headers of a request that tell a browser's page from a program. */
export interface Provenance {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
}

/** What a user lets in beside the agent's own addresses. */
export interface Openings {
  /** Names that may stand in Host: `consul.internal`, `*.internal` for all below it, `*` for any. */
  readonly hosts?: readonly string[];
  /** Web pages of other sites that may send requests: `https://dashboard.internal`. */
  readonly origins?: readonly string[];
}

/** Where the listener is. */
export interface Door {
  readonly boundAddress: string;
  readonly scheme: 'http' | 'https';
}

/**
 * Why a request must be refused, or undefined. The API has no password, so a web page that the user happens to visit must
 * not reach it: not through a name that was re-bound to 127.0.0.1 (then Host is that name), and not by a request that the
 * browser marks as another site's. Programs send neither Origin nor Sec-Fetch-Site.
 */
export function refusal(request: Provenance, door: Door, openings: Openings = {}): string | undefined {
  const { host, origin, secFetchSite } = request;
  if (host !== undefined && !isOwnHost(host, door.boundAddress) && !isOpenHost(host, openings.hosts ?? [])) {
    return `host ${JSON.stringify(host)} is not an address of this agent; use localhost or ${door.boundAddress}`;
  }
  if (isOpenOrigin(origin, openings)) return undefined;
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin' && secFetchSite !== 'none') {
    return 'requests from other web sites are refused';
  }
  if (origin !== undefined && origin.toLowerCase() !== `${door.scheme}://${host ?? ''}`.toLowerCase()) {
    return `requests from the web page ${origin} are refused`;
  }
  return undefined;
}

/** Whether the user lets web pages of another site in. */
export function isOpenOrigin(origin: string | undefined, openings: Openings = {}): boolean {
  return origin !== undefined && (openings.origins ?? []).some((open) => open.toLowerCase() === origin.toLowerCase());
}

function isOwnHost(host: string, boundAddress: string): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  if (name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))) return true;
  // Bound to every interface: any of the machine's addresses is right. A re-bound DNS name is never an IP literal.
  return name === boundAddress.toLowerCase() || (isWildcard(boundAddress) && isIP(name) !== 0);
}

function isOpenHost(host: string, open: readonly string[]): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  return open.some((allowed) => {
    const pattern = allowed.toLowerCase();
    return pattern === '*' || pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)));
  });
}

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** The name in a Host header, without port and brackets, or undefined if it is malformed. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
