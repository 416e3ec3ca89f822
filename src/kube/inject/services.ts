import type { Diagnostic } from '../../base/diagnostic.ts';
import type { WorkloadPort } from '../../base/workload.ts';
import { errorHere, under, warningAtKey } from '../../schema/place.ts';
import type { ObjectOf } from '../object.ts';
import { resolvePort, tcpPorts } from '../pod/ports.ts';
import type { Annotations } from './annotation-map.ts';
import { PREFIX } from './annotations.ts';
import type { InjectInput } from './inject.ts';

type Service = ObjectOf<'Service'>;

/** One service that a pod is an instance of. */
export interface InjectedService {
  readonly name: string;
  /** 0 when none is known. */
  readonly port: number;
  /** Name of the Kubernetes Service that stands for it, if there is one. */
  readonly kubeService?: string;
}

/**
 * What a pod is registered as: `connect-service` and `connect-service-port` may be lists of the same length, and then each
 * name has a sidecar of its own. Without the annotation the Kubernetes Service names it, else the first container.
 */
export function injectedServices(input: InjectInput, annotations: Annotations, out: Diagnostic[]): InjectedService[] {
  const ports = tcpPorts(input.template.spec.containers);
  const kubeService = kubeServiceOf(input, annotations, out);
  const names = namesOf(input, annotations, kubeService, out);
  if (names.length === 1) {
    const port = portOf(annotations, ports, kubeService, out);
    return [{ name: names[0]!, port, ...(kubeService ? { kubeService: kubeService.name } : {}) }];
  }
  const wanted = annotations.get('connect-service-port')?.split(',') ?? [];
  if (wanted.length !== names.length) {
    const place = annotations.place(wanted.length === 0 ? 'connect-service' : 'connect-service-port');
    const summary = `${names.length} services need as many ports: the annotation "${PREFIX}connect-service-port" has ${wanted.length}`;
    out.push(errorHere(place, summary, { hint: `${PREFIX}connect-service-port: "${names.map((_, i) => 8080 + i).join(',')}"` }));
    return [];
  }
  return names.map((name, i) => {
    const own = input.services.find((service) => service.name === name);
    const port = numberOf(wanted[i]!.trim(), annotations, 'connect-service-port', ports, out);
    return { name, port, ...(own ? { kubeService: own.name } : {}) };
  });
}

function namesOf(input: InjectInput, annotations: Annotations, kubeService: Service | undefined, out: Diagnostic[]): string[] {
  const text = annotations.get('connect-service');
  if (text === undefined) return [kubeService?.name ?? input.template.spec.containers[0]!.name];
  const names = text.split(',').map((name) => name.trim());
  const place = annotations.place('connect-service');
  if (names.includes('')) out.push(errorHere(place, 'the name of the service is empty'));
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) < i);
  if (twice !== undefined) out.push(errorHere(place, `the service "${twice}" is named twice`));
  return names;
}

function kubeServiceOf(input: InjectInput, annotations: Annotations, out: Diagnostic[]): Service | undefined {
  const wanted = annotations.get('kubernetes-service');
  const names = input.services.map((service) => service.name);
  if (wanted !== undefined) {
    const found = input.services.find((service) => service.name === wanted);
    if (!found) {
      const detail = names.length === 0 ? 'no Service selects this pod' : `Services that select this pod: ${names.join(', ')}`;
      out.push(errorHere(annotations.place('kubernetes-service'), `no Service "${wanted}" selects this pod`, { detail }));
    }
    return found;
  }
  if (names.length > 1 && annotations.get('connect-service') === undefined) {
    out.push(
      warningAtKey(under(input.at, 'metadata', 'labels'), `several Services select this pod; "${names[0]}" names it in the mesh`, {
        detail: `Services that select it: ${names.join(', ')}`,
        hint: `choose one with the annotation ${PREFIX}kubernetes-service`,
      }),
    );
  }
  return input.services[0];
}

function portOf(annotations: Annotations, ports: readonly WorkloadPort[], kubeService: Service | undefined, out: Diagnostic[]): number {
  for (const name of ['connect-service-port', 'connect-service-default-port']) {
    const text = annotations.get(name);
    if (text === undefined) continue;
    if (!text.includes(',')) return numberOf(text, annotations, name, ports, out);
    const hint = `name as many services: ${PREFIX}connect-service: "web,web-admin"`;
    out.push(errorHere(annotations.place(name), 'several ports need several services', { hint }));
    return 0;
  }
  if (ports[0]) return ports[0].port;
  const first = kubeService?.body.spec.ports[0];
  const target = first?.targetPort ?? first?.port;
  return typeof target === 'number' ? target : 0;
}

function numberOf(text: string, annotations: Annotations, name: string, ports: readonly WorkloadPort[], out: Diagnostic[]): number {
  const port = resolvePort(ports, /^\d+$/.test(text) ? Number(text) : text, annotations.place(name), 'the pod has');
  if (typeof port === 'number') return port;
  out.push(port);
  return 0;
}
