import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyReader } from '../../../src/proxy/http1/body.ts';
import { HttpFault } from '../../../src/proxy/http1/fault.ts';
import { parseRequestHead } from '../../../src/proxy/http1/request.ts';
import { SectionReader } from '../../../src/proxy/http1/section-reader.ts';

interface Seen {
  target: string;
  body: string;
  trailers: readonly string[];
}

/** Reads a stream of requests that arrives in the given pieces: what a server connection does, without sockets. */
function readAll(pieces: readonly Buffer[]): Seen[] | string {
  const seen: Seen[] = [];
  const reader = new SectionReader('request', 65_536);
  let body: BodyReader | undefined;
  for (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      if (body) {
        const next: number | HttpFault = body.push(piece, at, (data) => {
          seen.at(-1)!.body += data.toString('latin1');
        });
        if (next instanceof HttpFault) return next.reason;
        at = next;
      } else {
        const outcome = reader.push(piece, at);
        if (outcome === 'more') break;
        if (outcome instanceof HttpFault) return outcome.reason;
        const head = parseRequestHead(reader.text);
        if (head instanceof HttpFault) return head.reason;
        seen.push({ target: head.target, body: '', trailers: [] });
        body = new BodyReader(head.framing, 65_536);
        at = reader.next;
      }
      if (body?.done) {
        seen.at(-1)!.trailers = body.trailers.list;
        body = undefined;
      }
    }
  }
  return seen;
}

const STREAM = Buffer.from(
  [
    '\r\nGET /1 HTTP/1.1\r\nHost: a\r\nX:\r\nY:  spaced \t\r\n\r\n',
    'POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
    'POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n00A\r\n0123456789\r\n0\r\nT: 1\r\nU: 2\r\n\r\n',
    'PUT /4 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n',
    'GET /5 HTTP/1.1\r\nHost: a\r\n\r\n',
  ].join(''),
  'latin1',
);

const EXPECTED: Seen[] = [
  { target: '/1', body: '', trailers: [] },
  { target: '/2', body: 'hello', trailers: [] },
  { target: '/3', body: 'hello0123456789', trailers: ['T', '1', 'U', '2'] },
  { target: '/4', body: '', trailers: [] },
  { target: '/5', body: '', trailers: [] },
];

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...[...at].sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

describe('a stream of requests', () => {
  it('reads the same whole, byte by byte, and cut in two at every place', () => {
    expect(readAll([STREAM])).toEqual(EXPECTED);
    expect(readAll(Array.from(STREAM, (byte) => Buffer.of(byte)))).toEqual(EXPECTED);
    for (let at = 1; at < STREAM.length; at++) expect(readAll(cut(STREAM, [at])), `cut at ${at}`).toEqual(EXPECTED);
  });

  it('reads the same in any pieces', () => {
    const places = fc.array(fc.nat({ max: STREAM.length }), { maxLength: 20 });
    fc.assert(
      fc.property(places, (at) => {
        expect(readAll(cut(STREAM, at))).toEqual(EXPECTED);
      }),
    );
  });

  it('is judged the same in any pieces after any byte of it was damaged', () => {
    const damage = fc.tuple(
      fc.nat({ max: STREAM.length - 1 }),
      fc.nat({ max: 255 }),
      fc.array(fc.nat({ max: STREAM.length }), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(damage, ([where, byte, at]) => {
        const damaged = Buffer.from(STREAM);
        damaged[where] = byte;
        const whole = readAll([damaged]);
        const split = readAll(cut(damaged, at));
        // Which of two faults is found first may depend on the pieces; whether there is one may not.
        expect(typeof split).toBe(typeof whole);
        if (typeof whole !== 'string') expect(split).toEqual(whole);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('SectionReader', () => {
  it('refuses a head that grows past its limit, however it comes', () => {
    const reader = new SectionReader('request', 100);
    expect(reader.push(Buffer.from(`GET /${'a'.repeat(80)}`), 0)).toBe('more');
    expect(reader.push(Buffer.from('a'.repeat(80)), 0)).toMatchObject({ status: 431 });
    const whole = new SectionReader('request', 100);
    expect(whole.push(Buffer.from(`GET / HTTP/1.1\r\nX: ${'a'.repeat(100)}\r\n\r\n`), 0)).toMatchObject({ status: 431 });
  });

  it('refuses a bare LF when it comes, not at a timeout', () => {
    expect(new SectionReader('request', 100).push(Buffer.from('GET / HTTP/1.1\n'), 0)).toMatchObject({ status: 400 });
  });
});
