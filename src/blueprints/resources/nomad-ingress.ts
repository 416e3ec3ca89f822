import { type Decoded, list, object, optional, reference, required, string } from '../../schema/schema.ts';
import { insideNetwork, networkAttachment } from '../attachment.ts';
import { type IngressReserved, type IngressSpec, ingressLifecycle } from '../ingress/lifecycle.ts';
import { ingressPorts, lowerPorts } from '../ingress/ports.ts';
import { findGroup, portOfGroup } from '../nomad/target.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  cluster: required(reference('nomad_cluster'), 'The cluster: "nomad_cluster.dev".'),
  job: required(string(), 'Name of the job.'),
  group: optional(string(), 'Name of the group. May be left out if the job has only one.'),
  task: optional(string(), 'Name of the task. All tasks of a group share an address.'),
  network: optional(list(networkAttachment), 'Network in which it has an address and a name of its own.'),
  port: required(ingressPorts, 'Ports to open. `remote` is the label of a port of the group, or a number.'),
});

export const nomadIngress = resourceType<Decoded<typeof schema>, IngressSpec, IngressReserved>({
  type: 'nomad_ingress',
  schema,
  doc: 'Ports that lead to the allocations of a job.',
  lowerAfter: ['nomad_job'],
  lower(config, context) {
    const found = findGroup(config, { job: 'job', group: 'group', task: 'task' }, context);
    const inside = insideNetwork(config.network ?? [], 'ingress', context);
    const ports = lowerPorts(config.port, inside !== undefined, context, (remote, at) => portOfGroup(remote, found, at, context));
    return { target: found.published, ports, ...(inside ? { inside } : {}) };
  },
  ...ingressLifecycle,
});
