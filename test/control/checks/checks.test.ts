import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { Watchable } from '../../../src/base/watch.ts';
import * as queries from '../../../src/catalog/queries.ts';
import { emptySnapshot, type Snapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import type { Check, CheckRun, Op, Unindexed } from '../../../src/catalog/types.ts';
import { type CheckTuning, DEFAULT_TUNING } from '../../../src/control/agent/tuning.ts';
import { Checks } from '../../../src/control/checks/checks.ts';
import type { Outcome } from '../../../src/control/checks/outcome.ts';
import { check, register, service } from '../../catalog/registrations.ts';
import { ManualClock } from '../harness.ts';

const SECOND = 1e9;
const MINUTE = 60 * SECOND;

let clock: ManualClock;
let snapshot: Watchable<Snapshot>;
let checks: Checks;
let writes: number;
/** What the next probe finds. */
let found: Outcome;
let reaped: string[];
let tuning: Partial<CheckTuning>;

beforeEach(() => {
  clock = new ManualClock(0);
  snapshot = new Watchable(emptySnapshot(['dc1']));
  writes = 0;
  tuning = {};
  reaped = [];
  const commit = (ops: readonly Op[]): Promise<void> => {
    for (const op of ops) {
      const done = transact(snapshot.value, op);
      snapshot.set(done.snapshot);
      if (op.type === 'check-status') writes++;
      checks.follow(done.changed);
    }
    return Promise.resolve();
  };
  checks = new Checks({
    tuning: () => ({ ...DEFAULT_TUNING.checks, ...tuning }),
    snapshot,
    commit,
    clock,
    random: { next: () => 0.5, uuid: () => '' },
    log: silentLog,
    reap: (_dc, _node, id) => {
      reaped.push(id);
      return commit([{ type: 'deregister', dc: 'dc1', node: 'n1', serviceId: id }]);
    },
    probeOf: ({ HTTP }) => (HTTP ? () => Promise.resolve(found) : undefined),
  });
});
afterEach(() => {
  checks.close();
  expect(clock.sleeping).toBe(0);
});

const put = (...ops: Op[]): void => {
  for (const op of ops) {
    const done = transact(snapshot.value, op);
    snapshot.set(done.snapshot);
    checks.follow(done.changed);
  }
};

/** Registers web with one check that does this, and starts it. */
async function start(run: CheckRun, over: Partial<Check> = {}): Promise<Unindexed<Check>> {
  const row = check('c', { ServiceID: 'web', ServiceName: 'web', Status: 'critical', Run: run, ...over });
  put(register('n1', [service('web')], [row]));
  await checks.start('dc1', row);
  return row;
}

const state = (id = 'c') => {
  const { Status, Output } = queries.check(snapshot.value, 'dc1', 'n1', id)!;
  return [Status, Output];
};
const ref = (id = 'c') => ({ dc: 'dc1', node: 'n1', id });

describe('a check with a TTL', () => {
  it('is critical unless somebody reports in time', async () => {
    await start({ TTL: 10 * SECOND });
    expect(await checks.report(ref(), 'passing', 'all well')).toBe(true);
    expect(state()).toEqual(['passing', 'all well']);
    await clock.advanceTo(9_000);
    await checks.report(ref(), 'passing', 'all well');
    await clock.advanceTo(18_000);
    expect(state()).toEqual(['passing', 'all well']);
    await clock.advanceTo(19_000);
    expect(state()).toEqual(['critical', 'TTL expired (last output before timeout follows): all well']);
  });

  it('says nothing of an output that there never was', async () => {
    await start({ TTL: 10 * SECOND }, { Status: 'passing' });
    await clock.advanceTo(10_000);
    expect(state()).toEqual(['critical', 'TTL expired']);
  });

  it('is no check that others report', async () => {
    expect(await checks.report(ref('nope'), 'passing', '')).toBe(false);
    await start({ HTTP: 'http://x', Interval: SECOND });
    expect(await checks.report(ref(), 'passing', '')).toBe(false);
  });
});

describe('a check that is made', () => {
  it('begins at a random moment of its first interval, and is made again after each', async () => {
    found = { status: 'passing', output: 'ok' };
    await start({ HTTP: 'http://x', Interval: 10 * SECOND });
    await clock.advanceTo(4_999);
    expect(state()).toEqual(['critical', '']);
    await clock.advanceTo(5_000);
    expect(state()).toEqual(['passing', 'ok']);
    found = { status: 'warning', output: 'hm' };
    await clock.advanceTo(14_999);
    expect(state()).toEqual(['passing', 'ok']);
    await clock.advanceTo(15_000);
    expect(state()).toEqual(['warning', 'hm']);
  });

  it('is made at once when there is news', async () => {
    found = { status: 'passing', output: 'ok' };
    await start({ HTTP: 'http://x', Interval: 10 * SECOND });
    checks.hurry(ref());
    await clock.advanceTo(0);
    expect(state()).toEqual(['passing', 'ok']);
  });

  it('shows a new output to the agent at once, and writes it minutes later', async () => {
    found = { status: 'passing', output: 'a' };
    await start({ HTTP: 'http://x', Interval: 10 * SECOND });
    await clock.advanceTo(5_000);
    found = { status: 'passing', output: 'b' };
    await clock.advanceTo(15_000);
    expect([state(), checks.outputOf(ref()), writes]).toEqual([['passing', 'a'], 'b', 1]);
    await clock.advanceTo(15_000 + 225_000);
    expect([state(), writes]).toEqual([['passing', 'b'], 2]);
  });

  it('keeps no output that nobody wants, and as much of a report as it may', async () => {
    tuning = { outputMaxSize: 4 };
    await start({ TTL: MINUTE, OutputMaxSize: 9 });
    await checks.report({ dc: 'dc1', node: 'n1', id: 'c' }, 'passing', 'abcdef');
    expect(state()).toEqual(['passing', 'abcd ... (captured 4 of 6 bytes)']);
    tuning = { discardOutput: true };
    await checks.report({ dc: 'dc1', node: 'n1', id: 'c' }, 'critical', 'abcdef');
    expect(state()).toEqual(['critical', '']);
  });

  it('writes a new output at once where that is asked for', async () => {
    tuning = { updateIntervalMs: 0 };
    await start({ TTL: MINUTE });
    for (const output of ['a', 'b']) await checks.report({ dc: 'dc1', node: 'n1', id: 'c' }, 'critical', output);
    expect([state(), writes]).toEqual([['critical', 'b'], 2]);
  });

  it('ends when it is gone from the catalog, or has become one of somebody else', async () => {
    found = { status: 'passing', output: 'ok' };
    await start({ HTTP: 'http://x', Interval: 10 * SECOND });
    put({ type: 'deregister', dc: 'dc1', node: 'n1', checkId: 'c' });
    await clock.advanceTo(5_000);
    expect([checks.count, writes]).toEqual([{ ttls: 0, monitors: 0 }, 0]);
  });

  it('goes on after a restart', async () => {
    found = { status: 'passing', output: 'ok' };
    put(
      register('n1', [service('web')], [check('c', { Status: 'critical', Run: { HTTP: 'http://x', Interval: SECOND } }), check('other')]),
    );
    checks.restore();
    expect(checks.count).toEqual({ ttls: 0, monitors: 1 });
    await clock.advanceTo(500);
    expect(state()).toEqual(['passing', 'ok']);
  });
});

describe('an alias', () => {
  it('has the health of a service, and of its node', async () => {
    put(register('n1', [service('db')], [check('db-check', { ServiceID: 'db', Status: 'passing' }), check('serfHealth')]));
    await start({ AliasService: 'db' });
    expect(state()).toEqual(['passing', 'All checks passing.']);
    const set = (id: string, status: Check['Status'], output: string) =>
      put({ type: 'check-status', dc: 'dc1', node: 'n1', checkId: id, status, output });
    set('db-check', 'warning', 'slow');
    expect(state()).toEqual(['warning', 'Aliased check "db-check" failing: slow']);
    put(register('n1', [], [check('disk', { Status: 'critical', Output: 'full' })]));
    expect(state()).toEqual(['critical', 'Aliased check "disk" failing: full']);
  });

  it('waits for a service that is not there, and notices that it goes', async () => {
    await start({ AliasService: 'db' });
    expect(state()).toEqual(['critical', 'Service db could not be found on node ']);
    put(register('n1', [service('db')]));
    expect(state()).toEqual(['passing', 'No checks found.']);
    put({ type: 'deregister', dc: 'dc1', node: 'n1', serviceId: 'db' });
    expect(state()[0]).toBe('critical');
  });

  it('follows a node elsewhere', async () => {
    put(register('n2', [], [check('serfHealth', { Status: 'critical', Output: 'dead' })]));
    await start({ AliasNode: 'n2' });
    expect(state()).toEqual(['critical', 'Aliased check "serfHealth" failing: dead']);
  });
});

describe('a service that is critical for too long', () => {
  it('goes, but not before a minute', async () => {
    await start({ TTL: 10 * SECOND, DeregisterCriticalServiceAfter: SECOND });
    await clock.advanceTo(30_000);
    await checks.report(ref(), 'passing', '');
    await clock.advanceTo(60_000);
    await clock.advanceTo(90_000);
    expect(reaped).toEqual([]);
    await clock.advanceTo(120_000);
    expect([reaped, queries.check(snapshot.value, 'dc1', 'n1', 'c')]).toEqual([['web'], undefined]);
  });

  it('has as long as it asks for', async () => {
    await start({ TTL: 10 * SECOND, DeregisterCriticalServiceAfter: 2 * MINUTE });
    for (const at of [30_000, 60_000, 90_000]) await clock.advanceTo(at);
    expect(reaped).toEqual([]);
    await clock.advanceTo(120_000);
    expect(reaped).toEqual(['web']);
  });
});
