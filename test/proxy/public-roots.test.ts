import { afterAll, beforeAll, expect, it } from 'vitest';
import { realClock } from '../../src/app/real.ts';
import type { Abroad } from '../../src/proxy/environment.ts';
import { fetchKeySet } from '../../src/proxy/jwt/fetch.ts';
import { SpanExporter } from '../../src/proxy/observe/trace/exporter.ts';
import { memoryLog } from './fixture/mesh.ts';
import { httpsApp, type TestApp } from './fixture/sockets.ts';
import { OutsideCa } from './gateways/certificates.ts';

/** What is outside of the mesh, with a certificate of a CA that Node does not know of. */
const ca = new OutsideCa();
let outside: TestApp;
let url: string;
const asked: string[] = [];

beforeAll(async () => {
  const { certPem: cert, keyPem: key } = ca.issue('localhost');
  outside = await httpsApp({ cert, key }, (request, response) => {
    asked.push(request.url!);
    response.end('{"keys":[]}');
  });
  url = `https://localhost:${outside.at.port}`;
});
afterAll(() => outside.close());

const SPAN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentId: undefined,
  sampled: true,
  service: 'payments',
  name: 'GET',
  kind: 'server',
  startedAt: 0,
  durationMs: 1,
  failed: false,
  attributes: {},
} as const;
const trusting = () => [ca.certPem];

it('a key set comes from a server that is trusted by them, and from no other', async () => {
  const keys = { uri: `${url}/keys`, timeoutMs: 5_000, cacheMs: 0, retries: 0, backOffMs: 0, maxBackOffMs: 0 };
  expect(await fetchKeySet(keys, trusting)).toBe('{"keys":[]}');
  await expect(fetchKeySet(keys)).rejects.toThrow(/certificate/);
  expect(await fetchKeySet({ ...keys, ca: { pem: ca.certPem } }, () => [])).toBe('{"keys":[]}');
});

it('spans go to a collector that is trusted by them, and to no other', async () => {
  const send = async (more: Partial<Abroad>): Promise<unknown[]> => {
    const log = memoryLog();
    const exporter = new SpanExporter({ protocol: 'zipkin', url: `${url}/spans` }, { clock: realClock, log, ...more });
    exporter.add(SPAN);
    await exporter.close();
    return log.lines.map(({ message }) => message);
  };
  expect(await send({ publicRoots: trusting })).toEqual([]);
  expect(asked).toContain('/spans');
  expect(await send({})).toEqual(['spans not taken']);
});
