import { describe, expect, it } from 'vitest';
import { HttpFault } from '../../../src/proxy/http1/fault.ts';
import { parseResponseHead } from '../../../src/proxy/http1/response.ts';

const parse = (text: string, method = 'GET') => parseResponseHead(text, method);

describe('parseResponseHead', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n', 'GET', { kind: 'length', length: 5 }],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n', 'HEAD', { kind: 'none' }],
    ['HTTP/1.1 204 No Content\r\n', 'GET', { kind: 'none' }],
    ['HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n', 'GET', { kind: 'none' }],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n', 'GET', { kind: 'chunked' }],
    ['HTTP/1.1 200 OK\r\n', 'GET', { kind: 'until-close' }],
    ['HTTP/1.0 200\r\n', 'GET', { kind: 'until-close' }],
  ])('%j to %s has the framing %j', (text, method, framing) => {
    expect(parse(text, method)).toMatchObject({ framing });
  });

  it('can reuse a connection only when the length is known and nobody said close', () => {
    expect(parse('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n')).toMatchObject({ keepAlive: true });
    expect(parse('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n')).toMatchObject({ keepAlive: false });
    expect(parse('HTTP/1.1 200 OK\r\n')).toMatchObject({ keepAlive: false });
    expect(parse('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n')).toMatchObject({ keepAlive: false });
  });

  it.each([
    'SSH-2.0-OpenSSH\r\n',
    'HTTP/2 200\r\n',
    'HTTP/1.1 20 OK\r\n',
    'HTTP/1.1 099 OK\r\n',
    'HTTP/1.1 200 O\x00K\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n',
    'HTTP/1.1 200 OK\r\nBad Name: x\r\n',
    'HTTP/1.1 200 OK\r\n folded\r\n',
  ])('refuses %j as the upstream fault it is', (text) => {
    const fault = parse(text);
    expect(fault).toBeInstanceOf(HttpFault);
    expect((fault as HttpFault).status).toBe(502);
  });
});
