import { createSocket } from 'node:dgram';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttp2, createSecureServer, type Http2Server } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckRun } from '../../../src/catalog/types.ts';
import { decodeHealthResponse, encodeHealthRequest } from '../../../src/control/checks/grpc-health.ts';
import { probeOf } from '../../../src/control/checks/probes.ts';
import { testTls } from '../tls.ts';

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function open(server: Server | TcpServer | Http2Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that nobody listens on. */
let refused: string;
beforeAll(async () => {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  refused = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
});

const SECOND = 1e9;
const quiet = new AbortController().signal;
const make = (run: CheckRun) => probeOf({ Interval: 10 * SECOND, ...run })!(run, quiet);

describe('http', () => {
  let at: string;
  const seen: { method: string | undefined; url: string | undefined; headers: Record<string, unknown>; body: string }[] = [];
  beforeAll(async () => {
    const server = createHttp((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        const status = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 200);
        if (request.url === '/slow') return;
        response.writeHead(status, status === 302 ? { Location: '/200' } : {});
        response.end(request.url === '/200long' ? `${'x'.repeat(5000)}end` : `body of ${request.url}`);
      });
    });
    at = await open(server);
    closers.push(() => server.closeAllConnections());
  });

  it.each([
    ['/200', {}, 'passing', '200 OK Output: body of /200'],
    ['/204', {}, 'passing', '204 No Content Output: '],
    ['/429', {}, 'warning', '429 Too Many Requests Output: body of /429'],
    ['/503', {}, 'critical', '503 Service Unavailable Output: body of /503'],
    ['/302', {}, 'passing', '200 OK Output: body of /200'],
    ['/302', { DisableRedirects: true }, 'critical', '302 Found Output: body of /302'],
    ['/200long', { OutputMaxSize: 10 }, 'passing', '200 OK Output: xxxxxxxend'],
  ])('%s %j is %s', async (path, more, status, output) => {
    expect(await make({ HTTP: `http://${at}${path}`, ...more })).toEqual({ status, output: `HTTP GET http://${at}${path}: ${output}` });
  });

  it('sends what it was told to', async () => {
    seen.length = 0;
    const run = { HTTP: `http://${at}/x`, Method: 'POST', Body: 'hello', Header: { Host: ['web.test'], 'X-Many': ['a', 'b'] } };
    expect((await make(run)).output).toContain('HTTP POST');
    expect(seen).toMatchObject([
      { method: 'POST', body: 'hello', headers: { host: 'web.test', 'x-many': 'a, b', 'user-agent': 'Consul Health Check' } },
    ]);
  });

  it('says why there is no answer, in the words of Go', async () => {
    expect(await make({ HTTP: `http://${refused}/` })).toEqual({
      status: 'critical',
      output: `Get "http://${refused}/": dial tcp ${refused}: connect: connection refused`,
    });
    expect((await make({ HTTP: `http://${at}/slow`, Timeout: 20e6 })).output).toBe(
      `Get "http://${at}/slow": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    );
    expect((await make({ HTTP: 'nonsense' })).output).toBe('parse "nonsense": invalid URI for request');
    expect((await make({ HTTP: 'ftp://127.0.0.1/' })).output).toBe('Get "ftp://127.0.0.1/": unsupported protocol scheme "ftp"');
  });

  it('trusts no certificate that it does not know, unless told to', async () => {
    const secure = await open(createHttps(testTls(), (_request, response) => response.end('secret')));
    expect((await make({ HTTP: `https://${secure}/` })).output).toBe(
      `Get "https://${secure}/": x509: certificate signed by unknown authority`,
    );
    expect((await make({ HTTP: `https://${secure}/`, TLSSkipVerify: true })).status).toBe('passing');
  });
});

describe('tcp and udp', () => {
  it('connects, or says why not', async () => {
    const at = await open(createTcp((socket) => socket.end()));
    expect(await make({ TCP: at })).toEqual({ status: 'passing', output: `TCP connect ${at}: Success` });
    expect(await make({ TCP: refused })).toEqual({ status: 'critical', output: `dial tcp ${refused}: connect: connection refused` });
    expect((await make({ TCP: 'nowhere' })).output).toBe('dial tcp: address nowhere: missing port in address');
  });

  it('takes silence of UDP for consent, and a refusal for one', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const at = `127.0.0.1:${socket.address().port}`;
    expect(await make({ UDP: at, Timeout: 20e6 })).toEqual({ status: 'passing', output: `UDP connect ${at}: Success` });
    await new Promise<void>((resolve) => socket.close(resolve));
    expect((await make({ UDP: at, Timeout: SECOND })).status).toBe('critical');
  });
});

describe('grpc', () => {
  const health: Record<string, number> = { '': 1, up: 1, down: 2 };
  const answer = (server: Http2Server): Http2Server => {
    server.on('stream', (stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const service = Buffer.concat(chunks).subarray(7).toString();
        const status = health[service];
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () =>
          stream.sendTrailers(status === undefined ? { 'grpc-status': '5', 'grpc-message': 'unknown service' } : { 'grpc-status': '0' }),
        );
        stream.end(status === undefined ? '' : Buffer.from([0, 0, 0, 0, 2, 0x08, status]));
      });
    });
    return server;
  };

  it('asks for the whole server or for one service', async () => {
    const at = await open(answer(createHttp2()));
    expect(await make({ GRPC: at })).toEqual({ status: 'passing', output: `gRPC check ${at}: success` });
    expect((await make({ GRPC: `${at}/up` })).status).toBe('passing');
    expect((await make({ GRPC: `${at}/down` })).output).toBe("gRPC application didn't report service healthy");
    expect((await make({ GRPC: `${at}/nope` })).output).toBe('rpc error: code = NotFound desc = unknown service');
  });

  it('speaks TLS, and says that nobody is there', async () => {
    const at = await open(answer(createSecureServer(testTls())));
    expect((await make({ GRPC: at, GRPCUseTLS: true, TLSSkipVerify: true })).status).toBe('passing');
    expect((await make({ GRPC: at, GRPCUseTLS: true })).status).toBe('critical');
    expect((await make({ GRPC: refused })).output).toBe(
      `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial tcp ${refused}: connect: connection refused"`,
    );
  });

  it('has a codec of two messages', () => {
    expect([...encodeHealthRequest('ab')]).toEqual([0, 0, 0, 0, 4, 0x0a, 2, 97, 98]);
    expect(encodeHealthRequest('x'.repeat(300)).length).toBe(5 + 3 + 300);
    expect(decodeHealthResponse(Buffer.from([0, 0, 0, 0, 0]))).toBe('UNKNOWN');
    expect(decodeHealthResponse(Buffer.from([0, 0, 0, 0, 2, 0x08, 1]))).toBe('SERVING');
    for (const wrong of [[], [1, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0x08], [0, 0, 0, 0, 2, 0x0a, 1], [0, 0, 0, 0, 2, 0x08, 0x80]])
      expect(decodeHealthResponse(Buffer.from(wrong))).toBeUndefined();
  });
});

describe('h2ping', () => {
  it('is answered by a server of HTTP/2, with TLS or without', async () => {
    const [plain, secure] = [await open(createHttp2()), await open(createSecureServer(testTls()))];
    const ok = { status: 'passing', output: 'HTTP2 ping was successful' };
    expect(await make({ H2PING: plain })).toEqual(ok);
    expect(await make({ H2PING: secure, H2PingUseTLS: true, TLSSkipVerify: true })).toEqual(ok);
    expect((await make({ H2PING: refused })).output).toBe(`Failed to dial to ${refused}: dial tcp ${refused}: connect: connection refused`);
  });
});

describe('script', () => {
  it.each([
    ['echo fine', 'passing', 'fine\n'],
    ['echo hm >&2; exit 1', 'warning', 'hm\n'],
    ['exit 7', 'critical', ''],
  ])('%s', async (script, status, output) => {
    expect(await make({ ScriptArgs: ['sh', '-c', script] })).toEqual({ status, output });
  });

  it('keeps the end of a long output, and ends what takes too long', async () => {
    const long = await make({ ScriptArgs: ['sh', '-c', 'printf 0123456789'], OutputMaxSize: 4 });
    expect(long.output).toBe('Captured 4 of 10 bytes\n...\n6789');
    const late = await make({ ScriptArgs: ['sh', '-c', 'echo began; sleep 60 & wait'], Timeout: 100e6 });
    expect(late).toEqual({ status: 'critical', output: 'Timed out (100ms) running check\n\nbegan\n' });
    expect((await make({ ScriptArgs: ['/no/such/program'] })).status).toBe('critical');
  });
});

describe('docker', () => {
  it('says what is missing where there is no engine', async () => {
    const { probeDocker } = await import('../../../src/control/checks/docker.ts');
    const found = await probeDocker('/no/such/docker.sock')({ DockerContainerID: 'web', ScriptArgs: ['true'] }, quiet);
    expect(found.status).toBe('critical');
    expect(found.output).toContain("the container engine at /no/such/docker.sock can't be used: ");
  });
});
