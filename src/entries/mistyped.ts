import { didYouMean } from '../base/suggest.ts';
import { caution, type Problem } from './problem.ts';

/** Those that a proxy knows. */
export const PROTOCOLS = ['tcp', 'http', 'http2', 'grpc'];
const GATEWAY_MODES = ['none', 'local', 'remote'];

/** Consul takes any word, and treats those that no proxy knows as tcp. */
export function cautionProtocol(path: string, protocol: unknown): Problem[] {
  if (typeof protocol !== 'string' || protocol === '' || PROTOCOLS.includes(protocol.toLowerCase())) return [];
  const detail = `expected one of: ${PROTOCOLS.join(', ')}`;
  return [caution(path, `protocol ${JSON.stringify(protocol)} is treated as tcp`, { detail, ...didYouMean(protocol, PROTOCOLS) })];
}

/** Consul takes any word here as well. */
export function cautionGatewayMode(path: string, mode: string | undefined): Problem[] {
  if (!mode || GATEWAY_MODES.includes(mode)) return [];
  const detail = `expected one of: ${GATEWAY_MODES.join(', ')}`;
  return [caution(path, `mesh gateway mode ${JSON.stringify(mode)} means nothing`, { detail, ...didYouMean(mode, GATEWAY_MODES) })];
}
