import { describe, expect, it } from 'vitest';
import type { WorkloadReport } from '../../../src/app/rpc/status.ts';
import { inspect } from '../../../src/app/test/inspect.ts';

const resource = {
  key: 'container.consul',
  type: 'container',
  owners: [],
  addresses: ['10.6.0.200'],
  spec: {
    workload: {
      id: 'container.consul',
      name: 'consul',
      image: 'consul:1.10.6',
      command: ['consul', 'agent', '-dev'],
      env: { foo: 'bah', something: 'set by test' },
      names: ['consul.container.shipyard.run'],
      ports: [{ port: 8500 }, { port: 8300 }],
      mounts: [
        { destination: '/config', source: { path: '/work/config' }, readOnly: true },
        { destination: '/secret', source: { text: 'x', secret: true }, readOnly: false },
      ],
    },
    network: { network: 'network.onprem' },
    hostPorts: [{ host: 18500, target: 8500 }],
  },
};

const report = {
  phase: 'ready',
  pid: 42,
  since: '2026-11-29T00:00:00Z',
  restarts: 1,
  address: '10.6.0.200',
  log: '/x.log',
} as WorkloadReport;

describe('inspect', () => {
  it('tells what docker inspect would, where it would', () => {
    expect(inspect(resource, report)).toMatchObject({
      Name: '/consul.container.shipyard.run',
      RestartCount: 1,
      State: { Running: true, Status: 'running', Pid: 42 },
      Config: { Image: 'consul:1.10.6', Env: ['foo=bah', 'something=set by test'], Cmd: ['consul', 'agent', '-dev'] },
      HostConfig: { Binds: ['/work/config:/config:ro'], PortBindings: { '8500/tcp': [{ HostPort: '18500' }] } },
      Mounts: [{ Source: '/work/config', Destination: '/config', RW: false }, { Destination: '/secret' }],
      NetworkSettings: {
        IPAddress: '10.6.0.200',
        Ports: { '8500/tcp': [{ HostPort: '18500' }], '8300/tcp': null },
        Networks: { onprem: { IPAddress: '10.6.0.200', Aliases: ['consul.container.shipyard.run'] } },
      },
    });
  });

  it('tells of one that has ended', () => {
    expect(inspect(resource, { ...report, phase: 'failed', lastExit: 3 })).toMatchObject({
      State: { Running: false, Status: 'failed', ExitCode: 3 },
    });
    expect(inspect(resource, undefined)).toMatchObject({ State: { Running: false, Status: 'exited', Pid: 0 } });
  });
});
