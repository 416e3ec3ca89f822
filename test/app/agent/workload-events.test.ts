import { describe, expect, it } from 'vitest';
import { BlueprintEvents } from '../../../src/app/agent/blueprint-events.ts';
import { eventOfWorkload } from '../../../src/app/agent/workload-events.ts';
import type { Workload } from '../../../src/base/workload.ts';
import type { WorkloadStatus } from '../../../src/blueprints/context.ts';
import type { Happened } from '../../../src/control/history/history.ts';

const workload = { id: 'container.web', name: 'web' } as Workload;
const status = (phase: WorkloadStatus['phase'], more: Partial<WorkloadStatus> = {}): WorkloadStatus => ({
  phase,
  pid: undefined,
  startedAt: 0,
  restarts: 0,
  lastExit: undefined,
  ...more,
});
const said = (before: WorkloadStatus, after: WorkloadStatus): [string, string] | undefined => {
  const happened = eventOfWorkload(workload, before, after);
  return happened && [happened.text, happened.level];
};

describe('what happens to a workload', () => {
  it('is told when it starts, is ready, ends, is restarted and fails', () => {
    expect(said(status('starting'), status('running', { pid: 7 }))).toEqual(['web has started, pid 7', 'info']);
    expect(said(status('running'), status('ready', { pid: 7 }))).toEqual(['web is ready, pid 7', 'info']);
    expect(said(status('ready'), status('ready', { pid: 8 }))).toBeUndefined();
    expect(said(status('ready'), status('backoff'))).toBeUndefined();
    const restarted = status('starting', { restarts: 1, lastExit: 137, lastExitCause: 'exited' });
    expect(said(status('backoff'), restarted)).toEqual(['web was ended by signal 9 (SIGKILL); restart 1', 'warn']);
    const failed = status('failed', { restarts: 1, lastExit: 3, lastExitCause: 'exited' });
    expect(said(restarted, failed)).toEqual(['web has failed: it exited with code 3', 'error']);
    expect(said(status('ready'), status('paused'))).toEqual(['web is paused', 'info']);
    expect(said(status('stopping'), status('stopped'))).toEqual(['web has ended', 'info']);
  });
});

describe('what happens to a blueprint', () => {
  it('is told in one sentence when it is over, and each failure at once', () => {
    const told: Happened[] = [];
    const run = (): BlueprintEvents => new BlueprintEvents((happened) => told.push(happened));
    run().applied('v2');
    expect(told).toEqual([]);
    const events = run();
    for (const key of ['a', 'b']) events.take({ type: 'created', key, ms: 1 });
    events.take({ type: 'updating', key: 'c' });
    events.take({ type: 'created', key: 'c', ms: 1 });
    events.take({ type: 'destroyed', key: 'd' });
    events.applied('v2');
    events.take({ type: 'failed', key: 'container.e', message: 'the port is taken' });
    events.failed('v2', '1 of 4 failed');
    run().destroyed(['v2']);
    expect(told.map(({ text, level }) => [text, level])).toEqual([
      ['v2 was applied: 2 created, 1 changed, 1 removed', 'info'],
      ['container.e could not be made: the port is taken', 'error'],
      ['v2 was not applied: 1 of 4 failed', 'error'],
      ['v2 was destroyed', 'info'],
    ]);
  });
});
