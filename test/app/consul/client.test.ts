import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '../../../src/app/consul/client.ts';
import { parseFlags } from '../../../src/app/consul/flags.ts';
import { HTTP_FLAGS } from '../../../src/app/consul/http-flags.ts';
import type { Io } from '../../../src/app/io.ts';

let dir: string;
const requests: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
const server = createServer((request, response) => {
  requests.push({ url: request.url, headers: request.headers });
  response.end('true');
});
const socketServer = createServer((_request, response) => response.end('over the socket'));
let port: number;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mesh-client-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => socketServer.listen(join(dir, 's.sock'), resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.close();
  socketServer.close();
  await rm(dir, { recursive: true, force: true });
});

function open(argv: string[], env: Record<string, string> = {}, record?: string) {
  const parsed = parseFlags(HTTP_FLAGS, argv);
  if (parsed.type === 'error') throw new Error(parsed.message);
  const io = { env, cwd: dir, signal: new AbortController().signal, agentHttpAddress: () => record } as Partial<Io> as Io;
  return openClient(parsed.flags, io);
}

async function sent(argv: string[], env: Record<string, string> = {}): Promise<Pick<IncomingMessage, 'url' | 'headers'>> {
  await (await open([`-http-addr=127.0.0.1:${port}`, ...argv], env)).send('GET', '/v1/x', { query: { cas: '1' } });
  return requests.at(-1)!;
}

describe('the address', () => {
  it('is the flag, then the environment, then what the agent of this home left, then 8500', async () => {
    const authority = async (...args: Parameters<typeof open>) => (await open(...args)).address.authority;
    expect(await authority(['-http-addr=a:1'], { CONSUL_HTTP_ADDR: 'b:2' }, 'c:3')).toBe('a:1');
    expect(await authority([], { CONSUL_HTTP_ADDR: 'http://b:2/' }, 'c:3')).toBe('b:2');
    expect(await authority([], {}, 'c:3')).toBe('c:3');
    expect(await authority([])).toBe('127.0.0.1:8500');
  });

  it('can be https, a path below a host, or a socket', async () => {
    expect((await open(['-http-addr=https://a:1/consul'])).address).toEqual({ scheme: 'https', authority: 'a:1/consul' });
    expect((await open(['-http-addr=a:1'], { CONSUL_HTTP_SSL: 'true' })).address.scheme).toBe('https');
    const client = await open([`-http-addr=unix://${join(dir, 's.sock')}`]);
    expect(await client.expectOk('GET', '/v1/x')).toBe('over the socket');
  });
});

describe('what is sent', () => {
  it('is the token that counts', async () => {
    await writeFile(join(dir, 'token'), 'from-file\n');
    const token = async (argv: string[], env: Record<string, string> = {}) => (await sent(argv, env)).headers['x-consul-token'];
    const env = { CONSUL_HTTP_TOKEN: 'env' };
    expect(await token([])).toBeUndefined();
    expect(await token([], env)).toBe('env');
    expect(await token([], { ...env, CONSUL_HTTP_TOKEN_FILE: 'token' })).toBe('from-file');
    expect(await token(['-token=flag'], { ...env, CONSUL_HTTP_TOKEN_FILE: 'token' })).toBe('flag');
    expect(await token(['-token=flag', '-token-file=token'])).toBe('from-file');
    await expect(open(['-token-file=nope'])).rejects.toThrow('Error loading token file: open nope: no such file or directory');
  });

  it('is credentials, datacenter and options, in the order of their names', async () => {
    const { url, headers } = await sent(['-datacenter=dc2', '-stale', '-namespace=team'], { CONSUL_HTTP_AUTH: 'u:p' });
    expect(url).toBe('/v1/x?cas=1&dc=dc2&ns=team&stale=');
    expect(headers['authorization']).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
  });
});

describe('what went wrong, as Go says it', () => {
  const error = async (address: string) => (await open([`-http-addr=${address}`])).send('GET', '/v1/x').catch((e: Error) => e.message);

  it('nobody listens', async () => {
    expect(await error('127.0.0.1:1')).toBe('Get "http://127.0.0.1:1/v1/x": dial tcp 127.0.0.1:1: connect: connection refused');
    const socket = join(dir, 'none.sock');
    expect(await error(`unix://${socket}`)).toContain(`: dial unix ${socket}: connect: no such file or directory`);
  });

  it('nobody has that name', async () => {
    expect(await error('no-such-host.invalid:8500')).toContain('dial tcp: lookup no-such-host.invalid: no such host');
  });

  it('the connection ends before an answer', async () => {
    const rude = createTcpServer((socket) => socket.end());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    expect(await error(`127.0.0.1:${(rude.address() as AddressInfo).port}`)).toMatch(/: EOF$/);
    rude.close();
  });
});
