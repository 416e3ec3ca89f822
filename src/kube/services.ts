import type { Diagnostic } from '../base/diagnostic.ts';
import { isIpv4 } from '../base/ipv4.ts';
import { errorHere, under, warningHere } from '../schema/place.ts';
import { serviceName } from './cluster-names.ts';
import type { ObjectOf } from './object.ts';
import { placeOf } from './object.ts';
import type { InterpretOptions, KubeServicePlan, KubeServicePort } from './plan.ts';
import { findPort, portReference, tcpPorts, unknownPort } from './pod/ports.ts';
import type { PodTemplate } from './pod/schema.ts';
import { hasLabels, type Labels } from './selector.ts';

/** A template whose pods a Service may select, and the labels of each pod made from it (one at least). */
export interface SelectablePods {
  readonly namespace: string;
  readonly template: PodTemplate;
  readonly labels: readonly Labels[];
}

type Service = ObjectOf<'Service'>;

/** A Service without a selector selects nothing: somebody else writes its endpoints. */
export function selects(service: Service, { namespace, labels }: Omit<SelectablePods, 'template'>): boolean {
  const { selector } = service.body.spec;
  if (service.namespace !== namespace || selector === undefined || Object.keys(selector).length === 0) return false;
  return labels.some((pod) => hasLabels(pod, selector));
}

/** Ports of the pods as the Services of a template write them: numbers only, TCP only. */
export function numericTargets(services: readonly Service[]): number[] {
  return services.flatMap((service) =>
    service.body.spec.ports
      .filter((port) => port.protocol === 'TCP')
      .map((port) => port.targetPort ?? port.port)
      .filter((port) => typeof port === 'number'),
  );
}

/**
 * Which pods stand behind a Service, and on which ports; undefined for one that leads to no pods. `complete` is false when
 * objects with errors were left out.
 */
export function planService(
  service: Service,
  sets: readonly SelectablePods[],
  complete: boolean,
  { cluster }: InterpretOptions,
  out: Diagnostic[],
): KubeServicePlan[] {
  const { spec } = service.body;
  const at = under(placeOf(service), 'spec');
  if (spec.type === 'ExternalName') return [];
  const selected = sets.filter((set) => selects(service, set));
  if (selected.length === 0 && complete) out.push(selectsNothing(service, sets));
  const ports = spec.ports.flatMap((port, i): KubeServicePort[] => {
    if (port.protocol !== 'TCP') {
      out.push(warningHere(under(at, 'ports', i, 'protocol'), `${port.protocol} is not supported; the port is left out`));
      return [];
    }
    const named = port.name === undefined ? {} : { name: port.name };
    const wanted = portReference(port.targetPort ?? port.port);
    const candidates = selected.map((set) => tcpPorts(set.template.spec.containers));
    const targetPort = candidates.map((known) => findPort(known, wanted)).find((found) => found !== undefined) ?? findPort([], wanted);
    if (targetPort !== undefined) return [{ ...named, port: port.port, targetPort }];
    const owner = `the pods of Service "${service.name}" have`;
    if (selected.length > 0) out.push(unknownPort(candidates.flat(), `${wanted}`, under(at, 'ports', i, 'targetPort'), owner));
    // The Service has the port, though nothing is behind it: who names it makes no second mistake.
    return [{ ...named, port: port.port, targetPort: port.port }];
  });
  const { clusterIP = '' } = spec;
  const fixed = clusterIP !== '' && clusterIP !== 'None';
  if (fixed && !isIpv4(clusterIP)) out.push(errorHere(under(at, 'clusterIP'), `"${clusterIP}" is neither None nor an IPv4 address`));
  return [
    {
      name: service.name,
      namespace: service.namespace,
      selector: spec.selector ?? {},
      ports,
      headless: clusterIP === 'None',
      ...(fixed ? { clusterIp: clusterIP } : {}),
      names: [serviceName(service.name, service.namespace, cluster)],
    },
  ];
}

function selectsNothing(service: Service, sets: readonly SelectablePods[]): Diagnostic {
  const at = under(placeOf(service), 'spec', 'selector');
  const { selector } = service.body.spec;
  if (selector === undefined || Object.keys(selector).length === 0) {
    return warningHere(at, `Service "${service.name}" has no selector; Services with endpoints of their own are not supported`);
  }
  const labels = sets
    .filter((set) => set.namespace === service.namespace)
    .map((set) =>
      Object.entries(set.template.metadata?.labels ?? {})
        .map(([key, value]) => `${key}: ${value}`)
        .join(', '),
    );
  const detail = labels.length === 0 ? {} : { detail: `labels of the pods: ${[...new Set(labels)].join(' | ')}` };
  return warningHere(at, `Service "${service.name}" selects no pod of these manifests`, detail);
}
