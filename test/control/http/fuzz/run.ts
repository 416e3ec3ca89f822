import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { snapshotToJson } from '../../../../src/catalog/snapshot.ts';
import { ENDPOINTS } from '../../../../src/control/http/endpoints/table.ts';
import { openTestPlane, webAndPayments } from '../../harness.ts';
import { anyRequest, type FuzzRequest } from './requests.ts';

/** What is wrong with an answer. */
export interface Finding {
  readonly request: FuzzRequest;
  readonly status: number;
  readonly text: string;
  readonly problem: string;
}

export interface FuzzResult {
  readonly findings: readonly Finding[];
  /** How many answers had each status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What a restart makes of the log is what was there. */
  readonly replays: boolean;
}

/** Sends requests one after the other to a control plane of its own. */
export async function fuzz(count: number, seed: number): Promise<FuzzResult> {
  const dir = await mkdtemp(join(tmpdir(), 'mesh-fuzz-'));
  const agent = new Agent({ keepAlive: true });
  const findings: Finding[] = [];
  const statuses = new Map<number, number>();
  try {
    const { plane, ...rest } = await openTestPlane({ dir });
    await plane.commit(webAndPayments);
    const { port } = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
    for (const one of fc.sample(anyRequest(ENDPOINTS), { numRuns: count, seed })) {
      const before = plane.snapshot.value;
      const { status, text } = await send(one, port, agent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const after = plane.snapshot.value;
      const isChanged = after !== before && JSON.stringify(snapshotToJson(after)) !== JSON.stringify(snapshotToJson(before));
      const problem =
        status === 0
          ? 'no answer'
          : isBug(status, text)
            ? 'a bug of ours'
            : status >= 400 && isChanged
              ? 'changed in spite of its error'
              : '';
      if (problem !== '') findings.push({ request: one, status, text: text.slice(0, 500), problem });
    }
    await rest[Symbol.asyncDispose]();
    const last = JSON.stringify(snapshotToJson(plane.snapshot.value));
    const again = await openTestPlane({ dir });
    const replays = JSON.stringify(snapshotToJson(again.plane.snapshot.value)) === last;
    await again[Symbol.asyncDispose]();
    return { findings, statuses, replays };
  } finally {
    agent.destroy();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Errors that no Consul has, and those that JavaScript makes. */
const isBug = (status: number, text: string): boolean =>
  status >= 500 &&
  /internal error|Cannot read prop|is not (?:a function|iterable|defined)|undefined|\[object |RangeError|TypeError|call stack/.test(text);

/** Status 0: the connection ended without an answer, or there was none in time. */
function send({ method, path, headers, body }: FuzzRequest, port: number, agent: Agent): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, agent, timeout: 10_000, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => resolve({ status: 0, text: error.message }));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', (error) => resolve({ status: 0, text: error.message }));
    outgoing.end(body);
  });
}
