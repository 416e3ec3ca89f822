import * as queries from '../../catalog/queries.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Check, Service, Unindexed } from '../../catalog/types.ts';
import type { Compat } from '../compatibility.ts';
import { checkProblem, checkRunOf, isCheckStatus, serviceCheckRows } from './check.ts';
import type { CheckTypeBody } from './check-schema.ts';
import { RegistrationRefused } from './refused.ts';
import {
  commonOf,
  isAnyAddress,
  metaProblem,
  multiError,
  serviceProblems,
  serviceRow,
  weightsProblem,
  withIpAddresses,
} from './service.ts';
import type { ServiceBody } from './service-schema.ts';
import { freeSidecarPort, type PortRange, sidecarChecks, sidecarIdOf, sidecarOf } from './sidecar.ts';

export interface AgentAt {
  readonly dc: string;
  /** The agent's own node. */
  readonly node: string;
}

export interface Prepared {
  readonly services: readonly Unindexed<Service>[];
  readonly checks: readonly Unindexed<Check>[];
}

export interface ServiceRules {
  readonly compat: Compat;
  readonly sidecarPorts: PortRange;
}

/** What a definition given to an agent becomes in the catalog. Throws a RegistrationRefused. Nothing is stored of its token. */
export function prepareService(s: Snapshot, at: AgentAt, body: ServiceBody, rules: ServiceRules): Prepared {
  const { compat, sidecarPorts } = rules;
  if (body.Name === '') throw new RegistrationRefused('invalid', 'Missing service name');
  if (isAnyAddress(body.Address)) throw new RegistrationRefused('invalid', 'Invalid service address');
  const weights = body.Weights && weightsProblem(body.Weights);
  if (weights !== undefined) throw new RegistrationRefused('invalid', `Invalid Weights: ${weights}`);
  const meta = metaProblem(body.Meta);
  if (meta !== undefined) throw new RegistrationRefused('invalid', `Invalid Service Meta: ${meta}`);
  const problems = serviceProblems(commonOf(body), compat, { findsPort: true });
  if (problems.length > 0) throw new RegistrationRefused('invalid', multiError(problems));
  const checks = checksOf(body);
  requireChecks(checks, compat);

  const id = body.ID || body.Name;
  const port = body.Kind === 'connect-proxy' ? portOf(s, at, body, id, sidecarPorts) : body.Port;
  const own = withIpAddresses({ ...serviceRow({ ...commonOf(body), Port: port }, at.node, 'service'), Origin: 'agent' });
  const rows = serviceCheckRows(checks, { node: at.node, serviceId: id, serviceName: body.Name });
  const sidecar = prepareSidecar(s, at, body, own, rules);
  return { services: [own, ...(sidecar?.services ?? [])], checks: [...rows, ...(sidecar?.checks ?? [])] };
}

function prepareSidecar(
  s: Snapshot,
  at: AgentAt,
  body: ServiceBody,
  parent: Unindexed<Service>,
  { compat, sidecarPorts }: ServiceRules,
): Prepared | undefined {
  const sidecar = sidecarOf(body);
  if (!sidecar) return undefined;
  const refuse = (why: string): RegistrationRefused => new RegistrationRefused('invalid', `Invalid SidecarService: ${why}`);
  const problems = serviceProblems({ ...commonOf(sidecar), Port: sidecar.Port || sidecarPorts.min }, compat);
  if (problems.length > 0) throw refuse(multiError(problems));
  const meta = metaProblem(sidecar.Meta);
  if (meta !== undefined) throw refuse(`Invalid Service Meta: ${meta}`);
  const id = sidecarIdOf(parent.ID);
  const port = portOf(s, at, sidecar, id, sidecarPorts, parent.Port);
  const row = withIpAddresses({ ...serviceRow({ ...commonOf(sidecar), Port: port }, at.node, 'service'), ID: id, Origin: 'sidecar' });
  const written = checksOf(sidecar);
  const checks = written.length > 0 ? written : sidecarChecks(sidecar, port, parent.ID);
  for (const check of checks) {
    const problem = checkProblem(checkRunOf(check), compat);
    if (problem !== undefined) throw refuse(`Invalid check: ${problem}`);
  }
  return { services: [row], checks: serviceCheckRows(checks, { node: at.node, serviceId: id, serviceName: row.Service }) };
}

/** A sidecar that is registered again keeps its port. */
function portOf(s: Snapshot, { dc, node }: AgentAt, body: ServiceBody, id: string, range: PortRange, parent = 0): number {
  if (body.Port !== 0 || body.SocketPath !== '') return body.Port;
  const present = queries.serviceById(s, dc, node, id);
  if (present && present.Port !== 0) return present.Port;
  const neighbours = queries.nodeServices(s, dc, node).value?.services ?? [];
  const port = freeSidecarPort(range, new Set([parent, ...neighbours.map((service) => service.Port)]));
  if (port !== undefined) return port;
  const where = `[${range.min}, ${range.max}]`;
  throw new RegistrationRefused('failed', `no port provided for sidecar_service and none left in the configured range ${where}`);
}

/** One that says nothing at all is none. */
function checksOf({ Check: single, Checks: several }: ServiceBody): CheckTypeBody[] {
  const isEmpty =
    !single || (Object.keys(checkRunOf(single)).length === 0 && `${single.CheckID}${single.Name}${single.Notes}${single.Status}` === '');
  return [...(isEmpty ? [] : [single]), ...several];
}

function requireChecks(checks: readonly CheckTypeBody[], compat: Compat): void {
  for (const check of checks) {
    const problem = checkProblem(checkRunOf(check), compat);
    if (problem !== undefined) throw new RegistrationRefused('invalid', `Invalid check: ${problem}`);
    if (check.Status !== '' && !isCheckStatus(check.Status))
      throw new RegistrationRefused('invalid', "Status for checks must 'passing', 'warning', 'critical'");
  }
}
