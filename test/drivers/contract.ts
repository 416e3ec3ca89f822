import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Workload } from '../../src/base/workload.ts';
import type { Driver } from '../../src/drivers/driver.ts';
import { eventually, isRunning } from './fixture/eventually.ts';

/** A driver to test, and how to open a second one on the same home, as a new agent does after a crash of the first. */
export interface Subject {
  readonly driver: Driver;
  readonly reopen: () => Promise<Driver>;
}

/** Longer than any test may take: who waits for it, fails. */
const NEVER_MS = 600_000;

/** Runs `script` in a shell; `$LISTEN_ADDR` is where it may listen. */
export function workloadOf(script: string, more: Partial<Workload> = {}): Workload {
  return {
    id: 'container.web',
    name: 'web',
    image: 'nicholasjackson/fake-service:v0.24.2',
    entrypoint: ['/bin/sh', '-c', script],
    env: { LISTEN_ADDR: '0.0.0.0:9090', PEER: 'http://payments.container.shipyard.run:9090' },
    address: '10.231.7.100',
    ports: [{ port: 9090 }],
    upstreamPorts: [],
    names: ['web.container.shipyard.run'],
    mounts: [],
    readiness: [],
    liveness: [],
    stopDeadlineMs: NEVER_MS,
    ...more,
  };
}

const CLAIMS = [
  { owner: 'container.web', address: '10.231.7.100', ports: [9090], names: ['web.container.shipyard.run'] },
  { owner: 'container.payments', address: '10.231.7.110', ports: [9090], names: ['payments.container.shipyard.run'] },
];

/** Listens where `$LISTEN_ADDR` says and answers every request with 200. */
const SERVER = `exec node -e '
  const [host, port] = process.env.LISTEN_ADDR.split(":");
  require("node:http").createServer((request, response) => response.end()).listen(Number(port), host);
'`;

/** What every driver must do, whatever it runs workloads on. */
export function driverContract(name: string, open: () => Promise<Subject>): void {
  async function ready(): Promise<Subject & { log: (id?: string) => string }> {
    const subject = await open();
    const { driver } = subject;
    onTestFinished(async () => {
      for (const id of ['container.web', 'container.payments']) await driver.sweep(id);
    });
    await driver.reserve(CLAIMS);
    return { ...subject, log: (id = 'container.web') => readFileSync(driver.logPath(id), 'utf8') };
  }

  describe(`${name}: addresses`, () => {
    it('gives each claim a place of its own that every reader is told alike', async () => {
      const { driver } = await ready();
      const [web, payments] = [driver.reach('10.231.7.100', 9090), driver.reach('10.231.7.110', 9090)];
      expect(web).not.toEqual(payments);
      await driver.reserve(CLAIMS);
      expect(driver.reach('10.231.7.100', 9090)).toEqual(web);
      expect([...driver.claimed].map(([address, { owner, reachable }]) => [address, owner, reachable])).toEqual([
        ['10.231.7.100', 'container.web', web.address],
        ['10.231.7.110', 'container.payments', payments.address],
      ]);
    });

    it('forgets what was released, and remembers the rest when it is opened again', async () => {
      const { driver, reopen } = await ready();
      const web = driver.reach('10.231.7.100', 9090);
      await driver.release(['10.231.7.110']);
      const later = await reopen();
      expect([...later.claimed.keys()]).toEqual(['10.231.7.100']);
      expect(later.reach('10.231.7.100', 9090)).toEqual(web);
    });
  });

  describe(`${name}: workloads`, () => {
    it('tells the workload where it and the others are', async () => {
      const { driver, log } = await ready();
      const running = await driver.start(workloadOf('echo "$LISTEN_ADDR $PEER"'));
      expect(await running.exited).toEqual({ code: 0 });
      const [web, payments] = [driver.reach('10.231.7.100', 9090), driver.reach('10.231.7.110', 9090)];
      expect(log()).toBe(`${web.address}:${web.port} http://${payments.address}:${payments.port}\n`);
    });

    it('keeps the output of one start after the other', async () => {
      const { driver, log } = await ready();
      for (const code of [3, 4]) expect(await (await driver.start(workloadOf(`echo ${code}; exit ${code}`))).exited).toEqual({ code });
      expect(log()).toBe('3\n4\n');
    });

    it('stops it gently, then for good', async () => {
      const { driver, log } = await ready();
      const gentle = await driver.start(workloadOf('trap "exit 5" TERM; echo up; while :; do sleep 0.02; done'));
      await eventually('it is up', () => log().includes('up'));
      await gentle.stop(NEVER_MS);
      expect(await gentle.exited).toEqual({ code: 5 });
      const stubborn = await driver.start(workloadOf('trap "" TERM; echo stubborn; while :; do sleep 0.02; done'));
      await eventually('it is up', () => log().includes('stubborn'));
      await stubborn.stop(50);
      expect(await stubborn.exited).toEqual({ code: 137 });
    });

    it('adopts what an earlier agent left running, and nothing else', async () => {
      const { driver, reopen } = await ready();
      const running = await driver.start(workloadOf('sleep 600'));
      const later = await reopen();
      await eventually('it can be adopted', async () => (await later.adopt('container.web')) !== undefined);
      const adopted = (await later.adopt('container.web'))!;
      expect(adopted.pid).toBe(running.pid);
      expect(await later.adopt('container.payments')).toBeUndefined();
      await adopted.stop(NEVER_MS);
      await running.exited;
      expect(await later.adopt('container.web')).toBeUndefined();
    });

    it('sweeps what was started this moment', async () => {
      const { driver } = await ready();
      const running = await driver.start(workloadOf('sleep 600'));
      await driver.sweep('container.web');
      expect(isRunning(running.pid)).toBe(false);
      expect(existsSync(driver.logPath('container.web'))).toBe(false);
    });

    it('sweeps what an earlier agent left, and is content when there is nothing', async () => {
      const { driver, reopen } = await ready();
      const running = await driver.start(workloadOf('sleep 600'));
      const later = await reopen();
      await eventually('it can be adopted', async () => (await later.adopt('container.web')) !== undefined);
      await later.sweep('container.web');
      await running.exited;
      expect(isRunning(running.pid)).toBe(false);
      await later.sweep('container.web');
    });

    it('refuses an image that it can not run, with a way out', async () => {
      const { driver } = await ready();
      const refused = driver.start(workloadOf('true', { image: 'nicholasjackson/fake-servce:v1' }));
      await expect(refused).rejects.toMatchObject({ code: 'environment', hint: expect.stringContaining('fake-service') });
    });
  });

  describe(`${name}: probes`, () => {
    it('pass once the workload listens, and fail after it went', async () => {
      const { driver } = await ready();
      const workload = workloadOf(SERVER);
      const tcp = { type: 'tcp', port: 9090 } as const;
      const http = { type: 'http', port: 9090, path: '/', headers: {}, codes: [] } as const;
      // A port that is free may be somebody else's for a moment, where all share 127.0.0.1.
      const isDown = async () => !(await driver.probe(workload, tcp, 1000));
      await eventually('nothing answers before', isDown);
      const running = await driver.start(workload);
      await eventually('it answers', () => driver.probe(workload, http, 1000));
      expect(await driver.probe(workload, tcp, 1000)).toBe(true);
      expect(await driver.probe(workload, { ...http, codes: [204] }, 1000)).toBe(false);
      await running.stop(0);
      await eventually('nothing answers after', isDown);
    });

    it('run commands as the workload would', async () => {
      const { driver } = await ready();
      const own = driver.reach('10.231.7.100', 9090);
      const probe = (script: string, ...words: string[]) =>
        driver.probe(workloadOf('true'), { type: 'exec', command: ['/bin/sh', '-c', script, ...words] }, 5000);
      expect(await probe(`[ "$LISTEN_ADDR" = "${own.address}:${own.port}" ]`)).toBe(true);
      expect(await probe(`[ "$0" = "${own.address}:${own.port}" ]`, 'localhost:9090')).toBe(true);
      expect(await probe('exit 1')).toBe(false);
    });
  });
}
