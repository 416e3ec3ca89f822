import { describe, expect, it } from 'vitest';
import type { ProxyReport } from '../../../src/app/rpc/status.ts';
import { callUpstream, upstreamsOf } from '../../../src/app/test/sidecar-call.ts';
import { servingHttp, servingTcp } from './serving.ts';

const proxy = (service: string, ...upstreams: string[]): ProxyReport => ({
  id: `dc1/${service}/${service}-sidecar-proxy`,
  service,
  protocol: 'http',
  listen: '127.0.0.1:20000',
  upstreams: upstreams.map((name) => ({ name, protocol: 'http', listen: '127.0.0.1:9091' })),
  configIndex: 1,
  servesIndex: 1,
});

describe('upstreamsOf', () => {
  const report = { proxies: [proxy('web', 'payments?dc=dc2', 'api'), proxy('web', 'payments'), proxy('payments')] };

  it('finds the upstream at each sidecar of the service', () => {
    expect(upstreamsOf(report, 'web', 'payments').map(({ listen }) => listen)).toEqual(['127.0.0.1:9091', '127.0.0.1:9091']);
    expect(upstreamsOf(report, 'web', 'api')).toHaveLength(1);
  });

  it.each([
    ['wbe', 'payments', 'there is no sidecar of wbe', 'did you mean "web"?'],
    ['shop', 'payments', 'there is no sidecar of shop', 'services with a sidecar: web, payments'],
    ['web', 'paymants', 'paymants is no upstream of web', 'did you mean "payments"?'],
    ['payments', 'web', 'web is no upstream of payments', 'payments has no upstreams'],
  ])('%s -> %s', (from, to, message, hint) => {
    expect(() => upstreamsOf(report, from, to)).toThrow(expect.objectContaining({ failure: { message, hint } }));
  });
});

describe('callUpstream', () => {
  const shape = { method: 'POST', path: '/currency?x=1', headers: { 'X-Group': 'dev' } };
  const call = (listen: string, protocol = 'http') => callUpstream({ listen, protocol }, shape, new AbortController().signal);

  it('sends what it was told to, and tells the answer of the application', async () => {
    const listen = await servingHttp((request, response) => {
      response.statusCode = 404;
      response.end(`${request.method} ${request.url} ${String(request.headers['x-group'])}`);
    });
    expect(await call(listen)).toMatchObject({ state: 'answered', answer: { status: 404, body: 'POST /currency?x=1 dev' } });
  });

  it('tells a refusal by an intention from an application’s own, and from what is broken', async () => {
    const refusing = (status: number, reason?: string) =>
      servingHttp((_, response) => response.writeHead(status, reason === undefined ? {} : { 'x-mesh-reason': reason }).end('no'));
    expect(await call(await refusing(403, 'intention deny web (precedence 9)'))).toEqual({
      state: 'denied',
      reason: 'intention deny web (precedence 9)',
    });
    expect(await call(await refusing(403))).toMatchObject({ state: 'answered', answer: { status: 403 } });
    expect(await call(await refusing(503, 'no healthy instances'))).toEqual({ state: 'failed', reason: '503: no healthy instances' });
    expect(await call('127.0.0.1:1')).toMatchObject({ state: 'failed', reason: expect.stringContaining('ECONNREFUSED') });
  });

  it('takes bytes of an application that speaks no HTTP for an answer, and an end without any for none', async () => {
    const speaking = await servingTcp((socket) => socket.once('data', () => socket.end('-ERR unknown command\r\n')));
    expect(await call(speaking, 'tcp')).toMatchObject({ state: 'answered', answer: { body: '-ERR unknown command\r\n' } });
    const closing = await servingTcp((socket) => socket.destroy());
    expect(await call(closing, 'tcp')).toMatchObject({ state: 'failed' });
  });
});
