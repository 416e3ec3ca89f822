import type { Diagnostic } from '../base/diagnostic.ts';
import type { Probe, ProbeAction } from '../base/workload.ts';
import { errorHere, type Place, under, warningHere } from '../schema/place.ts';
import { type PortTable, portCalled } from './ports.ts';
import type { Check } from './service-schema.ts';
import type { PlacedService } from './services.ts';

interface Given {
  readonly ports: PortTable;
  readonly fill: (text: string, at: Place) => string;
}

/**
 * When an allocation is as its services say: their checks pass, or their ports accept where there is no check. `task`: which
 * task a check is of, for one that runs a program.
 */
export function probesOf(
  { service, at, task }: PlacedService,
  given: Given,
  out: Diagnostic[],
): { probe: Probe; task: string | undefined }[] {
  const known = service.port === undefined ? 0 : portCalled(service.port, given.ports, under(at, 'port'), []);
  const port = service.connect?.sidecar_service?.proxy?.local_service_port ?? known;
  const checks = service.check ?? [];
  if (checks.length === 0) return port > 0 ? [{ probe: probeOf({ type: 'tcp', port }), task }] : [];
  return checks.flatMap((check, i) => {
    const place = under(at, 'check', i);
    const action = actionOf(check, port, place, given, out);
    return action ? [{ probe: probeOf(action, check), task: check.task ?? task }] : [];
  });
}

function actionOf(check: Check, servicePort: number, at: Place, { ports, fill }: Given, out: Diagnostic[]): ProbeAction | undefined {
  if (check.type === 'script') {
    if (check.command === undefined)
      out.push(errorHere(under(at, 'type'), 'a script check needs "command"', { hint: 'command = "/bin/check"' }));
    const words = [check.command ?? '', ...(check.args ?? [])];
    return { type: 'exec', command: words.map((word, i) => fill(word, i === 0 ? under(at, 'command') : under(at, 'args', i - 1))) };
  }
  const port = check.port === undefined ? servicePort : portCalled(check.port, ports, under(at, 'port'), []);
  if (port === 0) {
    if (check.port === undefined)
      out.push(
        errorHere(under(at, 'type'), `a check of type ${check.type} needs a port`, { hint: 'give the service or the check a "port"' }),
      );
    return undefined;
  }
  if (check.type === 'http' && check.protocol === 'http') {
    if (check.path === undefined) out.push(errorHere(under(at, 'type'), 'an http check needs "path"', { hint: 'path = "/health"' }));
    const headers = Object.fromEntries(Object.entries(check.header ?? {}).map(([name, values]) => [name, values.join(', ')]));
    return { type: 'http', port, path: fill(check.path ?? '/', under(at, 'path')), headers, codes: [] };
  }
  if (check.type !== 'tcp') {
    const what = check.type === 'grpc' ? 'grpc' : 'https';
    out.push(warningHere(under(at, check.type === 'grpc' ? 'type' : 'protocol'), `the ${what} check only waits until the port accepts`));
  }
  return { type: 'tcp', port };
}

function probeOf(action: ProbeAction, check?: Check): Probe {
  return {
    action,
    initialDelayMs: 0,
    periodMs: (check?.interval ?? 10e9) / 1e6,
    timeoutMs: (check?.timeout ?? 1e9) / 1e6,
    successThreshold: Math.max(1, check?.success_before_passing ?? 1),
    failureThreshold: Math.max(1, check?.failures_before_critical ?? 1),
  };
}
