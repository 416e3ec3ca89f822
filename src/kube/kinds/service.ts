import type { Diagnostic } from '../../base/diagnostic.ts';
import { errorHere, type Place, under, warningHere } from '../../schema/place.ts';
import { any, type Decoded, int, list, map, object, oneOf, optional, required, string, withDefault } from '../../schema/schema.ts';
import { accepted } from '../accepted.ts';
import { validateLabelName, validateLabels } from '../names.ts';
import { portProblem } from '../pod/ports.ts';
import { type ManifestKind, manifest } from './kind.ts';

const servicePort = object({
  name: optional(string(), 'Name of the port; needed when there are several.'),
  port: required(int(1, 65535), 'Port of the Service.'),
  targetPort: optional(any(), 'Number or name of the port of the pods; the same number when absent.'),
  protocol: withDefault(oneOf('TCP', 'UDP', 'SCTP'), 'TCP', 'Transport.'),
  nodePort: accepted('Port on every node.'),
  appProtocol: accepted('What is spoken on the port.'),
});

const schema = manifest({
  spec: required(
    object({
      ports: withDefault(list(servicePort), [], 'Ports that the Service offers.'),
      selector: optional(map(string()), 'Labels of the pods behind it.'),
      type: withDefault(oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'), 'ClusterIP', 'How it is reached from outside.'),
      clusterIP: optional(string(), '`None` for a Service without an address of its own.'),
      externalName: optional(string(), 'Name that an ExternalName Service stands for.'),
      clusterIPs: accepted('Addresses of the Service.'),
      externalIPs: accepted('More addresses of the Service.'),
      externalTrafficPolicy: accepted('How traffic from outside is routed.'),
      internalTrafficPolicy: accepted('How traffic from inside is routed.'),
      trafficDistribution: accepted('Which endpoints are preferred.'),
      healthCheckNodePort: accepted('Port of the health check of a load balancer.'),
      ipFamilies: accepted('IPv4, IPv6 or both.'),
      ipFamilyPolicy: accepted('IPv4, IPv6 or both.'),
      allocateLoadBalancerNodePorts: accepted('Whether a load balancer gets node ports.'),
      loadBalancerClass: accepted('Which load balancer.'),
      loadBalancerIP: accepted('Address of the load balancer.'),
      loadBalancerSourceRanges: accepted('Who may use the load balancer.'),
      publishNotReadyAddresses: accepted('Whether pods count before they are ready.'),
      sessionAffinity: accepted('Whether a client stays with a pod.'),
      sessionAffinityConfig: accepted('How long a client stays with a pod.'),
    }),
    'The Service itself.',
  ),
});

export type Service = Decoded<typeof schema>;

export const service: ManifestKind<Service> = {
  kind: 'Service',
  apiVersions: ['v1'],
  namespaced: true,
  nameWithoutDots: true,
  schema,
  validate(body, at) {
    const spec = under(at, 'spec');
    if (body.spec.type === 'ExternalName') {
      return [
        warningHere(
          under(spec, 'type'),
          'a Service of type ExternalName is left out: names outside of the cluster are resolved as on this machine',
        ),
      ];
    }
    const diagnostics: Diagnostic[] = validateLabels(body.spec.selector ?? {}, under(spec, 'selector'));
    if (body.spec.ports.length === 0 && body.spec.clusterIP !== 'None') {
      diagnostics.push(errorHere(under(spec, 'ports'), `Service "${body.metadata.name}" needs at least one port`));
    }
    return [...diagnostics, ...validatePorts(body.spec.ports, under(spec, 'ports'))];
  },
};

function validatePorts(ports: Service['spec']['ports'], at: Place): Diagnostic[] {
  const seen = new Set<string>();
  return ports.flatMap((port, i) => {
    const diagnostics: Diagnostic[] = [];
    const place = under(at, i);
    const unique = (key: string, where: Place, summary: string) => {
      if (seen.has(key)) diagnostics.push(errorHere(where, summary));
      seen.add(key);
    };
    if (port.name !== undefined) {
      diagnostics.push(...validateLabelName(port.name, under(place, 'name')));
      unique(`name ${port.name}`, under(place, 'name'), `two ports of this Service are called "${port.name}"`);
    } else if (ports.length > 1) diagnostics.push(errorHere(place, 'each port needs a "name" when a Service has several'));
    unique(`port ${port.port} ${port.protocol}`, under(place, 'port'), `port ${port.port} is offered twice by this Service`);
    const problem = port.targetPort === undefined ? undefined : portProblem(port.targetPort);
    if (problem !== undefined) diagnostics.push(errorHere(under(place, 'targetPort'), `"targetPort" ${problem}`));
    return diagnostics;
  });
}
