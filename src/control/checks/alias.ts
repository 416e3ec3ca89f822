import * as queries from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Check, CheckRun } from '../../catalog/types.ts';
import { critical, type Outcome, passing } from './outcome.ts';

export interface AliasOf {
  readonly dc: string;
  /** That of the check itself. */
  readonly node: string;
  readonly checkId: string;
  readonly run: CheckRun;
}

/** The health of the service, or of the node, that a check stands for. */
export function aliasOutcome(s: Snapshot, { dc, node, checkId, run }: AliasOf): Outcome {
  const { AliasNode = '', AliasService = '' } = run;
  const at = AliasNode || node;
  const service = AliasService === '' ? undefined : queries.serviceById(s, dc, at, AliasService);
  if (AliasService !== '' && !service) return critical(`Service ${AliasService} could not be found on node ${AliasNode}`);
  if (AliasService === '' && !queries.node(s, dc, at)) return critical(`Node ${at} could not be found`);
  return worstOf(queries.instanceChecks(s, dc, at, AliasService).filter((check) => concerns(check, AliasNode, checkId)));
}

/** An agent does not look at what others think of its own node, nor at the check itself. */
const concerns = (check: Check, aliasNode: string, own: string): boolean =>
  check.CheckID !== own && (aliasNode !== '' || check.CheckID !== 'serfHealth');

function worstOf(checks: readonly Check[]): Outcome {
  const worst = checks.find(({ Status }) => Status === 'critical') ?? checks.toReversed().find(({ Status }) => Status === 'warning');
  if (worst) return { status: worst.Status, output: `Aliased check ${JSON.stringify(worst.Name)} failing: ${worst.Output}` };
  return passing(checks.length === 0 ? 'No checks found.' : 'All checks passing.');
}
