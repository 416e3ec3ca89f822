import { describe, expect, it } from 'vitest';
import { HttpFault } from '../../../src/proxy/http1/fault.ts';
import { parseRequestHead, type RequestHead } from '../../../src/proxy/http1/request.ts';

function parse(lines: string): RequestHead {
  const head = parseRequestHead(lines);
  if (head instanceof HttpFault) throw new Error(head.reason);
  return head;
}

describe('parseRequestHead', () => {
  it('reads what a client usually sends', () => {
    const head = parse('POST /a/b?c=d HTTP/1.1\r\nHost: payments:9090\r\nContent-Length: 3\r\nX-Ü: caf\xe9\r\n'.replace('Ü', 'U'));
    expect(head).toMatchObject({ method: 'POST', target: '/a/b?c=d', path: '/a/b', host: 'payments:9090', keepAlive: true, minor: 1 });
    expect(head.framing).toEqual({ kind: 'length', length: 3 });
    expect(head.fields.list.slice(-2)).toEqual(['X-U', 'caf\xe9']);
  });

  it('takes an absolute target apart; its authority beats Host', () => {
    const head = parse('GET http://payments.local:80/x?y HTTP/1.1\r\nHost: other\r\n');
    expect(head).toMatchObject({ target: '/x?y', host: 'payments.local:80' });
    expect(parse('GET http://payments?y HTTP/1.1\r\nHost: payments\r\n').target).toBe('/?y');
  });

  it.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: close\r\n', false],
    ['HTTP/1.1', 'Connection: foo, Close\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: keep-alive\r\n', true],
  ])('%s with %j keeps the connection: %s', (version, fields, keepAlive) => {
    expect(parse(`GET / ${version}\r\nHost: a\r\n${fields}`).keepAlive).toBe(keepAlive);
  });

  it('upgrades only when Connection says so too, and never to h2c', () => {
    expect(parse('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n').upgrade).toBe('websocket');
    expect(parse('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n').upgrade).toBeUndefined();
    expect(parse('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n').upgrade).toBeUndefined();
  });

  it('needs no Host from HTTP/1.0', () => {
    expect(parse('GET / HTTP/1.0\r\n').host).toBeUndefined();
  });
});
