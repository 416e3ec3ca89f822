import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MeshError } from '../../../src/base/errors.ts';
import { AddressBook, bindError, freePort } from '../../../src/drivers/process/address-book.ts';
import { loopbackCandidate } from '../../../src/drivers/process/addresses.ts';
import { temporaryFolder } from '../fixture/folder.ts';

const linux = process.platform === 'linux';

interface Options {
  readonly folder?: string;
  readonly mode?: 'loopback' | 'ports' | 'auto';
}

async function openBook({ folder = temporaryFolder(), mode = 'auto' }: Options = {}): Promise<AddressBook> {
  const book = new AddressBook({ runDir: folder, mode, abstractSockets: linux });
  onTestFinished(() => book.close());
  await book.open();
  return book;
}

/** A virtual address that no other test, and no mesh on this machine, is likely to use. */
function unusualAddress(): string {
  const octet = () => 1 + Math.floor(Math.random() * 250);
  return `10.${200 + (octet() % 50)}.${octet()}.${octet()}`;
}

const claim = (address: string, ports: number[] = [], owner = 'container.web') => ({ owner, address, ports, names: [`${owner}.test`] });

async function listen(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  onTestFinished(() => void server.close());
}

describe.skipIf(!linux)('loopback addresses (only Linux has all of 127.0.0.0/8)', () => {
  it('gives the natural address, and knows it by address and by name', async () => {
    const book = await openBook();
    const address = unusualAddress();
    await book.reserve([claim(address, [9090])]);
    expect(book.reach(address, 9090)).toEqual({ address: loopbackCandidate(address, new Set()), port: 9090 });
    expect(book.resolve('container.web.test', undefined)).toBe(address);
    expect(book.mode).toBe('loopback');
    expect(() => book.reach('10.9.9.9', 1)).toThrow('address 10.9.9.9 was not reserved');
  });

  it('moves ports that this user may not open, where the caller allows it', async () => {
    const book = await openBook();
    const address = unusualAddress();
    const forbidden = (await bindError('127.0.0.1', 81)) === 'EACCES';
    await book.reserve([{ ...claim(address, [9090]), movable: true }]);
    await book.reserve([{ ...claim(address, [81, 9090]), movable: true }]);
    expect(book.reach(address, 81).port > 1023).toBe(forbidden);
    expect(book.reach(address, 9090).port).toBe(9090);
  });

  it('is idempotent, and collects names', async () => {
    const book = await openBook();
    const address = unusualAddress();
    await book.reserve([claim(address)]);
    const before = book.reach(address, 1);
    await book.reserve([{ ...claim(address), names: ['alias.test'] }]);
    expect(book.reach(address, 1)).toEqual(before);
    expect([book.resolve('container.web.test', undefined), book.resolve('alias.test', undefined)]).toEqual([address, address]);
  });

  it('moves in a second home as long as the first one holds the address', async () => {
    const [first, second] = [await openBook(), await openBook()];
    const address = unusualAddress();
    await first.reserve([claim(address)]);
    await second.reserve([claim(address)]);
    expect(second.reach(address, 1).address).toBe(loopbackCandidate(address, new Set([first.reach(address, 1).address])));
    await first.release([address]);
    const third = await openBook();
    await third.reserve([claim(address)]);
    expect(third.reach(address, 1).address).toBe(loopbackCandidate(address, new Set()));
  });

  it('moves when a port of the address is taken', async () => {
    const address = unusualAddress();
    const natural = loopbackCandidate(address, new Set());
    const port = await freePort(natural);
    await listen(natural, port);
    const book = await openBook();
    await book.reserve([claim(address, [port])]);
    expect(book.reach(address, port)).toEqual({ address: loopbackCandidate(address, new Set([natural])), port });
  });

  it('says who holds a port on all addresses, and takes nothing', async () => {
    const port = await freePort('0.0.0.0');
    await listen('0.0.0.0', port);
    const book = await openBook();
    const fine = unusualAddress();
    const refused = book.reserve([claim(fine, [], 'container.fine'), claim(unusualAddress(), [port])]);
    await expect(refused).rejects.toThrow(MeshError);
    await expect(refused).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(
        new RegExp(`^container.web needs port ${port}, which pid ${process.pid} \\(.*\\) holds on all addresses$`),
      ),
      hint: expect.stringContaining('instead of 0.0.0.0'),
    });
    expect(book.entries.size).toBe(0);
  });

  it('finds its addresses again after it was reopened', async () => {
    const folder = temporaryFolder();
    const [moved, other] = [await openBook({ folder }), await openBook()];
    const address = unusualAddress();
    await other.reserve([claim(address)]);
    await moved.reserve([claim(address, [9090])]);
    const where = moved.reach(address, 9090);
    moved.close();
    other.close();
    expect((await openBook({ folder })).reach(address, 9090)).toEqual(where);
  });

  it('keeps an address that another home took while it was closed, as long as their ports differ', async () => {
    const folder = temporaryFolder();
    const address = unusualAddress();
    const first = await openBook({ folder });
    await first.reserve([claim(address)]);
    const where = first.reach(address, 9090);
    first.close();
    const thief = await openBook();
    await thief.reserve([claim(address)]);
    expect(thief.reach(address, 9090)).toEqual(where);
    const second = await openBook({ folder });
    expect(second.find(address, 9090, undefined)).toEqual(where);
    await second.reserve([claim(address, [9090])]);
    expect(second.reach(address, 9090)).toEqual(where);
    // The other home listens there by now: what is made anew goes elsewhere.
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(9090, where.address, resolve));
    await second.reserve([claim(address, [9090])]);
    expect(second.reach(address, 9090)).not.toEqual(where);
    listener.close();
    await second.release([address]);
    expect(second.entries.size).toBe(0);
  });
});

describe('ports mode', () => {
  it('gives every instance ports of its own on 127.0.0.1, no two the same', async () => {
    const book = await openBook({ mode: 'ports' });
    const wanted = Array.from({ length: 40 }, (_, i) => i + 1);
    await book.reserve([claim('10.5.0.100', wanted), claim('10.5.0.110', wanted, 'container.payments')]);
    const given = ['10.5.0.100', '10.5.0.110'].flatMap((address) => wanted.map((port) => book.reach(address, port)));
    expect(new Set(given.map(({ port }) => port)).size).toBe(80);
    expect(new Set(given.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
  });

  it('keeps the ports it gave when more are asked for, and after it was reopened', async () => {
    const folder = temporaryFolder();
    const book = await openBook({ folder, mode: 'ports' });
    await book.reserve([claim('10.5.0.100', [9090])]);
    const first = book.reach('10.5.0.100', 9090);
    await book.reserve([claim('10.5.0.100', [9090, 9091])]);
    expect(book.reach('10.5.0.100', 9090)).toEqual(first);
    const reopened = await openBook({ folder });
    expect(reopened.mode).toBe('ports');
    expect(reopened.reach('10.5.0.100', 9091)).toEqual(book.reach('10.5.0.100', 9091));
  });
});

describe('an address of a later generation', () => {
  it('stands beside the first one, and each side means its own', async () => {
    const book = await openBook();
    const address = unusualAddress();
    const later = `${address}~2`;
    await book.reserve([claim(address, [9090])]);
    await book.reserve([claim(later, [9090], 'container.web~2')]);
    const [first, second] = [book.reach(address, 9090), book.reach(later, 9090)];
    expect(second).not.toEqual(first);
    expect(book.find(address, 9090, undefined)).toEqual(first);
    expect(book.find(address, 9090, 2)).toEqual(second);
    await book.release([address]);
    // Who names it without a generation finds who has taken its place.
    expect(book.find(address, 9090, undefined)).toEqual(second);
  });

  it('has the same names as the first one, which mean the own one', async () => {
    const book = await openBook({ mode: 'ports' });
    await book.reserve([claim('10.5.0.110', [9090]), claim('10.5.0.110~2', [9090]), claim('10.5.0.120~3', [9090], 'container.new')]);
    const resolve = (generation: number | undefined) => book.resolve('container.web.test', generation);
    expect([resolve(undefined), resolve(2), resolve(3)]).toEqual(['10.5.0.110', '10.5.0.110~2', '10.5.0.110']);
    expect(book.resolve('container.new.test', undefined)).toBe('10.5.0.120~3');
    expect(book.resolve('nobody.test', 2)).toBeUndefined();
  });

  it.skipIf(!linux)('is as near to the natural one as it can be', async () => {
    const book = await openBook();
    const address = unusualAddress();
    await book.reserve([claim(`${address}~2`)]);
    expect(book.reach(`${address}~2`, 1).address).toBe(loopbackCandidate(address, new Set()));
  });
});

describe('the file', () => {
  it.each(['', '{"10.5.0.100":{"reach', 'null', '[]'])('starts anew from %j', async (text) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'addresses.json'), text);
    const book = await openBook({ folder, mode: 'ports' });
    expect(book.entries.size).toBe(0);
    await book.reserve([claim('10.5.0.100', [1])]);
    expect(Object.keys(JSON.parse(readFileSync(join(folder, 'addresses.json'), 'utf8')))).toEqual(['10.5.0.100']);
  });

  it('holds nothing after a release', async () => {
    const folder = temporaryFolder();
    const book = await openBook({ folder, mode: 'ports' });
    await book.reserve([claim('10.5.0.100', [1])]);
    await book.release(['10.5.0.100', '10.5.0.200']);
    expect(readFileSync(join(folder, 'addresses.json'), 'utf8')).toBe('{}');
  });
});

it('names the reason why a port can not be bound', async () => {
  const port = await freePort('127.0.0.1');
  expect(await bindError('127.0.0.1', port)).toBeUndefined();
  await listen('127.0.0.1', port);
  expect(await bindError('127.0.0.1', port)).toBe('EADDRINUSE');
  expect(await bindError('192.0.2.1', 0)).toBe('EADDRNOTAVAIL');
});
