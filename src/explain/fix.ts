import { decidingRule } from '../matching/decide.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { instancesOf } from './instances.ts';
import { subsetOf } from './target.ts';
import { unwired } from './texts.ts';
import type { Walk } from './walk.ts';
import type { Kept } from './way.ts';

/** The command that would make a call pass; undefined when there is none to name. */
export function fixOf(walk: Walk, kept: Kept, request: MatchedRequest | undefined): string | undefined {
  switch (kept.by) {
    case 'intention':
      return intentionFix(walk, kept, request);
    case 'nobody':
      return nobodyFix(walk, kept);
    case 'configuration':
      return undefined;
  }
}

/** As little as it takes: an intention that is there stays as it is, but for the one request. */
function intentionFix(walk: Walk, { arrival, judgement }: Kept & { by: 'intention' }, request: MatchedRequest | undefined): string {
  const source = walk.caller.config.service;
  const { service, datacenter, side } = arrival;
  const dc = datacenter === walk.caller.dc ? '' : ` -datacenter ${datacenter}`;
  const own = side.intentions.find((rule) => rule.source.toLowerCase() === source.toLowerCase() && rule === judgement.decision.rule);
  const { rule, needs, onlyWith } = judgement.decision;
  if (
    rule &&
    (judgement.status === 401 || (needs ?? []).length > 0 || onlyWith) &&
    judgement.step.details.some(({ details }) => details?.some(({ text }) => text.startsWith('a token')))
  ) {
    return `send a token that the rule asks for: mesh config read -kind service-intentions -name ${service}${dc}`;
  }
  if (own?.permissions && request) {
    const { method, host = '', path } = request;
    const decided = decidingRule(judgement.decision, service);
    const call = { source, destination: service, request: { method, host, path }, ...(decided ? { rule: decided } : {}) };
    const command = walk.allow?.(call, datacenter);
    if (command !== undefined) return command;
    const permission = `{ Action = "allow"  HTTP { PathExact = ${JSON.stringify(unwired(request.path))}  Methods = ["${request.method}"] } }`;
    return `put ${permission} first among the Permissions of ${source}: mesh config read -kind service-intentions -name ${service}${dc}`;
  }
  const isExact = own !== undefined && own.precedence === EXACT;
  return `mesh intention create${dc}${isExact ? ' -replace' : ''} -allow ${source} ${service}`;
}

/** Of an intention that names both services (Consul). */
const EXACT = 9;

function nobodyFix(walk: Walk, { target }: Kept & { by: 'nobody' }): string {
  const { service } = target.cluster;
  const instances = instancesOf(walk, target);
  if (instances.length === 0 && subsetOf(target) === '')
    return `start an instance of ${service} with a sidecar: its registration has connect { sidecar_service {} }`;
  const sick = instances.find(({ reason = '' }) => reason.startsWith('check '));
  if (sick) return `mesh logs ${service}`;
  return `mesh config read -kind service-resolver -name ${service}`;
}
