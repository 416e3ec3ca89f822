import { expect, it } from 'vitest';
import { Scope } from '../../src/base/scope.ts';

it('closes what was opened last first, once, each after the other', async () => {
  const scope = new Scope();
  const log: string[] = [];
  for (const name of ['a', 'b'])
    scope.defer(async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    });
  scope.use({ [Symbol.asyncDispose]: async () => void log.push('resource') });
  expect(scope.closed).toBe(false);
  await Promise.all([scope.close(), scope.close()]);
  await scope[Symbol.asyncDispose]();
  expect(scope.closed).toBe(true);
  expect(log).toEqual(['resource', 'b begins', 'b ends', 'a begins', 'a ends']);
});

it('closes everything even if some of it fails, and tells', async () => {
  const one = new Scope();
  let closed = false;
  one.defer(() => {
    closed = true;
  });
  one.defer(() => Promise.reject(new Error('broken')));
  await expect(one.close()).rejects.toThrow('broken');
  expect(closed).toBe(true);
  const several = new Scope();
  for (const name of ['a', 'b']) several.defer(() => Promise.reject(new Error(name)));
  await expect(several.close()).rejects.toMatchObject({ errors: [{ message: 'b' }, { message: 'a' }] });
});

it('closes at once what comes too late', async () => {
  const scope = new Scope();
  await scope.close();
  let closed = false;
  scope.defer(() => {
    closed = true;
  });
  expect(closed).toBe(true);
});
