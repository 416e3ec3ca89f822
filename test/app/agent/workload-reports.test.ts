import { describe, expect, it } from 'vitest';
import type { AgentParts } from '../../../src/app/agent/handlers.ts';
import { workloadReports } from '../../../src/app/agent/workload-reports.ts';
import { AddressBook } from '../../../src/drivers/process/address-book.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

/** What is reported of `container.web~2` of blueprint v2, which takes the place of `container.web` of v1. */
async function reported(mode: 'loopback' | 'ports') {
  const book = new AddressBook({ runDir: temporaryFolder(), mode, abstractSockets: false });
  await book.reserve([{ owner: 'container.web~2', address: '10.89.0.10~2', ports: [9090, 9091], names: [] }]);
  const driver = {
    claimed: book.entries,
    reach: (address: string, port: number) => book.reach(address, port),
    logPath: (id: string) => `/logs/${id}.log`,
  };
  const workload = {
    id: 'container.web~2',
    generation: 2,
    name: 'web',
    image: 'web:1',
    address: '10.89.0.10~2',
    ports: [{ port: 9090 }, { port: 9091 }],
    mounts: [],
    readiness: [],
    liveness: [],
  };
  const status = { value: { phase: 'failed', startedAt: 0, restarts: 0, lastExitAt: 90_000, lastExitCause: 'not-started' } };
  const record = (owner: string, more: object) => ({ resource: { key: 'container.web' }, owners: [owner], ...more });
  const state = {
    blueprints: new Map([
      ['/v1', { name: 'v1' }],
      ['/v2', { name: 'v2' }],
    ]),
    resources: new Map([
      ['container.web', record('/v2', { generation: 2 })],
      ['container.web~1', record('/v1', { outgoing: true })],
    ]),
  };
  const parts = {
    engine: { journal: { state } },
    driver,
    datacenters: { specs: new Map() },
    workloads: { all: () => [{ workload, status, programPid: () => Promise.resolve(undefined) }] },
  };
  const [report] = await workloadReports(parts as unknown as AgentParts);
  return { report: report!, book };
}

describe('the report of a workload', () => {
  it('names it as its blueprint does, and says which of several it is', async () => {
    const { report } = await reported('loopback');
    expect(report).toMatchObject({
      id: 'container.web',
      generation: 2,
      owners: ['v2'],
      address: '10.89.0.10',
      log: '/logs/container.web~2.log',
    });
  });

  it('counts from its last try, if it never began', async () => {
    const { report } = await reported('loopback');
    expect(report).toMatchObject({ since: '1970-01-01T00:01:30.000Z', lastExitReason: 'could not be started' });
  });

  it('says where each port can be dialled, also where all share one address', async () => {
    const { report } = await reported('loopback');
    expect(report.endpoints).toEqual([`${report.reachable}:9090`, `${report.reachable}:9091`]);
    const shared = await reported('ports');
    const mapped = [9090, 9091].map((port) => shared.book.reach('10.89.0.10~2', port).port);
    expect(mapped).not.toContain(9090);
    expect(shared.report).toMatchObject({
      reachable: '127.0.0.1',
      ports: [9090, 9091],
      endpoints: mapped.map((port) => `127.0.0.1:${port}`),
    });
  });
});
