import type { Io } from '../io.ts';
import type { FlagValues } from './flags.ts';

/** Where an agent answers. */
export interface AgentAddress {
  readonly scheme: 'http' | 'https';
  /** As it stands in a URL: `127.0.0.1:8500`, `[::1]:8500`, with the path prefix if the user gave one. */
  readonly authority: string;
  readonly socketPath?: string;
}

/** Consul's own default, which an agent of ours takes too when it is free. */
const DEFAULT_ADDRESS = '127.0.0.1:8500';

/** Flag, then CONSUL_HTTP_ADDR, then the record that the agent of this home left, then Consul's default. Throws an Error in Consul's words. */
export function resolveAddress(flags: FlagValues, io: Io): AgentAddress {
  const given = flags.string('http-addr') || io.env['CONSUL_HTTP_ADDR'] || io.agentHttpAddress() || DEFAULT_ADDRESS;
  const secure = /^(1|t|true)$/i.test(io.env['CONSUL_HTTP_SSL'] ?? '');
  const mark = given.indexOf('://');
  if (mark === -1) return { scheme: secure ? 'https' : 'http', authority: trimSlash(given) };
  const scheme = given.slice(0, mark);
  const rest = given.slice(mark + 3);
  if (scheme === 'unix') return { scheme: secure ? 'https' : 'http', authority: 'localhost', socketPath: rest };
  if (scheme !== 'http' && scheme !== 'https') throw new Error(`Unknown protocol scheme: ${scheme}`);
  return { scheme: secure ? 'https' : scheme, authority: trimSlash(rest) };
}

/** Whether both mean the same listener of this machine. */
export function sameAgent(address: AgentAddress, record: string | undefined): boolean {
  if (record === undefined || address.socketPath !== undefined) return false;
  const plain = (text: string): string => text.replace(/^http:\/\//, '').replace(/^localhost(?=:|$)/, '127.0.0.1');
  return plain(address.authority) === plain(trimSlash(record));
}

const trimSlash = (text: string): string => text.replace(/\/+$/, '');
