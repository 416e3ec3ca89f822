import type { StatusReport, WorkloadReport } from '../../../src/app/rpc/status.ts';

/** The moment at which the reports below are shown. */
export const NOW = Date.parse('2026-03-01T12:00:00.000Z');

export function workload(name: string, more: Partial<WorkloadReport> = {}): WorkloadReport {
  return {
    id: `container.${name}`,
    name,
    image: 'nicholasjackson/fake-service:v0.24.2',
    phase: 'ready',
    pid: 4711,
    since: '2026-03-01T11:58:30.000Z',
    restarts: 0,
    address: '10.5.0.110',
    reachable: '127.5.0.110',
    ports: [9090],
    log: `/home/me/logs/${name}.log`,
    ...more,
  };
}

/** A mesh of two services in which everything is as it should be. */
export const healthy: StatusReport = {
  version: 1,
  agent: {
    pid: 4700,
    version: '1.2.3',
    http: '127.0.0.1:8500',
    home: '/home/me/.local/state/mesh',
    since: '2026-03-01T10:00:00.000Z',
    index: 42,
    dataplane: { pid: 4701, connected: true },
    addresses: 'loopback',
  },
  blueprints: [{ name: 'v2', id: '/work/v2', since: '2026-03-01T11:58:30.000Z' }],
  resources: [
    { key: 'network.dc1', status: 'created', owners: ['v2'], since: '2026-03-01T11:58:30.000Z' },
    { key: 'container.payments', status: 'created', owners: ['v2'], since: '2026-03-01T11:58:30.000Z' },
    { key: 'ingress.web', status: 'created', owners: ['v2'], since: '2026-03-01T11:58:30.000Z' },
  ],
  workloads: [workload('payments'), workload('web-0', { pid: 4712, address: '10.5.0.200', reachable: '127.5.0.200', ports: [] })],
  services: [
    {
      name: 'payments',
      datacenter: 'dc1',
      protocol: 'tcp',
      instances: [{ id: 'payments', node: 'payments', address: '127.5.0.110:9090', health: 'passing' }],
    },
    {
      name: 'web',
      datacenter: 'dc1',
      protocol: 'http',
      instances: [{ id: 'web-0-web', node: 'k3s-virtual', address: '127.5.0.200:9090', health: 'passing' }],
    },
  ],
  proxies: [
    {
      id: 'dc1/k3s-virtual/web-0-web-sidecar-proxy',
      service: 'web',
      protocol: 'http',
      listen: '127.5.0.200:20000',
      upstreams: [{ name: 'payments', protocol: 'tcp', listen: '127.5.0.200:9091' }],
      configIndex: 41,
      servesIndex: 42,
    },
    {
      id: 'dc1/payments/payments-sidecar-proxy',
      service: 'payments',
      protocol: 'tcp',
      listen: '127.5.0.110:21000',
      upstreams: [],
      configIndex: 42,
      servesIndex: 42,
    },
  ],
  ingresses: [{ id: 'ingress.web', url: 'http://localhost:9090', target: 'k8s_cluster.k3s/default/svc/web' }],
  outputs: { URL: 'http://localhost:9090', PORTS: [9090, 8500] },
};

/** The same mesh on a bad day. */
export const troubled: StatusReport = {
  ...healthy,
  agent: { ...healthy.agent, dataplane: { pid: undefined, connected: false } },
  resources: [
    healthy.resources[0]!,
    {
      key: 'container.payments',
      status: 'failed',
      owners: ['v2'],
      since: '2026-03-01T11:58:30.000Z',
      error: 'payments exited with code 1 before it was ready, 3 times; its last lines:\n  no such file',
    },
  ],
  workloads: [
    { ...workload('payments', { phase: 'backoff', restarts: 2, lastExit: 1, ports: [9090, 9102] }), pid: undefined } as never,
    workload('web-0', { phase: 'running', lastExit: 137, restarts: 1 }),
  ],
  services: [
    {
      name: 'payments',
      datacenter: 'dc1',
      protocol: 'tcp',
      instances: [
        { id: 'payments', node: 'payments', address: '127.5.0.110:9090', health: 'critical' },
        { id: 'payments-2', node: 'payments-2', address: '127.5.0.111:9090', health: 'passing' },
      ],
    },
  ],
  proxies: [
    { ...healthy.proxies[0]!, servesIndex: 40 },
    { ...healthy.proxies[1]!, error: 'listen EADDRINUSE 127.5.0.110:21000' },
  ],
  ingresses: [{ ...healthy.ingresses[0]!, error: 'EADDRINUSE' }],
  outputs: {},
};
