import { describe, expect, it } from 'vitest';
import { callUrl, getUrl } from '../../../src/app/test/http.ts';
import { servingHttp, servingTcp } from './serving.ts';

const signal = new AbortController().signal;

describe('callUrl', () => {
  it('finds this machine under Shipyard’s names, and says the name', async () => {
    const at = await servingHttp((request, response) => response.end(request.headers.host));
    const port = at.slice(at.lastIndexOf(':') + 1);
    for (const host of ['localhost', 'web.ingress.shipyard.run', 'web.container.local.jumppad.dev'])
      expect(await callUrl(new URL(`http://${host}:${port}/`), { signal })).toMatchObject({ status: 200, body: `${host}:${port}` });
  });

  it('gives up on what never answers', async () => {
    const at = await servingTcp(() => undefined);
    await expect(callUrl(new URL(`http://${at}/`), { signal, timeoutMs: 50 })).rejects.toThrow();
    await expect(callUrl(new URL(`http://${at}/`), { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  });
});

describe('getUrl', () => {
  it('goes where redirects lead, unless one of them is what is wanted', async () => {
    const at = await servingHttp((request, response) => {
      if (request.url === '/end') response.end('here');
      else response.writeHead(request.url === '/' ? 301 : 302, { location: request.url === '/' ? '/next' : '/end' }).end();
    });
    const url = new URL(`http://${at}/`);
    expect(await getUrl(url, 200, signal)).toMatchObject({ status: 200, body: 'here' });
    expect(await getUrl(url, 302, signal)).toMatchObject({ status: 302 });
    expect(await getUrl(url, 301, signal)).toMatchObject({ status: 301 });
  });

  it('does not go round for ever', async () => {
    const at = await servingHttp((_, response) => response.writeHead(302, { location: '/' }).end());
    expect(await getUrl(new URL(`http://${at}/`), 200, signal)).toMatchObject({ status: 302 });
  });
});
