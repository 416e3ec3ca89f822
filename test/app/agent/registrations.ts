import type { Registration } from '../../../src/blueprints/context.ts';

/** As the process driver maps: 10.x -> 127.x. */
export const reach = (address: string, port: number): { address: string; port: number } => ({
  address: address.replace(/^10\./, '127.'),
  port,
});

/** payments: a container that is a node of its own, as a VM is, with a definition file. */
export const vm: Registration = {
  node: { name: 'payments', address: '10.5.0.110', meta: {} },
  service: {
    name: 'payments',
    id: 'payments-1',
    port: 9090,
    address: '',
    tags: ['v1'],
    meta: { version: '1' },
    checks: [
      {
        id: 'health',
        name: 'HTTP health',
        action: { type: 'http', url: 'http://localhost:9090/health', method: 'GET', headers: {} },
        intervalMs: 1000,
        timeoutMs: 500,
      },
      { id: 'port', name: 'Port open', action: { type: 'tcp', address: 'localhost:9090' }, intervalMs: 1000, timeoutMs: 500 },
    ],
    sidecar: {
      port: 0,
      config: { protocol: 'http' },
      upstreams: [
        { service: 'currency', datacenter: 'dc2', localAddress: '127.0.0.1', localPort: 9091, config: { connect_timeout_ms: 500 } },
      ],
    },
  },
  address: '10.5.0.110',
  sidecarPort: 21000,
};

/** web: a pod on the synthetic node of its cluster. */
export const pod: Registration = {
  node: { name: 'k3s-virtual', address: '127.0.0.1', meta: { 'synthetic-node': 'true' } },
  service: {
    name: 'web',
    id: 'web-0-web',
    port: 9090,
    address: '',
    tags: [],
    meta: { 'pod-name': 'web-0', 'k8s-namespace': 'default' },
    checks: [
      {
        id: 'default/web-0-web',
        name: 'Kubernetes Readiness Check',
        action: { type: 'kubernetes-readiness' },
        intervalMs: 0,
        timeoutMs: 0,
      },
    ],
    sidecar: {
      port: 20005,
      config: {},
      upstreams: [{ service: 'payments', datacenter: '', localAddress: '127.0.0.1', localPort: 9091, config: {} }],
    },
  },
  address: '10.42.0.3',
  sidecarPort: 20000,
};

/** exit: a gateway, which is a container without a process; it listens on the address of its container, whatever its settings say. */
export const gateway: Registration = {
  node: { name: 'exit', address: '10.5.0.120', meta: {} },
  service: {
    name: 'exit',
    id: 'exit',
    port: 8443,
    address: '',
    tags: [],
    meta: {},
    checks: [],
    gateway: { kind: 'terminating-gateway', config: { connect_timeout_ms: 2000, envoy_gateway_no_default_bind: true } },
  },
  address: '10.5.0.120',
  sidecarPort: 21000,
};
