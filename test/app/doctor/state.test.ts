import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkClock, spanText } from '../../../src/app/doctor/clock.ts';
import { checkDisk, checkLock, checkRights } from '../../../src/app/doctor/home-state.ts';
import { checkRunning, checkWorkloads } from '../../../src/app/doctor/running.ts';
import { type Home, homeOf } from '../../../src/app/home.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';
import { healthy, NOW, workload } from '../cli/report.ts';

function madeHome(): Home {
  const home = homeOf({ MESH_HOME: join(temporaryFolder(), 'home') }, '/');
  for (const folder of [home.stateDir, home.registryDir, home.runDir, home.logDir, home.dataDir])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(home.registryDir, 'ca.log'), 'key', { mode: 0o600 });
  return home;
}

/** No process has it. */
const GONE = 2 ** 22 + 1;

describe('rights of the home', () => {
  it('are those of its owner alone', async () => {
    const home = madeHome();
    expect(await checkRights(home)).toMatchObject([{ state: 'ok' }]);
    chmodSync(join(home.registryDir, 'ca.log'), 0o644);
    const [file] = await checkRights(home);
    expect(file).toMatchObject({ state: 'warn', hint: `chmod -R go-rwx ${join(home.registryDir, 'ca.log')}` });
    chmodSync(join(home.registryDir, 'ca.log'), 0o600);
    chmodSync(home.logDir, 0o755);
    expect(await checkRights(home)).toMatchObject([{ state: 'warn', found: `others of this machine can read ${home.logDir}` }]);
  });

  it('are not asked for before it is made', async () => {
    expect(await checkRights(homeOf({ MESH_HOME: join(temporaryFolder(), 'none') }, '/'))).toEqual([]);
  });
});

describe('the disk', () => {
  it('is that of the home, or of where it will be', async () => {
    const [found] = await checkDisk(homeOf({ MESH_HOME: join(temporaryFolder(), 'deep', 'home') }, '/'));
    expect(found!.found).toMatch(/^[\d.]+ (MiB|GiB) free for \/.*\/deep\/home$/);
  });
});

describe('the lock of the home', () => {
  it('is a socket that nobody listens on any more', async () => {
    const home = madeHome();
    writeFileSync(home.agentSocket, '');
    expect(await checkLock(home, false)).toMatchObject([
      { state: 'warn', found: `an agent has ended without a word and left ${home.agentSocket}` },
    ]);
  });

  it('is free, held, or left by an agent that has ended without a word', async () => {
    const home = madeHome();
    expect(await checkLock(home, false)).toMatchObject([{ state: 'ok', found: 'free' }]);
    writeFileSync(home.recordPath, JSON.stringify({ pid: GONE, http: '127.0.0.1:8500' }));
    expect(await checkLock(home, false)).toMatchObject([
      { state: 'warn', found: `an agent has ended without a word and left ${home.recordPath}` },
    ]);
    expect(await checkLock(home, true)).toMatchObject([{ state: 'ok', found: `${home.root} is held by the agent, pid ${GONE}` }]);
  });

  it('is something else that answers where the agent would', async () => {
    const home = madeHome();
    const other = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => void other.listen(home.agentSocket, resolve));
    onTestFinished(() => void other.close());
    expect(await checkLock(home, false)).toMatchObject([{ state: 'fail', found: `something else answers on ${home.agentSocket}` }]);
  });

  it('leaves pid files behind', async () => {
    const home = madeHome();
    writeFileSync(join(home.runDir, 'container.web.pid'), `${GONE}\n`);
    writeFileSync(join(home.runDir, 'container.api.pid'), `${process.pid}\n`);
    expect(await checkLock(home, false)).toMatchObject([
      { state: 'warn', found: 'pid files of programs that are gone: container.web.pid' },
    ]);
  });
});

describe('the clock', () => {
  it('is not behind what was written', async () => {
    const home = madeHome();
    const now = Date.now();
    writeFileSync(home.agentLog, '');
    expect(await checkClock(home, undefined, now)).toMatchObject({ state: 'ok' });
    utimesSync(home.agentLog, now / 1000, now / 1000 + 7200);
    expect(await checkClock(home, undefined, now)).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('was written 2 h in the future'),
    });
  });

  it.runIf(process.platform === 'linux')('was not set while the agent has been running', async () => {
    const home = madeHome();
    const now = Date.now();
    const since = (ms: number) => ({
      ...healthy,
      agent: { ...healthy.agent, pid: process.pid, since: new Date(now - process.uptime() * 1000 - ms).toISOString() },
    });
    expect(await checkClock(home, since(0), now)).toMatchObject({ state: 'ok' });
    expect(await checkClock(home, since(3_600_000), now)).toMatchObject({
      state: 'warn',
      found: 'it was set forward by 60 min since the agent started',
    });
    expect(await checkClock(home, since(-86_400_000), now)).toMatchObject({
      state: 'warn',
      found: 'it was set back by 24 h since the agent started',
    });
  });

  it('says how long in few words', () => {
    expect([42_000, 300_000, 18_000_000, 259_200_000].map(spanText)).toEqual(['42 s', '5 min', '5 h', '3 days']);
  });
});

describe('what runs', () => {
  const proxy = { id: 'dc1/n/web-sidecar-proxy', service: 'web', upstreams: [], configIndex: 9, servesIndex: 9 };
  it.each<[string, object, string, string]>([
    ['serves', {}, 'ok', '1 serves its configuration'],
    ['is behind', { servesIndex: 7 }, 'warn', 'behind their configuration: dc1/n/web-sidecar-proxy serves index 7 of 9'],
    ['can not', { error: 'EADDRINUSE' }, 'fail', 'not served: dc1/n/web-sidecar-proxy: EADDRINUSE'],
  ])('a sidecar %s', (_, more, state, found) => {
    const [first] = checkRunning({ ...healthy, proxies: [{ ...proxy, ...more }] }, NOW);
    expect(first).toMatchObject({ name: 'sidecars', state, found });
  });

  const lately = new Date(NOW - 60_000).toISOString();
  const longAgo = new Date(NOW - 86_400_000).toISOString();
  it.each<[string, object, string[]]>([
    ['runs', {}, ['ok 1 runs']],
    ['was restarted long ago', { restarts: 9, lastExitAt: longAgo }, ['ok 1 runs']],
    ['was restarted once', { restarts: 1, lastExitAt: lately }, ['ok 1 runs']],
    [
      'is restarted often',
      { restarts: 4, lastExitAt: lately, lastExitReason: 'exited with code 3' },
      ['warn web was restarted 4 times: it exited with code 3'],
    ],
    [
      'waits',
      { phase: 'backoff', restarts: 2, lastExitReason: 'exited with code 3', lastLines: ['no \u001b[31mport'] },
      ['fail web exited with code 3 and waits for its next start, after 2 restarts; it said last: no [31mport'],
    ],
    ['has given up', { phase: 'failed', lastExitReason: 'exited with code 1' }, ['fail web has given up: it exited with code 1']],
  ])('a workload %s', (_, more, expected) => {
    expect(checkWorkloads([workload('web', more)], NOW).map(({ state, found }) => `${state} ${found}`)).toEqual(expected);
  });

  it('names commands and resources that failed', () => {
    const found = checkRunning(
      {
        ...healthy,
        proxies: [],
        workloads: [],
        runs: [{ id: 'exec.init', name: 'init', image: 'x', state: 'failed', since: lately, reason: 'exited with code 2', log: '' }],
        resources: [{ key: 'container.web', status: 'creating', owners: [], since: lately, error: 'no such image' }],
      },
      NOW,
    );
    expect(found.map(({ state, found: text }) => `${state} ${text}`)).toEqual([
      'ok there are none',
      'warn init exited with code 2',
      'fail container.web is creating: no such image',
    ]);
  });
});
