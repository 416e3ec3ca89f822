import { isIpv4 } from '../../base/ipv4.ts';
import { isListenVariable } from '../../base/listen-ports.ts';

/**
 * Rewriting of what a workload reads, so that a program written for a container network works on loopback addresses.
 * Pure. Four kinds of text change, nothing else:
 *   0.0.0.0:9090, [::]:9090   listen addresses           -> the instance's own reachable address
 *   127.0.0.1:9091, localhost:9091   its own ports and its sidecar's upstream ports -> the same
 *   10.5.0.110[:9090]         virtual addresses in use   -> where they are reachable
 *   payments.container.shipyard.run[:9090]  their names  -> the same
 *   http://payments[:9090], payments:9090   short names, only as hosts of a URL or before a port
 * and paths of volumes (`/config/x.hcl`) become host paths.
 */
export interface RewriteContext {
  /** The instance's own virtual address. */
  readonly self: string;
  /** Ports that mean the instance itself when written with localhost: its own and its sidecar's. */
  readonly localPorts: ReadonlySet<number>;
  /** Where a virtual endpoint is reachable; undefined for an address that is not ours. Without a port the answer's port is ignored. */
  reach(address: string, port: number | undefined): { address: string; port: number } | undefined;
  /** Virtual address behind a name; one that is not ours stands for itself. */
  resolve(name: string): string | undefined;
  readonly mounts: readonly { readonly destination: string; readonly path: string }[];
}

const HOST =
  /(?<![\w.-])(\[::\]|localhost|\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z0-9](?:[\w-]*\.)+[A-Za-z]+|[A-Za-z0-9][\w-]*)(?::(\d{1,5}))?(?![\w-]|\.\w)/g;

export function rewriteText(text: string, context: RewriteContext): string {
  return rewritePaths(rewriteHosts(text, context), context.mounts);
}

function rewriteHosts(text: string, context: RewriteContext): string {
  return text.replace(HOST, (whole: string, host: string, portText: string | undefined, offset: number) => {
    const written = portText === undefined ? undefined : Number(portText);
    if (written !== undefined && written > 65535) return whole;
    if (isShort(host) && !isHostPosition(text, offset, written)) return whole;
    const port = written ?? defaultPort(text, offset);
    const isListenAddress = host === '0.0.0.0' || host === '[::]';
    if (isListenAddress && written === undefined) return whole;
    const virtual = isListenAddress ? context.self : virtualAddressOf(host, port, context);
    const reachable = virtual === undefined ? undefined : (context.reach(virtual, port) ?? literal(virtual, host, port));
    if (!reachable) return whole;
    return written === undefined && reachable.port === (port ?? reachable.port)
      ? reachable.address
      : `${reachable.address}:${reachable.port}`;
  });
}

function virtualAddressOf(host: string, port: number | undefined, context: RewriteContext): string | undefined {
  const address = isIpv4(host) || host === 'localhost' ? host : context.resolve(host);
  if (address !== 'localhost' && address !== '127.0.0.1') return address;
  return port !== undefined && context.localPorts.has(port) ? context.self : address === host ? undefined : address;
}

/** What a name stands for outside of the blueprint. */
const literal = (address: string, host: string, port: number | undefined) => (address === host ? undefined : { address, port: port ?? 0 });

/** Any word could be a name without dots. */
const isShort = (host: string): boolean => /^[A-Za-z0-9][\w-]*$/.test(host) && host !== 'localhost';

/** These look back from a position: a long script is not read again for each of its words. */
const IN_URL = /(?<=(https?)?:\/\/(?:[^\s/@]*@)?)/y;
const BEGINS_WORD = /(?<=^|[\s,;=@|("'[])/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const isHostPosition = (text: string, at: number, port: number | undefined): boolean =>
  matchAt(IN_URL, text, at) !== null || (port !== undefined && matchAt(BEGINS_WORD, text, at) !== null);

/** The port that a URL means when it names none. */
function defaultPort(text: string, at: number): number | undefined {
  const scheme = matchAt(IN_URL, text, at)?.[1];
  return scheme === undefined ? undefined : scheme === 'http' ? 80 : 443;
}

function rewritePaths(text: string, mounts: RewriteContext['mounts']): string {
  const paths = new Map(mounts.map((mount) => [mount.destination.replace(/\/+$/, ''), mount.path]));
  paths.delete('');
  if (paths.size === 0) return text;
  // Longest first, so that a mount inside another mount wins; all at once, so that no host path is taken for a mount.
  const destinations = [...paths.keys()].toSorted((a, b) => b.length - a.length).map(escapeRegExp);
  const pattern = new RegExp(`(?<![\\w/.-])(?:${destinations.join('|')})(?![\\w.-])`, 'g');
  return text.replace(pattern, (destination) => paths.get(destination)!);
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `:9090` as a whole value is a listen address too, in Go's notation. */
export function rewriteEnv(env: Readonly<Record<string, string>>, context: RewriteContext): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const listen = /^:\d{1,5}$/.test(value) && isListenVariable(name) ? `0.0.0.0${value}` : value;
    const rewritten = rewriteText(listen, context);
    result[name] = rewritten;
    if (rewritten !== value) result[`MESH_ORIGINAL_${name}`] = value;
  }
  return result;
}
