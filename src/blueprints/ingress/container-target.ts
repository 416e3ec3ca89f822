import { errorAt } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { LowerContext } from '../resource-type.ts';
import type { ContainerSpec } from '../resources/container.ts';
import type { IngressSpec } from './lifecycle.ts';

/** The key of a container, by one of its names or its address; reports one that nobody has. The ingress then depends on it. */
export function findContainer(address: string, at: string, context: LowerContext): string {
  const containers = context.resources('container').map(({ key, spec }) => ({ key, spec: spec as Partial<ContainerSpec> }));
  const found = containers.find(({ spec }) => spec.workload?.names.includes(address) || spec.network?.wanted === address);
  if (found) {
    context.dependOn(found.key);
    return found.key;
  }
  const names = containers.flatMap(({ spec }) => spec.workload?.names ?? []);
  context.report(
    errorAt(context.at(at), `no container is called ${address}`, {
      detail: names.length === 0 ? 'there are no containers' : `there are: ${names.join(', ')}`,
      ...didYouMean(address, names),
    }),
  );
  return '';
}

/** A container's ports have no names. */
export function containerPort(remote: string, at: string, context: LowerContext): number {
  const port = Number(remote);
  if (Number.isInteger(port) && port > 0 && port <= 65535) return port;
  context.report(errorAt(context.at(at), `${JSON.stringify(remote)} is not a port`, { detail: 'expected a number from 1 to 65535' }));
  return 0;
}

/** An ingress to a container; a port that leads to the API of a Consul server is told from others. */
export function toContainer(spec: IngressSpec, context: LowerContext): IngressSpec {
  const { consul, stoodFor, listens = [] } = (context.spec(spec.target) ?? {}) as Partial<ContainerSpec>;
  if (stoodFor === 'gateway')
    return { ...spec, ports: spec.ports.map((port) => (listens.includes(port.target) ? port : { ...port, optional: true })) };
  if (!consul) return spec;
  // Of the agent that stands for it, only the API listens.
  return {
    ...spec,
    ports: spec.ports.map((port) => ({ ...port, ...(port.target === consul.httpPort ? { api: true } : { optional: true }) })),
  };
}
