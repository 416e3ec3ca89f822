import { CLIENT_LEFT, type EndedExchange } from '../http/service.ts';
import type { ResponseFlag } from './response-flag.ts';

/** What went wrong, in Envoy's words; undefined when nothing did, or Envoy has no word for it. */
export function flagOfExchange({ refusal, brokenBy }: EndedExchange): ResponseFlag | undefined {
  if (refusal) return refusal.flag;
  if (brokenBy === undefined) return undefined;
  return brokenBy === CLIENT_LEFT ? 'DC' : 'UC';
}

/** Envoy's response code details for what it says by a flag. */
const DETAILS: Readonly<Partial<Record<ResponseFlag, string>>> = {
  DC: 'downstream_remote_disconnect',
  DPE: 'http1.codec_error',
  NR: 'route_not_found',
  UH: 'no_healthy_upstream',
  UF: 'upstream_reset_before_response_started{connection_failure}',
  UC: 'upstream_reset_before_response_started{connection_termination}',
  UPE: 'upstream_reset_before_response_started{protocol_error}',
  UO: 'upstream_reset_before_response_started{overflow}',
  UT: 'response_timeout',
  SI: 'stream_idle_timeout',
  RL: 'local_rate_limited',
  FI: 'fault_filter_abort',
};

/** Who has decided on the answer. Envoy's words; what it names a policy by has no spaces. */
export function detailsOf(flag: ResponseFlag | undefined, rule: string | undefined, answered: boolean): string {
  if (flag !== undefined) return DETAILS[flag] ?? flag;
  if (rule !== undefined) return `rbac_access_denied_matched_policy[${rule.replaceAll(' ', '_')}]`;
  return answered ? 'via_upstream' : 'direct_response';
}
