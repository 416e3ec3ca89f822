import { isIP } from 'node:net';
import { messageOf, systemCode } from '../../base/errors.ts';
import { hostPort } from '../../base/host-port.ts';
import type { AgentAddress } from './address.ts';

/** Errno names in the words of Go's syscall package. */
const ERRNO: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'cannot assign requested address',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EHOSTUNREACH: 'no route to host',
  EISDIR: 'is a directory',
  ENETUNREACH: 'network is unreachable',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  ENOTSOCK: 'socket operation on non-socket',
  EPERM: 'operation not permitted',
  EPIPE: 'broken pipe',
  ETIMEDOUT: 'connection timed out',
};

export function goErrno(code: string): string | undefined {
  return ERRNO[code];
}

/** Why there was no answer, as Go says it: `dial tcp 127.0.0.1:1: connect: connection refused`. */
export function goNetworkError(error: unknown, address: AgentAddress): string {
  // Node tries every address of a name and reports them together; Go reports one.
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const code = systemCode(cause) ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${hostOf(address.authority)}: no such host`;
  if (code === 'ECONNRESET' && messageOf(cause) === 'socket hang up') return 'EOF';
  const text = ERRNO[code];
  if (text !== undefined && syscallOf(cause) === 'connect') {
    const where = address.socketPath === undefined ? `tcp ${peerOf(cause) ?? address.authority}` : `unix ${address.socketPath}`;
    return `dial ${where}: connect: ${text}`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `tls: failed to verify certificate: x509: ${wrongName(cause)}`;
  // OpenSSL's names of alerts, in Go's words.
  const alert = /^ERR_SSL_TLSV1\d?_(?:ALERT_)?|^ERR_SSL_SSLV3_ALERT_/.exec(code);
  if (alert) return `remote error: tls: ${code.slice(alert[0].length).toLowerCase().replaceAll('_', ' ')}`;
  if (CERTIFICATE_CODES.has(code)) return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  return text ?? messageOf(cause);
}

/** Of a certificate for other names. */
function wrongName(error: unknown): string {
  const { host, cert } = error as { readonly host?: string; readonly cert?: { readonly subjectaltname?: string } };
  const names = (cert?.subjectaltname ?? '').split(', ');
  const of = (kind: string): string[] => names.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length));
  const isAddress = isIP(host ?? '') !== 0;
  const valid = of(isAddress ? 'IP Address:' : 'DNS:');
  if (valid.length > 0) return `certificate is valid for ${valid.join(', ')}, not ${host}`;
  if (isAddress) return `cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  return `certificate is not valid for any names, but wanted to match ${host}`;
}

const CERTIFICATE_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function peerOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('address' in error) || !('port' in error)) return undefined;
  return hostPort(String(error.address), String(error.port));
}

const syscallOf = (error: unknown): string | undefined =>
  error instanceof Error && 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : undefined;

const hostOf = (authority: string): string => authority.replace(/\/.*$/, '').replace(/:\d+$/, '');
