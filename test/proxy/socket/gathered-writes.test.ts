import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GatheredWrites } from '../../../src/proxy/socket/gathered-writes.ts';

/** Keeps what each call of the socket's would-be system got, as one text per call. */
function recorded(highWaterMark = 16_384) {
  const calls: string[] = [];
  const socket = new Duplex({
    highWaterMark,
    decodeStrings: false,
    read: () => undefined,
    write(chunk: string | Buffer, _encoding, done) {
      calls.push(chunk.toString('latin1'));
      done();
    },
    writev(chunks, done) {
      calls.push(chunks.map(({ chunk }) => (chunk as string | Buffer).toString('latin1')).join(''));
      done();
    },
  });
  return { calls, socket, writes: new GatheredWrites(socket as unknown as Socket) };
}

describe('gathered writes', () => {
  it('are one, of a head, its body and its end', () => {
    const { calls, writes } = recorded();
    writes.text('head\xff\r\n');
    writes.chunk(Buffer.from('body\xff', 'latin1'));
    writes.text('0\r\n\r\n');
    expect(calls).toEqual([]);
    writes.flush();
    expect(calls).toEqual(['head\xff\r\n5\r\nbody\xff\r\n0\r\n\r\n']);
  });

  it('go out by themselves when nothing follows, and once', async () => {
    const { calls, writes } = recorded();
    writes.text('a');
    writes.text('b');
    await turn();
    expect(calls).toEqual(['ab']);
    writes.text('c');
    writes.flush();
    await turn();
    expect(calls).toEqual(['ab', 'c']);
  });

  it('keep the order around a long piece, which is not copied but still in the same call', () => {
    const { calls, writes } = recorded();
    const long = Buffer.alloc(5_000, 'x');
    writes.text('head');
    writes.data(long);
    writes.data(Buffer.from('y'));
    writes.flush();
    expect(calls).toEqual([`head${long.toString()}`, 'y']);
  });

  it('say when the socket is full', () => {
    const { writes } = recorded(1_000);
    writes.text('head');
    expect(writes.data(Buffer.alloc(5_000))).toBe(false);
  });

  it('are dropped when the socket has gone meanwhile', async () => {
    const { calls, socket, writes } = recorded();
    writes.text('head');
    socket.destroy();
    await turn();
    expect(calls).toEqual([]);
  });
});
