import { type Decoded, list, object, optional, reference, required } from '../../schema/schema.ts';
import { insideNetwork, networkAttachment } from '../attachment.ts';
import { containerPort, toContainer } from '../ingress/container-target.ts';
import { type IngressReserved, type IngressSpec, ingressLifecycle } from '../ingress/lifecycle.ts';
import { ingressPorts, lowerPorts } from '../ingress/ports.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  target: required(reference('container'), 'What it leads to: "container.web".'),
  network: optional(list(networkAttachment), 'Network in which it has an address and a name of its own.'),
  port: required(ingressPorts, 'Ports to open.'),
});

export const containerIngress = resourceType<Decoded<typeof schema>, IngressSpec, IngressReserved>({
  type: 'container_ingress',
  schema,
  doc: 'Ports that lead to a container.',
  lower(config, context) {
    const inside = insideNetwork(config.network ?? [], 'ingress', context);
    const ports = lowerPorts(config.port, inside !== undefined, context, (remote, at) => containerPort(remote, at, context));
    return toContainer({ target: config.target, ports, ...(inside ? { inside } : {}) }, context);
  },
  ...ingressLifecycle,
});
