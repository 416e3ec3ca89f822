import { formatDuration } from '../../base/duration.ts';
import type { Check, CheckRun, CheckStatus, Unindexed } from '../../catalog/types.ts';
import { isZero } from '../../schema/go-zero.ts';
import type { Compat } from '../compatibility.ts';
import type { CheckDefinitionBody, CheckTypeBody, HealthCheckBody } from './check-schema.ts';

/** What a check does, from either of the two bodies that say it: only what was said. */
export function checkRunOf(body: CheckTypeBody | CheckDefinitionBody): CheckRun {
  const { H2PING, H2PingUseTLS } = body;
  const said = {
    HTTP: body.HTTP,
    Header: body.Header,
    Method: body.Method,
    Body: body.Body,
    DisableRedirects: body.DisableRedirects,
    TCP: body.TCP,
    TCPUseTLS: body.TCPUseTLS,
    UDP: body.UDP,
    GRPC: body.GRPC,
    GRPCUseTLS: body.GRPCUseTLS,
    H2PING,
    H2PingUseTLS: H2PING !== '' && H2PingUseTLS !== false,
    OSService: body.OSService,
    ScriptArgs: body.ScriptArgs,
    DockerContainerID: body.DockerContainerID,
    Shell: body.Shell,
    AliasNode: body.AliasNode,
    AliasService: body.AliasService,
    TLSServerName: body.TLSServerName,
    TLSSkipVerify: body.TLSSkipVerify,
    Interval: body.Interval,
    Timeout: body.Timeout,
    TTL: body.TTL,
    SuccessBeforePassing: body.SuccessBeforePassing,
    FailuresBeforeWarning: body.FailuresBeforeWarning,
    FailuresBeforeCritical: body.FailuresBeforeCritical,
    DeregisterCriticalServiceAfter: body.DeregisterCriticalServiceAfter,
    OutputMaxSize: body.OutputMaxSize,
  };
  return withoutZeros(said);
}

/** Consul's sort of a check: the first that fits. */
export function checkTypeOf(run: CheckRun): string {
  const timed = (run.Interval ?? 0) > 0;
  const isScript = (run.ScriptArgs ?? []).length > 0;
  if (run.GRPC && timed) return 'grpc';
  if (run.HTTP && timed) return 'http';
  if ((run.TTL ?? 0) > 0) return 'ttl';
  if (run.TCP && timed) return 'tcp';
  if (run.UDP && timed) return 'udp';
  if (run.AliasNode || run.AliasService) return 'alias';
  if (isScript && run.DockerContainerID && timed) return 'docker';
  if (isScript) return 'script';
  if (run.H2PING && timed) return 'h2ping';
  return run.OSService && timed ? 'os_service' : '';
}

/** What Consul says of a check that makes no sense; undefined for one that does. */
export function checkProblem(run: CheckRun, compat: Compat): string | undefined {
  const { Interval = 0, TTL = 0, OutputMaxSize = 0, FailuresBeforeWarning = 0, FailuresBeforeCritical = 0 } = run;
  const isTimed = Boolean((run.ScriptArgs ?? []).length > 0 || run.HTTP || run.TCP || run.UDP || run.GRPC || run.H2PING || run.OSService);
  const isAlias = Boolean(run.AliasNode || run.AliasService);
  if (Interval > 0 && TTL > 0) return 'Interval and TTL cannot both be specified';
  if (isTimed && Interval <= 0) {
    const sorts = compat === '1.8' ? 'Script, HTTP, or TCP' : 'Script, HTTP, H2PING, TCP, UDP or OSService';
    return `Interval must be > 0 for ${sorts} checks`;
  }
  if (isTimed && isAlias) return 'Interval cannot be set for Alias checks';
  if (isAlias && TTL > 0) return 'TTL must be not be set for Alias checks';
  if (!isTimed && !isAlias && TTL <= 0) return 'TTL must be > 0 for TTL checks';
  if (OutputMaxSize < 0) return 'MaxOutputMaxSize must be positive';
  if (FailuresBeforeWarning > FailuresBeforeCritical) return "FailuresBeforeWarning can't be higher than FailuresBeforeCritical";
  return undefined;
}

export const isCheckStatus = (text: string): text is CheckStatus => text === 'passing' || text === 'warning' || text === 'critical';

/** Runs a command of the registration's choice: only where that is allowed. */
export const isScript = (run: CheckRun): boolean => (run.ScriptArgs ?? []).length > 0;

interface Owner {
  readonly node: string;
  /** Empty: the node itself. */
  readonly serviceId: string;
  readonly serviceName: string;
}

/** The row of a check that the agent makes. */
export function checkRow(
  run: CheckRun,
  named: { readonly id: string; readonly name: string; readonly status: string; readonly notes: string },
  owner: Owner,
): Unindexed<Check> {
  return {
    Node: owner.node,
    CheckID: named.id,
    Name: named.name,
    Status: isCheckStatus(named.status) ? named.status : 'critical',
    Notes: named.notes,
    Output: '',
    ServiceID: owner.serviceId,
    ServiceName: owner.serviceName,
    Type: checkTypeOf(run),
    Interval: formatDuration(run.Interval ?? 0),
    Timeout: formatDuration(run.Timeout ?? 0),
    Run: run,
  };
}

/** The checks of a service, with Consul's names where they have none of their own. */
export function serviceCheckRows(checks: readonly CheckTypeBody[], owner: Owner): Unindexed<Check>[] {
  return checks.map((check, i) => {
    const number = checks.length > 1 ? `:${i + 1}` : '';
    const id = check.CheckID || `service:${owner.serviceId}${number}`;
    const name = check.Name || `Service '${owner.serviceName}' check`;
    return checkRow(checkRunOf(check), { id, name, status: check.Status, notes: check.Notes }, owner);
  });
}

/** The row of a check that whoever registers it makes. Without a status it is critical. */
export function catalogCheckRow(body: HealthCheckBody, node: string): Unindexed<Check> {
  const { Interval, Timeout, DeregisterCriticalServiceAfter, TTL, H2PING, H2PingUseTLS, ...said } = body.Definition;
  const times = { Interval, Timeout, DeregisterCriticalServiceAfter };
  const texts = Object.fromEntries(
    Object.entries(times)
      .filter(([, ns]) => ns > 0)
      .map(([name, ns]) => [name, formatDuration(ns)]),
  );
  const definition = { ...texts, ...withoutZeros({ ...said, H2PING, H2PingUseTLS, TTL }) };
  return {
    Node: body.Node || node,
    CheckID: body.CheckID || body.Name,
    Name: body.Name,
    // Consul stores any text; queries compare it.
    Status: (body.Status || 'critical') as CheckStatus,
    Notes: body.Notes,
    Output: body.Output,
    ServiceID: body.ServiceID,
    ServiceName: body.ServiceName,
    Type: body.Type || checkTypeOf({ ...withoutZeros(said), H2PING, Interval, TTL }),
    ...(body.Interval === '' ? {} : { Interval: body.Interval }),
    ...(body.Timeout === '' ? {} : { Timeout: body.Timeout }),
    ...(Object.keys(definition).length === 0 ? {} : { Definition: definition }),
  };
}

/** Go leaves out what is zero. */
function withoutZeros<T extends object>(value: T): Partial<T> {
  const said: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) if (!isZero(value[key])) said[key] = value[key];
  return said;
}
