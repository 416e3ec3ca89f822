import { parseFlags } from '../consul/flags.ts';
import { HTTP_FLAGS } from '../consul/http-flags.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import type { StatusReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';

/** Somebody waits with a finger on the key: what takes longer is not offered. */
export const LIMIT_MS = 400;

/** Asks an agent for JSON: a path below its address, and parameters. Rejects unless the answer is a 200. */
export type ApiClient = (path: string, query?: Readonly<Record<string, string>>) => Promise<unknown>;

/** The agent that the command would ask: by the flags that stand in the line so far, and the environment. */
export async function clientOf(io: Io, values: ReadonlyMap<string, string>): Promise<ApiClient> {
  const { openClient } = await import('../consul/client.ts');
  const known = HTTP_FLAGS.filter(({ kind }) => kind !== 'bool');
  const argv = known.flatMap(({ name }) => (values.has(name) ? [`-${name}=${values.get(name)}`] : []));
  const parsed = parseFlags(known, argv);
  if (parsed.type === 'error') throw new Error(parsed.message);
  const client = await openClient(parsed.flags, io);
  const signal = AbortSignal.timeout(LIMIT_MS);
  return async (path, query = {}) => JSON.parse(await client.expectOk('GET', path, { query, signal })) as unknown;
}

/** What runs in this home. Rejects without an agent; none is started for this. */
export async function statusOf(io: Io): Promise<StatusReport> {
  const { call } = await import('../rpc/client.ts');
  const { agentSocket } = homeOf(io.env, io.cwd);
  return call(agentSocket, 'status', {}, { version: VERSION, detach: AbortSignal.timeout(LIMIT_MS) });
}

/** A field of each of a list. */
export function listOf(value: unknown, field: string): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: Readonly<Record<string, unknown>>) => (typeof one[field] === 'string' ? [one[field]] : []));
}

export const namesIn = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);
