import { isIpv4 } from '../../base/ipv4.ts';
import { isListenVariable } from '../../base/listen-ports.ts';

/**
 * Rewriting of what a workload reads, so that a program written for a container network works on loopback addresses.
 * Pure. Four kinds of text change, nothing else:
 *   0.0.0.0:9090, [::]:9090   listen addresses           -> the instance's own reachable address
 *   127.0.0.1:9091, localhost:9091   its own ports and its sidecar's upstream ports -> the same
 *   10.5.0.110[:9090]         virtual addresses in use   -> where they are reachable
 *   payments.container.shipyard.run[:9090]  their names  -> the same
 * and paths of volumes (`/config/x.hcl`) become host paths.
 */
export interface RewriteContext {
  /** The instance's own virtual address. */
  readonly self: string;
  /** Ports that mean the instance itself when written with localhost: its own and its sidecar's. */
  readonly localPorts: ReadonlySet<number>;
  /** Where a virtual endpoint is reachable; undefined for an address that is not ours. Without a port the answer's port is ignored. */
  reach(address: string, port: number | undefined): { address: string; port: number } | undefined;
  /** Virtual address behind a name. */
  resolve(name: string): string | undefined;
  readonly mounts: readonly { readonly destination: string; readonly path: string }[];
}

const HOST = /(?<![\w.-])(\[::\]|localhost|\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z0-9](?:[\w-]*\.)+[A-Za-z]+)(?::(\d{1,5}))?(?![\w-]|\.\w)/g;

export function rewriteText(text: string, context: RewriteContext): string {
  return rewritePaths(rewriteHosts(text, context), context.mounts);
}

function rewriteHosts(text: string, context: RewriteContext): string {
  return text.replace(HOST, (whole: string, host: string, portText: string | undefined) => {
    const port = portText === undefined ? undefined : Number(portText);
    if (port !== undefined && port > 65535) return whole;
    const virtual = virtualAddressOf(host, port, context);
    const reachable = virtual === undefined ? undefined : context.reach(virtual, port);
    if (!reachable) return whole;
    return port === undefined ? reachable.address : `${reachable.address}:${reachable.port}`;
  });
}

function virtualAddressOf(host: string, port: number | undefined, context: RewriteContext): string | undefined {
  if (host === '0.0.0.0' || host === '[::]') return port === undefined ? undefined : context.self;
  if (host === 'localhost' || host === '127.0.0.1') return port !== undefined && context.localPorts.has(port) ? context.self : undefined;
  return isIpv4(host) ? host : context.resolve(host);
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
