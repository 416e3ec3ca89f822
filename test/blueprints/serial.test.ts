import { expect, it } from 'vitest';
import { Serial } from '../../src/blueprints/serial.ts';
import { settle } from '../drivers/supervise/manual-clock.ts';

const NEVER = new AbortController().signal;

it('runs one at a time, in the order of arrival, also after a failure', async () => {
  const serial = new Serial();
  const log: string[] = [];
  const work =
    (name: string, fail = false) =>
    async () => {
      log.push(`${name} begins`);
      await settle();
      log.push(`${name} ends`);
      if (fail) throw new Error(name);
      return name;
    };
  const all = Promise.allSettled([serial.enter(work('a'), NEVER), serial.enter(work('b', true), NEVER), serial.enter(work('c'), NEVER)]);
  expect(serial.busy).toBe(true);
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(serial.busy).toBe(false);
});

it('lets go at once who is aborted while waiting, and never runs its work', async () => {
  const serial = new Serial();
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = serial.enter(() => gate, NEVER);
  const cancel = new AbortController();
  let ran = false;
  const second = serial.enter(async () => {
    ran = true;
  }, cancel.signal);
  cancel.abort(new Error('Ctrl-C'));
  await expect(second).rejects.toThrow('Ctrl-C');
  open();
  await first;
  await serial.enter(() => Promise.resolve(), NEVER);
  expect(ran).toBe(false);
});

it('leaves an abort of work that has begun to the work', async () => {
  const serial = new Serial();
  const cancel = new AbortController();
  const result = serial.enter(async () => {
    cancel.abort(new Error('Ctrl-C'));
    await settle();
    return 'done';
  }, cancel.signal);
  expect(await result).toBe('done');
});

it('refuses who is aborted already', async () => {
  await expect(new Serial().enter(() => Promise.resolve('ran'), AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});
