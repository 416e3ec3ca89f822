import { withoutParameter } from '../../matching/token-location.ts';
import type { RequestEdits } from '../http1/write.ts';
import type { AcceptedToken } from './tokens.ts';

export interface TokenPlan {
  readonly edits: RequestEdits;
  readonly requestTarget: string;
}

/**
 * What a request is sent on with once its tokens are accepted: without those that are not to be forwarded, and with their payloads
 * where a provider says so. `payloadHeaders`: nobody else may send these.
 */
export function tokenEdits(
  base: RequestEdits,
  target: string,
  accepted: readonly AcceptedToken[],
  payloadHeaders: readonly string[],
): TokenPlan {
  const tokens = accepted.flatMap(({ provider, location }) => (!provider.forward && 'header' in location ? [location.header] : []));
  const remove = new Set([...base.remove, ...payloadHeaders, ...tokens]);
  return {
    requestTarget: accepted.reduce(withoutToken, target),
    edits: { ...base, remove, add: [...base.add, ...accepted.flatMap(payloadField)] },
  };
}

function payloadField({ provider: { payloadHeader }, payloadText }: AcceptedToken): [string, string][] {
  if (!payloadHeader) return [];
  const padding = payloadHeader.padded ? '='.repeat((4 - (payloadText.length % 4)) % 4) : '';
  return [[payloadHeader.name, payloadText + padding]];
}

function withoutToken(target: string, { provider, location }: AcceptedToken): string {
  return !provider.forward && 'parameter' in location ? withoutParameter(target, location.parameter) : target;
}
