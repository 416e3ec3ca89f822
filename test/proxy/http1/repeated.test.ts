import { describe, expect, it } from 'vitest';
import { parseRequestHead } from '../../../src/proxy/http1/request.ts';
import { SectionReader } from '../../../src/proxy/http1/section-reader.ts';
import { writeRequestHead } from '../../../src/proxy/http1/write.ts';

const HEAD = 'GET /a HTTP/1.1\r\nHost: payments\r\n\r\n';

/** Texts of all heads in the pieces, or the reason of a fault. */
function read(pieces: readonly string[], reader = new SectionReader('request', 1_000)): string[] {
  const texts: string[] = [];
  for (const piece of pieces) {
    const chunk = Buffer.from(piece, 'latin1');
    for (let at = 0; at < chunk.length; at = reader.next) {
      const outcome = reader.push(chunk, at);
      if (outcome === 'more') break;
      if (outcome !== 'done') return [...texts, outcome.reason];
      texts.push(reader.text);
    }
  }
  return texts;
}

const text = HEAD.slice(0, -2);

describe('a head that comes again', () => {
  it('is read as before, alone, behind others and in pieces', () => {
    expect(read([HEAD, HEAD, HEAD + HEAD, HEAD])).toEqual([text, text, text, text, text]);
    expect(read([HEAD, HEAD, HEAD.slice(0, 9), HEAD.slice(9), HEAD])).toEqual([text, text, text, text]);
    expect(read([HEAD, HEAD, `\r\n${HEAD}`, `\r\n${HEAD}`])).toEqual([text, text, text, text]);
  });

  it('does not hide one that differs in its last byte, goes on, or is wrong', () => {
    const other = HEAD.replace('payments', 'payment5');
    expect(read([HEAD, HEAD, other, HEAD])).toEqual([text, text, other.slice(0, -2), text]);
    const longer = HEAD.replace('\r\n\r\n', '\r\nA: b\r\n\r\n');
    expect(read([HEAD, HEAD, longer])).toEqual([text, text, longer.slice(0, -2)]);
    expect(read([HEAD, HEAD, HEAD.replace('\r\n\r\n', '\r\n\n')])).toEqual([text, text, 'a line ends in a bare LF']);
  });

  it('lets one empty line pass before each, and not two', () => {
    expect(read([HEAD, HEAD, `\r\n\r\n${HEAD}`])).toEqual([text, text, 'the message starts with an empty line']);
  });

  it('is written anew for other edits and another target', () => {
    const head = parseRequestHead(text);
    if (!('method' in head)) throw new Error(head.reason);
    const edits = { defaultHost: '', remove: new Set<string>(), add: [['A', '1']] as const };
    const first = writeRequestHead(head, edits);
    expect(first).toBe('GET /a HTTP/1.1\r\nHost: payments\r\nA: 1\r\n\r\n');
    expect(writeRequestHead(head, edits)).toBe(first);
    expect(writeRequestHead(head, edits, '/b')).toBe(first.replace('/a', '/b'));
    expect(writeRequestHead(head, { ...edits, add: [] })).toBe(HEAD);
    expect(writeRequestHead(head, edits)).toBe(first);
  });
});
