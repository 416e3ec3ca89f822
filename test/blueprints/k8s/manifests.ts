import type { K8sConfigSpec } from '../../../src/blueprints/k8s/spec.ts';
import { interpret } from '../../../src/kube/interpret.ts';
import { readManifests } from '../../../src/kube/read.ts';
import { RecordingContext } from '../recording-context.ts';

export const KEY = 'k8s_config.app';

/** Manifests as `lower` makes them, through JSON as from the command line to the agent. */
export function specOf(text: string): K8sConfigSpec {
  const result = interpret(readManifests([{ name: 'app.yml', text }]).objects, {
    cluster: 'k3s',
    datacenter: 'dc1',
    injector: { injectByDefault: false, allowNamespaces: ['*'], denyNamespaces: [] },
    resourceId: KEY,
  });
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error').map(({ summary }) => summary);
  if (errors.length > 0) throw new Error(errors.join('; '));
  const { sets, jobs, services, entries } = result;
  const protocols = Object.fromEntries(result.serviceDefaults.map(({ service, protocol }) => [service, protocol]));
  return JSON.parse(JSON.stringify({ cluster: 'k8s_cluster.k3s', sets, jobs, services, entries, protocols })) as K8sConfigSpec;
}

/** A world in memory that has the cluster. */
export function world(): RecordingContext {
  const context = new RecordingContext();
  const spec = { podSubnet: '10.42.0.0/16', serviceSubnet: '10.43.0.0/16', injectByDefault: false };
  context.record = () => ({ spec, reservation: undefined, definedAt: 'main.hcl:1' });
  return context;
}

interface Workload {
  readonly kind?: 'Deployment' | 'StatefulSet';
  readonly replicas?: number;
  readonly message?: string;
  readonly annotations?: string;
  readonly spec?: string;
}

/** One workload with the container `main`, labelled `app: <name>`. */
export const workload = (
  name: string,
  { kind = 'Deployment', replicas = 1, message = 'one', annotations = '', spec = '' }: Workload = {},
) => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}, annotations: {${annotations}}}
    spec: {containers: [{name: main, image: a/b, ports: [{containerPort: 9090}], env: [{name: MESSAGE, value: ${message}}]}], ${spec}}
`;

export const service = (name: string) => `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80, targetPort: 9090}]}
`;
