import { withoutGeneration } from '../../base/generation.ts';
import type { ProbeAction, Workload } from '../../base/workload.ts';

/**
 * Why a readiness check fails, as far as it can be told from the ports on which the workload listens (undefined: unknown).
 * Pure.
 */
export function describeFailing(
  action: ProbeAction,
  { address }: Pick<Workload, 'address'>,
  listening: readonly number[] | undefined,
): string {
  if (action.type === 'exec') return `its check does not succeed: ${action.command.join(' ')}`;
  const where = `port ${action.port} of ${withoutGeneration(address)}`;
  if (action.type === 'http' && (listening === undefined || listening.includes(action.port))) {
    const expected = action.codes.length > 0 ? action.codes.join(' or ') : '200 to 399';
    return `GET ${action.path} at ${where} does not answer with ${expected} in time`;
  }
  if (listening === undefined) return `${where} does not accept connections`;
  const ports = listening.length === 0 ? 'no port' : listening.length === 1 ? `port ${listening[0]}` : `ports ${listening.join(', ')}`;
  const elsewhere = listening.includes(action.port) ? 'that port of another address' : ports;
  return `${where} does not accept connections; it listens on ${elsewhere}`;
}
