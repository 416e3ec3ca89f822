import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../src/drivers/process/address-book.ts';
import { describeOwner, portOwner } from '../../../src/drivers/process/port-owner.ts';

async function listen(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe.skipIf(process.platform !== 'linux')('the owner of a port (needs /proc: Linux only)', () => {
  it.each([
    ['its address', '127.0.0.1', '127.0.0.1'],
    ['all addresses', '0.0.0.0', '127.9.9.9'],
    ['all addresses of IPv6', '::', '127.0.0.1'],
    ['some address, asked for all', '127.0.0.1', '0.0.0.0'],
  ])('is this process, listening on %s', async (_what, host, asked) => {
    const owner = await portOwner(asked, await listen(host));
    expect(owner).toMatchObject({ pid: process.pid, uid: process.getuid?.() });
    expect(describeOwner(owner)).toMatch(new RegExp(`^pid ${process.pid} \\(.*node`));
  });

  it('is nobody for a free port, or for another address', async () => {
    expect(await portOwner('127.0.0.1', await freePort('127.0.0.1'))).toBeUndefined();
    expect(await portOwner('127.9.9.9', await listen('127.0.0.1'))).toBeUndefined();
  });
});

it.each([
  [{ pid: 42, uid: 0, command: 'nginx -g daemon' }, 'pid 42 (nginx -g daemon)'],
  [{ pid: 42, uid: 0, command: '' }, 'pid 42'],
  [{ uid: 33 }, 'a process of uid 33'],
  [{ uid: 0 }, 'a process of uid 0'],
  [undefined, 'another process'],
])('%j is called %s', (owner, text) => {
  expect(describeOwner(owner)).toBe(text);
});
