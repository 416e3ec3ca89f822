import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { snapshotToJson } from '../../../../src/catalog/snapshot.ts';
import type { Op } from '../../../../src/catalog/types.ts';
import { ENDPOINTS } from '../../../../src/control/http/endpoints/table.ts';
import { put } from '../../../catalog/registrations.ts';
import { openTestPlane, registration, webAndPayments } from '../../harness.ts';
import { anyRequest, type FuzzRequest } from './requests.ts';

/** Who sends the requests: anybody without ACLs, or nobody in particular where everything is denied. */
export type FuzzMode = 'open' | 'denied';

const DENY = { enabled: true, defaultPolicy: 'deny', enableTokenPersistence: false, tokens: {} } as const;
/** A word that no request has: where all is denied, no answer may have it either. */
const HIDDEN = 'classified';

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
export async function fuzz(count: number, seed: number, mode: FuzzMode = 'open'): Promise<FuzzResult> {
  const dir = await mkdtemp(join(tmpdir(), 'mesh-fuzz-'));
  const agent = new Agent({ keepAlive: true });
  const findings: Finding[] = [];
  const statuses = new Map<number, number>();
  try {
    const options = { dir, ...(mode === 'denied' ? { acl: DENY } : {}) };
    const { plane, ...rest } = await openTestPlane(options);
    await plane.commit([...webAndPayments, ...classified()]);
    const { port } = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
    for (const one of fc.sample(anyRequest(ENDPOINTS), { numRuns: count, seed })) {
      const before = plane.snapshot.value;
      const { status, text } = await send(one, port, agent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const after = plane.snapshot.value;
      const isChanged = after !== before && JSON.stringify(snapshotToJson(after)) !== JSON.stringify(snapshotToJson(before));
      const problem = problemOf({ status, text, isChanged, mode, path: one.path });
      if (problem !== '') findings.push({ request: one, status, text: text.slice(0, 500), problem });
    }
    await rest[Symbol.asyncDispose]();
    const last = JSON.stringify(snapshotToJson(plane.snapshot.value));
    const again = await openTestPlane(options);
    const replays = JSON.stringify(snapshotToJson(again.plane.snapshot.value)) === last;
    await again[Symbol.asyncDispose]();
    return { findings, statuses, replays };
  } finally {
    agent.destroy();
    await rm(dir, { recursive: true, force: true });
  }
}

function classified(): readonly Op[] {
  return [
    registration({ node: `${HIDDEN}-vm`, address: '127.5.0.120', name: HIDDEN, port: 9090, upstreams: [{ name: HIDDEN, port: 9191 }] }),
    put('service-defaults', HIDDEN, { Protocol: 'http' }),
  ];
}

interface Seen {
  readonly status: number;
  readonly text: string;
  readonly isChanged: boolean;
  readonly mode: FuzzMode;
  readonly path: string;
}

/** Made for those who have no token yet: it makes the first one. */
const IS_BOOTSTRAP = /^\/v1\/acl\/bootstrap\b/;

function problemOf({ status, text, isChanged, mode, path }: Seen): string {
  if (status === 0) return 'no answer';
  if (isBug(status, text)) return 'a bug of ours';
  if (isChanged && status >= 400) return 'changed in spite of its error';
  if (mode === 'denied' && isChanged && !IS_BOOTSTRAP.test(path)) return 'changed by somebody who may not';
  return mode === 'denied' && text.includes(HIDDEN) ? 'told somebody who may not know' : '';
}

/** Errors that no Consul has, and those that JavaScript makes. */
const isBug = (status: number, text: string): boolean =>
  status >= 500 &&
  /internal error|Cannot read prop|is not (?:a function|iterable|defined)|undefined|\[object |RangeError|TypeError|call stack/.test(text);

/** How long a stream is listened to, in milliseconds: that it has begun is answer enough. */
const LISTENED = 20;

/** Status 0: the connection ended without an answer, or there was none in time. */
function send({ method, path, headers, body }: FuzzRequest, port: number, agent: Agent): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, agent, timeout: 10_000, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } },
      (response) => {
        const chunks: Buffer[] = [];
        const answered = (): void => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', answered);
        if (isStream(response)) setTimeout(() => [answered(), outgoing.destroy()], LISTENED);
        else response.on('error', (error) => resolve({ status: 0, text: error.message }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', (error) => resolve({ status: 0, text: error.message }));
    outgoing.end(body);
  });
}

/** What may go on for ever has no length. */
const isStream = ({ statusCode, headers }: IncomingMessage): boolean => statusCode === 200 && headers['content-length'] === undefined;
