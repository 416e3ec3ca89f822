import type { RunReport, StatusReport, WorkloadReport } from '../../../src/app/rpc/status.ts';

/** The moment at which the reports below are shown. */
const NOW_TEXT = '2026-03-01T12:00:00.000Z';
export const NOW = Date.parse(NOW_TEXT);

export function workload(name: string, more: Partial<WorkloadReport> = {}): WorkloadReport {
  const { reachable = '127.5.0.110', ports = [9090] } = more;
  return {
    id: `container.${name}`,
    name,
    owners: ['v2'],
    image: 'nicholasjackson/fake-service:v0.24.2',
    phase: 'ready',
    pid: 4711,
    since: '2026-03-01T11:58:30.000Z',
    restarts: 0,
    address: '10.5.0.110',
    reachable,
    ports,
    endpoints: ports.map((port) => `${reachable}:${port}`),
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
  runs: [],
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

const run = (name: string, more: Partial<RunReport>): RunReport => ({
  id: `exec_local.${name}`,
  name,
  image: 'sh (a command of this machine)',
  command: ['sh', '-c', 'for i in 1 2 3;\n  do echo "preparing the tables of the database number $i"; done'],
  state: 'done',
  since: '2026-03-01T11:58:00.000Z',
  endedAt: '2026-03-01T11:59:00.000Z',
  exit: 0,
  log: `/home/me/logs/exec_local.${name}.log`,
  ...more,
});

/** The same mesh, paused, with commands that have run before. */
export const paused: StatusReport = {
  ...healthy,
  blueprints: [{ ...healthy.blueprints[0]!, id: '/home/me/with/a/long/path/to/all/my/blueprints/of/the/workshop/v2', paused: true }],
  workloads: ['payments', 'web-0'].map((name) => ({ ...workload(name), phase: 'paused', pid: undefined }) as never),
  runs: [run('prepare', {}), run('migrate', { state: 'failed', exit: 3, reason: 'exited with code 3', lastLines: ['no table'] })],
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
    {
      ...workload('payments', {
        phase: 'backoff',
        restarts: 2,
        lastExit: 1,
        lastExitAt: '2026-03-01T11:59:48.000Z',
        lastExitReason: 'exited with code 1',
        lastLines: ['opening /data', 'no such file'],
        ports: [9090, 9102],
        command: ['serve', '--all'],
        mounts: [
          { destination: '/config/payments.hcl', source: '/work/v2/payments.hcl', readOnly: true },
          { destination: '/etc/tls', readOnly: false },
        ],
        checks: ['readiness: http GET :9090/ready every 10s', 'liveness: exec test -e /tmp/alive every 1s'],
      }),
      pid: undefined,
    } as never,
    workload('web-0', {
      phase: 'running',
      lastExit: 137,
      restarts: 1,
      lastExitAt: '2026-03-01T11:55:00.000Z',
      lastExitReason: 'was restarted: its liveness check failed',
    }),
    workload('api', {
      phase: 'failed',
      restarts: 2,
      lastExit: 139,
      lastExitAt: NOW_TEXT,
      lastExitReason: 'was ended by signal 11 (SIGSEGV)',
    }),
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
