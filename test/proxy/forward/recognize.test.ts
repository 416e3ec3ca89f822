import { describe, expect, it } from 'vitest';
import { recognize } from '../../../src/proxy/forward/recognize.ts';

describe('the first bytes of a client', () => {
  it.each([
    ['GET / HTTP/1.1\r\n', 'http1'],
    ['GET / HTTP/1.0\n', 'http1'],
    ['PROPFIND /a?b=c HTTP/1.1\r\nHost: x', 'http1'],
    ['OPTIONS * HTTP/1.1\r\n', 'http1'],
    ['GET /', 'more'],
    ['P', 'more'],
    ['PING', 'more'],
    ['', 'more'],
    ['PING\r\n', 'bytes'],
    ['GET /key\r\n', 'bytes'],
    ['GET key\r\n', 'bytes'],
    ['OPTIONS * RTSP/1.0\r\n', 'bytes'],
    ['OPTIONS rtsp://camera RTSP/1.0\r\n', 'bytes'],
    ['GET / HTTP/2.0\r\n', 'bytes'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'bytes'],
    // For a proxy behind the forward.
    ['CONNECT example.com:443 HTTP/1.1\r\n', 'bytes'],
    ['GET http://example.com/ HTTP/1.1\r\n', 'bytes'],
    ['get / HTTP/1.1\r\n', 'bytes'],
    ['\x16\x03\x01', 'bytes'],
    ['\0\0\0\x08', 'bytes'],
    ['*1\r\n$4\r\nPING\r\n', 'bytes'],
  ])('%j: %s', (start, what) => {
    expect(recognize(Buffer.from(start, 'latin1'))).toBe(what);
  });

  it('are not waited for without an end', () => {
    expect(recognize(Buffer.from(`GET /${'x'.repeat(9_000)}`))).toBe('bytes');
  });

  it('lead to one answer, wherever they are cut', () => {
    for (const line of ['GET /path HTTP/1.1\r\n', 'GET /key\r\n', 'SSH-2.0-x\r\n', 'OPTIONS * HTTP/1.1\r\n']) {
      const whole = recognize(Buffer.from(line));
      for (let cut = 0; cut < line.length; cut++) {
        const answer = recognize(Buffer.from(line.slice(0, cut)));
        expect(answer === 'more' || answer === whole, `${line.slice(0, cut)}: ${answer}`).toBe(true);
      }
    }
  });
});
