import { messageOf, systemCode } from '../../base/errors.ts';
import { hostPort } from '../../base/host-port.ts';

const UNKNOWN_AUTHORITY = 'x509: certificate signed by unknown authority';

/** What Go's net package says where Node has an error code: outputs of checks are read by people who know Consul's. */
export function dialError(error: unknown, host: string, port: number): string {
  const address = hostPort(host, port);
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: `dial tcp ${address}: connect: connection refused`,
    EHOSTUNREACH: `dial tcp ${address}: connect: no route to host`,
    ENETUNREACH: `dial tcp ${address}: connect: network is unreachable`,
    ETIMEDOUT: `dial tcp ${address}: i/o timeout`,
    ENOTFOUND: `dial tcp: lookup ${host}: no such host`,
    EAI_AGAIN: `dial tcp: lookup ${host}: no such host`,
    ECONNRESET: `read tcp ${address}: connection reset by peer`,
    EPIPE: `read tcp ${address}: connection reset by peer`,
    DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
    SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
    CERT_HAS_EXPIRED: 'x509: certificate has expired or is not yet valid',
  };
  return words[systemCode(error) ?? ''] ?? messageOf(error);
}

/** `[::1]:80` and `localhost:80`, which is all that a check may name. */
export function splitHostPort(address: string): { readonly host: string; readonly port: number } | string {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d+)$/.exec(address);
  if (!match)
    return address.includes(':') ? `address ${address}: too many colons in address` : `address ${address}: missing port in address`;
  const port = Number(match[3]);
  return port > 65_535 ? `address ${port}: invalid port` : { host: match[1] ?? match[2] ?? '', port };
}
