import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Forwards } from '../../../src/app/agent/forwards.ts';
import type { AgentParts } from '../../../src/app/agent/handlers.ts';
import { Registry } from '../../../src/app/agent/registry.ts';
import { registryBackend } from '../../../src/app/agent/registry-backend.ts';
import { runReports, workloadReports } from '../../../src/app/agent/workload-reports.ts';
import { Workloads } from '../../../src/app/agent/workloads.ts';
import { silentLog } from '../../../src/base/ports.ts';
import type { Probe, Workload } from '../../../src/base/workload.ts';
import type { ApplyContext, HostedWorkload, Registration } from '../../../src/blueprints/context.ts';
import { isReady, registerInstance } from '../../../src/blueprints/instance.ts';
import { emptyState } from '../../../src/blueprints/state.ts';
import * as queries from '../../../src/catalog/queries.ts';
import type { ForwardConfig } from '../../../src/compile/proxy-config.ts';
import { ProcessDriver } from '../../../src/drivers/process/driver.ts';
import { openTestPlane, random, realClock, type TestPlane } from '../../control/harness.ts';
import { eventually, isRunning } from '../../drivers/fixture/eventually.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

/** Workloads as real processes in a registry that is real, too; only no data plane serves it. */
let home: string;
let driver: ProcessDriver;
let workloads: Workloads;
let test: TestPlane;
let registry: Registry;
let forwards: Forwards;
let forwarded: (readonly ForwardConfig[])[];

beforeEach(async () => {
  home = temporaryFolder();
  const folder = (name: string) => {
    mkdirSync(join(home, name));
    return join(home, name);
  };
  driver = new ProcessDriver({
    runDir: folder('run'),
    logDir: folder('log'),
    dataDir: folder('data'),
    programs: { 'fake-service': ['false'], docs: ['false'], traces: ['false'], mesh: ['false'] },
    home,
    baseEnv: { PATH: process.env['PATH'] ?? '', HERE: home },
    addressMode: 'ports',
    abstractSockets: false,
  });
  await driver.open();
  await driver.reserve([{ owner: 'container.web', address: '10.231.8.10', ports: [9090], names: [] }]);
  workloads = new Workloads({ driver, clock: realClock, log: silentLog });
  test = await openTestPlane();
  const backend = registryBackend(test.plane, 'dc1', random);
  registry = new Registry({ backend, reach: (address, port) => driver.reach(address, port), clock: realClock, isIdle: () => false });
  forwarded = [];
  const sink = {
    setForwards: (set: readonly ForwardConfig[]) => void forwarded.push(set),
    synced: () => Promise.resolve(),
    settle: () => Promise.resolve(),
    errorOf: () => undefined,
  };
  forwards = new Forwards(sink, (address, port) => driver.reach(address, port), { port: 0, speakFor: () => undefined });
  onTestFinished(async () => {
    for (const hosted of workloads.all()) await workloads.stop(hosted.workload.id);
    driver.close();
    await test[Symbol.asyncDispose]();
  });
});

const probe = (script: string, failureThreshold: number): Probe => ({
  action: { type: 'exec', command: ['/bin/sh', '-c', script] },
  initialDelayMs: 0,
  periodMs: 10,
  timeoutMs: 5000,
  successThreshold: 1,
  failureThreshold,
});

/** Is ready while `ready` is there; each `sick` fails one check of its liveness, however slowly the program starts. */
const web: Workload = {
  id: 'container.web',
  name: 'web',
  image: '',
  command: ['/bin/sh', '-c', 'echo "begun"; exec sleep 600'],
  env: {},
  address: '10.231.8.10',
  ports: [{ port: 9090 }],
  upstreamPorts: [],
  names: [],
  mounts: [{ destination: '/config', source: { path: '/etc/web' }, readOnly: true }],
  readiness: [probe('test -e "$HERE/ready"', 1)],
  liveness: [probe('! rm "$HERE/sick.1" && ! rm "$HERE/sick.2"', 2)],
  stopDeadlineMs: 5000,
};

const registration: Registration = {
  node: { name: 'web', address: '10.231.8.10', meta: {} },
  service: { id: 'web', name: 'web', port: 9090, tags: [], meta: {}, checks: [] } as unknown as Registration['service'],
  address: '10.231.8.10',
  sidecarPort: 21000,
};

/** As its resource does it: registered, and behind a host port. */
async function started(): Promise<HostedWorkload> {
  writeFileSync(join(home, 'ready'), '');
  const hosted = await workloads.start(web, { adopt: false });
  const { node, service, address, sidecarPort } = registration;
  const context = { workloads, registry, forwards } as unknown as ApplyContext;
  await registerInstance({ name: 'web', workloads: [web], services: [service], node, address, sidecarPort }, [hosted], context);
  forwards.open({ id: 'container.web:80', hostPort: 80, wantedPort: 80, target: 'container.web', targetPort: 9090 });
  forwards.publish(
    'container.web',
    () => (isReady([web], context) ? [address] : []),
    (port) => port,
  );
  await eventually('it is healthy', () => health() === 'passing');
  expect(targets()).toBe(1);
  return hosted;
}

/** To how many places its host port leads. */
const targets = (): number => forwarded.at(-1)?.[0]?.targets.length ?? 0;

/** As its log tells. */
const starts = (): number => readFileSync(driver.logPath(web.id), 'utf8').split('begun').length - 1;

const health = (): string =>
  queries.worstStatus(queries.serviceInstances(test.plane.snapshot.value, 'dc1', 'web').value.flatMap((instance) => instance.checks));

async function report() {
  const datacenters = { specs: new Map() };
  const engine = { journal: { state: emptyState } };
  const parts = { driver, workloads, datacenters, engine, startedAt: 0 } as unknown as AgentParts;
  return { workload: (await workloadReports(parts))[0]!, runs: await runReports(parts) };
}

describe('a workload', () => {
  it('is restarted when its liveness fails, and says so', async () => {
    const hosted = await started();
    const first = hosted.status.value.pid!;
    for (const sick of ['sick.2', 'sick.1']) writeFileSync(join(home, sick), '');
    await eventually('it is restarted', () => hosted.status.value.restarts === 1 && hosted.status.value.phase === 'ready');
    expect(isRunning(first)).toBe(false);
    expect(hosted.status.value.pid).not.toBe(first);
    const { workload } = await report();
    expect(workload).toMatchObject({ restarts: 1, phase: 'ready', lastExitReason: 'was restarted: its liveness check failed' });
    expect(Date.parse(workload.lastExitAt!)).toBeGreaterThan(0);
    await eventually('it is healthy again', () => health() === 'passing');
  });

  it('that is not ready is out of the registry and of host ports, as long as it is not', async () => {
    const hosted = await started();
    rmSync(join(home, 'ready'));
    await eventually('it is critical', () => health() === 'critical');
    expect(targets()).toBe(0);
    expect(hosted.status.value).toMatchObject({ phase: 'running', restarts: 0 });
    writeFileSync(join(home, 'ready'), '');
    await eventually('it is back', () => health() === 'passing');
    expect(targets()).toBe(1);
    expect(hosted.status.value.restarts).toBe(0);
  });

  it('that is killed says by what, and shows its last lines while it waits', async () => {
    const hosted = await started();
    process.kill((await hosted.programPid())!, 'SIGKILL');
    await eventually('it has seen it', () => hosted.status.value.lastExit !== undefined);
    expect((await report()).workload).toMatchObject({ lastExit: 137, lastExitReason: 'was ended by signal 9 (SIGKILL)' });
    await eventually('it is back', () => hosted.status.value.phase === 'ready');
    expect((await report()).workload).not.toHaveProperty('lastLines');
    await workloads.stop(web.id);
    const broken = await workloads.start({ ...web, command: ['/bin/sh', '-c', 'echo "no such file"; exit 3'] }, { adopt: false });
    await eventually('it is given up', () => broken.status.value.phase === 'failed');
    expect((await report()).workload).toMatchObject({
      phase: 'failed',
      lastExitReason: 'exited with code 3',
      lastLines: ['no such file', 'no such file', 'no such file'],
    });
  });

  it('is reported with what it is made of, but for its environment', async () => {
    writeFileSync(join(home, 'ready'), '');
    await workloads.start({ ...web, env: { PASSWORD: 'geheim' } }, { adopt: false });
    const { workload } = await report();
    expect(workload).toMatchObject({
      image: '/bin/sh (a command of this machine)',
      command: web.command,
      mounts: [{ destination: '/config', source: '/etc/web', readOnly: true }],
      checks: [
        'readiness: exec /bin/sh -c test -e "$HERE/ready" every 10ms',
        'liveness: exec /bin/sh -c ! rm "$HERE/sick.1" && ! rm "$HERE/sick.2" every 10ms',
      ],
    });
    expect(JSON.stringify(workload)).not.toContain('geheim');
  });
});

describe('workloads that are paused', () => {
  const paused = new Set(['container.web']);

  it('become critical first, then end, and keep their log; resumed, they are themselves again', async () => {
    const hosted = await started();
    const { pid } = hosted.status.value;
    const seen: string[] = [];
    await workloads.setPaused(paused, {
      leave: async (leaving) => {
        await eventually('it is critical', () => health() === 'critical');
        seen.push(`${leaving.map(({ workload }) => workload.id).join()} runs: ${isRunning(pid!)}`);
      },
      enter: () => undefined,
    });
    expect(seen).toEqual(['container.web runs: true']);
    expect(isRunning(pid!)).toBe(false);
    expect((await report()).workload).toMatchObject({ phase: 'paused' });
    expect(starts()).toBe(1);
    expect(workloads.get(web.id)).toBe(hosted);
    await workloads.setPaused(paused, { leave: () => Promise.reject(new Error('nothing leaves')), enter: () => undefined });
    await workloads.setPaused(new Set(), registry);
    await hosted.ready(new AbortController().signal);
    await eventually('it is healthy', () => health() === 'passing');
    expect(starts()).toBe(2);
  });

  it('are ended by the next agent, if the last one did not get so far, and can be removed', async () => {
    const hosted = await started();
    const { pid } = hosted.status.value;
    workloads.release();
    await eventually('it can be found', async () => (await driver.adopt(web.id)) !== undefined);
    workloads = new Workloads({ driver, clock: realClock, log: silentLog });
    await workloads.setPaused(paused, registry);
    const adopted = await workloads.start(web, { adopt: true });
    expect(adopted.status.value.phase).toBe('paused');
    expect(isRunning(pid!)).toBe(false);
    await workloads.stop(web.id);
    expect(adopted.status.value.phase).toBe('stopped');
    expect(existsSync(driver.logPath(web.id))).toBe(false);
  });

  it('are those of their generation only', async () => {
    await started();
    await workloads.setPaused(new Set(['container.web~2', 'container.we']), registry);
    expect((await report()).workload.phase).toBe('ready');
  });
});

describe('what runs once', () => {
  const { signal } = new AbortController();
  const once = (id: string, script: string): Workload => ({
    ...web,
    id,
    name: id.split('.')[1]!,
    address: '',
    command: ['/bin/sh', '-c', script],
    readiness: [],
    liveness: [],
  });

  it('is remembered with how it ended, until it is removed', async () => {
    await workloads.runOnce(once('exec_local.good', 'echo fine'), { timeoutMs: 0, signal });
    await expect(workloads.runOnce(once('exec_local.bad', 'echo broken; exit 4'), { timeoutMs: 0, signal })).rejects.toThrow(
      'bad exited with code 4; its last lines:\n  broken',
    );
    const stop = new AbortController();
    const slow = workloads.runOnce(once('exec_local.slow', 'exec sleep 600'), { timeoutMs: 0, signal: stop.signal });
    await eventually('it runs', () => workloads.runs().length === 3);
    expect((await report()).runs.map(({ name, state, exit, reason }) => ({ name, state, exit, reason }))).toEqual([
      { name: 'good', state: 'done', exit: 0, reason: undefined },
      { name: 'bad', state: 'failed', exit: 4, reason: 'exited with code 4' },
      { name: 'slow', state: 'running', exit: undefined, reason: undefined },
    ]);
    stop.abort(new Error('enough'));
    await expect(slow).rejects.toThrow('enough');
    await workloads.stop('exec_local.bad');
    expect((await report()).runs.map(({ name, state }) => `${name} ${state}`)).toEqual(['good done', 'slow failed']);
  });
});
