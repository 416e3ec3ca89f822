import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../src/drivers/process/address-book.ts';
import { probeExec, probeHttp, probeTcp } from '../../../src/drivers/process/probe.ts';
import { eventually, isRunning } from '../fixture/eventually.ts';
import { temporaryFolder } from '../fixture/folder.ts';

const PATIENT_MS = 10_000;

async function listen(server: Server): Promise<{ address: string; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

async function serve(listener: RequestListener): Promise<{ address: string; port: number }> {
  const server = createHttpServer(listener);
  const target = await listen(server);
  onTestFinished(() => server.closeAllConnections());
  return target;
}

const probe = (codes: number[] = [], path = '/', headers = {}) => ({ path, headers, codes });

describe('tcp', () => {
  it('passes when the port accepts, and fails when it refuses', async () => {
    expect(await probeTcp(await listen(createServer((socket) => socket.destroy())), PATIENT_MS)).toBe(true);
    expect(await probeTcp({ address: '127.0.0.1', port: await freePort('127.0.0.1') }, PATIENT_MS)).toBe(false);
  });
});

describe('http', () => {
  it.each([
    [200, [], true],
    [204, [], true],
    [302, [], true],
    [399, [], true],
    [400, [], false],
    [503, [], false],
    [200, [200], true],
    [204, [200], false],
    [503, [200, 503], true],
  ])('%i with accepted codes %j: %s', async (status, codes, passes) => {
    const target = await serve((_request, response) => response.writeHead(status).end());
    expect(await probeHttp(target, probe(codes), PATIENT_MS)).toBe(passes);
  });

  it('asks for the path with the headers', async () => {
    const target = await serve((request, response) => {
      response.writeHead(request.url === '/health?deep=1' && request.headers['x-token'] === 'abc' ? 200 : 500).end();
    });
    expect(await probeHttp(target, probe([], '/health?deep=1', { 'X-Token': 'abc' }), PATIENT_MS)).toBe(true);
  });

  it.each([
    ['nobody listens', async () => ({ address: '127.0.0.1', port: await freePort('127.0.0.1') })],
    ['the connection is closed', () => listen(createServer((socket) => socket.destroy()))],
    ['the answer is not HTTP', () => listen(createServer((socket) => socket.on('error', () => undefined).end('220 mail ready\r\n')))],
  ])('fails when %s', async (_what, open) => {
    expect(await probeHttp(await open(), probe(), PATIENT_MS)).toBe(false);
  });

  it('fails when no answer comes in time', async () => {
    expect(await probeHttp(await serve(() => undefined), probe(), 50)).toBe(false);
  });

  it('fails when an answer trickles in, one header after the other', async () => {
    const target = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined).write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('X-Filler: 1\r\n'), 10);
        socket.once('close', () => clearInterval(timer));
      }),
    );
    expect(await probeHttp(target, probe(), 100)).toBe(false);
  });

  it('leaves no connection behind when the body never ends', async () => {
    let open = 0;
    const target = await serve((_request, response) => {
      open++;
      response.once('close', () => open--);
      response.write('and so on');
    });
    expect(await probeHttp(target, probe(), 200)).toBe(true);
    await eventually('the connection is closed', () => open === 0);
  });
});

describe('exec', () => {
  const run = (script: string, timeoutMs = PATIENT_MS, cwd = temporaryFolder()) =>
    probeExec(['/bin/sh', '-c', script], { env: { PATH: process.env['PATH'] ?? '', CODE: '0' }, cwd }, timeoutMs);

  it.each([
    ['exit $CODE', true],
    ['exit 1', false],
    ['kill -9 $$', false],
  ])('%s: %s', async (script, passes) => {
    expect(await run(script)).toBe(passes);
  });

  it('fails for a command that does not exist, or none', async () => {
    const options = { env: { PATH: '/nowhere' }, cwd: temporaryFolder() };
    expect(await probeExec(['no-such-command'], options, PATIENT_MS)).toBe(false);
    expect(await probeExec([], options, PATIENT_MS)).toBe(false);
  });

  it('fails when the time is up, and ends what it started', async () => {
    const folder = temporaryFolder();
    expect(await run('trap "" TERM; sleep 600 & echo $! > child; wait', 1000, folder)).toBe(false);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    await eventually('the grandchild is gone', () => !isRunning(child));
  });
});
