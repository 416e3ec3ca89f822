import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Probe, ProbeAction, WorkloadPort } from '../../base/workload.ts';
import { errorHere, type Place, under, warningHere } from '../../schema/place.ts';
import { execAction, requestOf } from './actions.ts';
import { resolvePort, tcpPorts } from './ports.ts';
import type { ProbeSpec } from './probe-schema.ts';
import type { Container } from './schema.ts';

export interface ContainerProbes {
  readonly readiness: Probe[];
  readonly liveness: Probe[];
  readonly diagnostics: Diagnostic[];
}

/**
 * The probes of a container. A startup probe holds the other two back in Kubernetes: here it must pass like a readiness
 * probe, and the liveness probe begins once the time that it grants has passed.
 */
export function containerProbes(container: Container, at: Place): ContainerProbes {
  const diagnostics: Diagnostic[] = [];
  const ports = tcpPorts([container]);
  const read = (field: 'readinessProbe' | 'livenessProbe' | 'startupProbe'): Probe | undefined => {
    const spec = container[field];
    if (!spec) return undefined;
    const place = under(at, field);
    if (field !== 'readinessProbe' && spec.successThreshold !== 1) {
      diagnostics.push(errorHere(under(place, 'successThreshold'), `"successThreshold" of a ${field} must be 1`));
    }
    const action = probeAction(spec, place, ports, `container "${container.name}" has`, diagnostics);
    return action && withTimes(action, spec);
  };
  const startup = read('startupProbe');
  const readiness = read('readinessProbe');
  const liveness = read('livenessProbe');
  const graceMs = startup ? startup.initialDelayMs + startup.periodMs * startup.failureThreshold : 0;
  return {
    readiness: [startup, readiness].filter((probe) => probe !== undefined),
    liveness: liveness ? [{ ...liveness, initialDelayMs: liveness.initialDelayMs + graceMs }] : [],
    diagnostics,
  };
}

function withTimes(action: ProbeAction, spec: ProbeSpec): Probe {
  return {
    action,
    initialDelayMs: spec.initialDelaySeconds * 1000,
    periodMs: spec.periodSeconds * 1000,
    timeoutMs: spec.timeoutSeconds * 1000,
    successThreshold: spec.successThreshold,
    failureThreshold: spec.failureThreshold,
  };
}

function probeAction(spec: ProbeSpec, at: Place, ports: WorkloadPort[], owner: string, out: Diagnostic[]): ProbeAction | undefined {
  const given = (['httpGet', 'tcpSocket', 'exec', 'grpc'] as const).filter((action) => spec[action] !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? 'needs one of' : 'takes only one of';
    out.push(errorHere(at, `a probe ${what}: httpGet, tcpSocket, exec, grpc`));
    return undefined;
  }
  if (spec.exec) return execAction(spec.exec, at, 'probe', out);
  if (spec.grpc) {
    out.push(warningHere(under(at, 'grpc'), 'gRPC probes are not supported yet; the port is only dialled'));
    return { type: 'tcp', port: spec.grpc.port };
  }
  const field = spec.httpGet ? 'httpGet' : 'tcpSocket';
  const place = under(at, field);
  const target = (spec.httpGet ?? spec.tcpSocket)!;
  if (target.host !== undefined) {
    out.push(warningHere(under(place, 'host'), 'the "host" of a probe is ignored: the pod itself is probed'));
  }
  const port = resolvePort(ports, target.port, under(place, 'port'), owner);
  if (typeof port !== 'number') {
    out.push(port);
    return undefined;
  }
  if (!spec.httpGet) return { type: 'tcp', port };
  if (spec.httpGet.scheme === 'HTTPS') {
    out.push(warningHere(under(place, 'scheme'), 'HTTPS probes are not supported yet; the port is only dialled'));
    return { type: 'tcp', port };
  }
  return { type: 'http', port, ...requestOf(spec.httpGet), codes: [] };
}
