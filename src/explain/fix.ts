import { decidingRule } from '../matching/decide.ts';
import { standingOf } from './allowance.ts';
import { instancesOf } from './instances.ts';
import type { CallRef } from './standing.ts';
import { subsetOf } from './target.ts';
import { unwired } from './texts.ts';
import type { Walk } from './walk.ts';
import type { Kept } from './way.ts';

/** The command that would make a call pass; undefined when there is none to name. */
export function fixOf(walk: Walk, kept: Kept): string | undefined {
  switch (kept.by) {
    case 'intention':
      return intentionFix(walk, kept);
    case 'nobody':
      return nobodyFix(walk, kept);
    case 'configuration':
      return undefined;
  }
}

/** As little as it takes: an intention that is there stays as it is, but for the one request. */
function intentionFix(walk: Walk, { arrival, judgement, request }: Kept & { by: 'intention' }): string | undefined {
  const source = walk.caller.config.service;
  const { service, datacenter, side } = arrival;
  const dc = datacenter === walk.caller.dc ? '' : ` -datacenter ${datacenter}`;
  const { rule, needs, onlyWith } = judgement.decision;
  if (
    rule &&
    (judgement.status === 401 || (needs ?? []).length > 0 || onlyWith) &&
    judgement.step.details.some(({ details }) => details?.some(({ text }) => text.startsWith('a token')))
  ) {
    return `send a token that the rule asks for: mesh config read -kind service-intentions -name ${service}${dc}`;
  }
  const decided = decidingRule(judgement.decision, service);
  const known = request ? { request: { method: request.method, host: request.host ?? '', path: request.path, whole: request } } : {};
  const call: CallRef = { source, destination: service, ...known, ...(decided ? { rule: decided } : {}) };
  const { allowance, advice } = standingOf(walk.snapshot, datacenter, call, side);
  if (!allowance) return advice;
  const command = walk.allow?.(allowance, service, datacenter);
  if (command !== undefined) return command;
  const what = request ? `${request.method} ${unwired(request.path)}` : 'connections';
  return `an intention that allows ${source} => ${service} ${what} and no more, by somebody who may read those of ${service}`;
}

function nobodyFix(walk: Walk, { target }: Kept & { by: 'nobody' }): string {
  const { service } = target.cluster;
  const instances = instancesOf(walk, target);
  if (instances.length === 0 && subsetOf(target) === '')
    return `start an instance of ${service} with a sidecar: its registration has connect { sidecar_service {} }`;
  const sick = instances.find(({ reason = '' }) => reason.startsWith('check '));
  if (sick) return `mesh logs ${service}`;
  return `mesh config read -kind service-resolver -name ${service}`;
}
