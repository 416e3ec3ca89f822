import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { formatDuration } from '../../../base/duration.ts';
import { messageOf } from '../../../base/errors.ts';
import { goJson } from '../../../base/go-json.ts';
import { writeTar } from '../../../base/tar.ts';
import type { Io } from '../../io.ts';
import { realClock } from '../../real.ts';
import type { ApiClient } from '../client.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { parseJson } from '../json.ts';
import { collectLogs } from './logs.ts';
import { redact } from './redact.ts';

const TARGETS = ['agent', 'host', 'logs', 'members', 'metrics'] as const;
type Target = (typeof TARGETS)[number];

/** Consul's names that mean something else here, or nothing. */
const ALIASES: Readonly<Record<string, Target | undefined>> = { cluster: 'members', pprof: undefined };

const DURATION_MS = 2 * 60_000;
const INTERVAL_MS = 30_000;

export const debug: Command = {
  name: 'debug',
  synopsis: 'Collect what explains a problem into an archive',
  usage: [''],
  description:
    'Watches the agent for a while and writes what it says of itself, its machine, its members, its metrics and its log into an archive.\nTokens, keys and passwords are left out.',
  examples: ['debug', 'debug -duration 10s -interval 5s -capture metrics -capture logs', 'debug -archive=false -output /tmp/debug'],
  flags: [
    { name: 'archive', kind: 'bool', doc: 'Write one .tar.gz (default); otherwise a folder.' },
    { name: 'capture', kind: 'list', value: 'value', doc: `What to collect: ${TARGETS.join(', ')}; all by default. Repeatable.` },
    { name: 'duration', kind: 'duration', value: 'duration', doc: 'How long to watch: 2m by default.' },
    { name: 'interval', kind: 'duration', value: 'duration', doc: 'Time between two looks at the metrics: 30s by default.' },
    {
      name: 'output',
      kind: 'string',
      value: 'string',
      doc: 'Where it goes, without .tar.gz: consul-debug-<time> by default.',
      completes: 'file',
    },
  ],
  run: async ({ io, flags, args, client }) => {
    if (args.length > 0) throw new Failure('Too many arguments provided, expected 0');
    const targets = targetsOf(flags.list('capture'), io);
    const durationMs = flags.string('duration') === undefined ? DURATION_MS : flags.durationMs('duration');
    const intervalMs = flags.string('interval') === undefined ? INTERVAL_MS : flags.durationMs('interval');
    if (durationMs <= 0 || intervalMs <= 0) throw new Failure('Capture validation failed: duration and interval must be longer than 0s');
    const archive = flags.string('archive') === undefined || flags.bool('archive');
    const base = flags.string('output') || `consul-debug-${Math.floor(realClock.now() / 1000)}`;
    const api = await client();
    const self = await attempt('Capture validation failed: error querying target agent', get<Self>(api, '/v1/agent/self'));
    io.out(
      `==> Starting debugger and capturing static information...\n${summary(self, { durationMs, intervalMs, targets, output: base + (archive ? '.tar.gz' : '') })}`,
    );
    const files = await capture({ api, io, targets, durationMs, intervalMs, self });
    await save(files, base, archive, io);
    return 0;
  },
};

interface Self {
  readonly Config?: { readonly Version?: string };
}

const get = async <T>(api: ApiClient, path: string): Promise<T> => parseJson<T>(await api.expectOk('GET', path));

function targetsOf(names: readonly string[], io: Io): Target[] {
  const wanted = names.flatMap((name) => {
    if (!Object.hasOwn(ALIASES, name)) return [name];
    const alias = ALIASES[name];
    if (alias === undefined) io.err(`${name} is not collected: mesh is no program in Go\n`);
    return alias ?? [];
  });
  const unknown = wanted.find((name) => !TARGETS.some((target) => target === name));
  if (unknown !== undefined) throw new Failure(`Capture validation failed: capture target not found: ${unknown}`);
  return names.length === 0 ? [...TARGETS] : TARGETS.filter((target) => wanted.includes(target));
}

function summary(self: Self, shown: { durationMs: number; intervalMs: number; targets: readonly string[]; output: string }): string {
  const rows = [
    ['Agent Version', self.Config?.Version ?? ''],
    ['Interval', formatDuration(shown.intervalMs * 1e6)],
    ['Duration', formatDuration(shown.durationMs * 1e6)],
    ['Output', shown.output],
    ['Capture', shown.targets.join(', ')],
  ];
  return rows.map(([name, value]) => `${name!.padStart(18)}: '${value}'\n`).join('');
}

interface Capture {
  readonly api: ApiClient;
  readonly io: Io;
  readonly targets: readonly Target[];
  readonly durationMs: number;
  readonly intervalMs: number;
  readonly self: Self;
}

/** By name, in the order of what was collected. What the agent does not have is said and left out. */
async function capture({ api, io, targets, durationMs, intervalMs, self }: Capture): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const optional = async (target: Target, name: string, read: () => Promise<unknown>): Promise<void> => {
    if (!targets.includes(target)) return;
    try {
      files.set(name, `${goJson(redact(await read()), '    ')}\n`);
    } catch (error) {
      if (io.signal.aborted) throw error;
      io.err(`Error capturing ${target}: ${messageOf(error)}\n`);
    }
  };
  await optional('agent', 'agent.json', () => Promise.resolve(self));
  await optional('host', 'host.json', () => get(api, '/v1/agent/host'));
  await optional('members', 'members.json', () => get(api, '/v1/agent/members'));
  const ended = new AbortController();
  const log = targets.includes('logs') ? collectLogs(api, ended.signal) : Promise.resolve('');
  const rounds = Math.max(1, Math.round(durationMs / intervalMs));
  const time = (): string => new Date(realClock.now()).toISOString();
  for (let round = 0; round < rounds && !io.signal.aborted; round++) {
    io.out(`==> Beginning capture interval ${time()} (${round})\n`);
    await optional('metrics', `${round}/metrics.json`, () => get(api, '/v1/agent/metrics'));
    // The first Ctrl-C ends the watching; what is there is written.
    await realClock.sleep(Math.min(intervalMs, durationMs), io.signal).catch(() => undefined);
    io.out(`==> Capture successful ${time()} (${round})\n`);
  }
  ended.abort();
  const text = await log;
  if (targets.includes('logs')) files.set('consul.log', text);
  return files;
}

async function save(files: ReadonlyMap<string, string>, base: string, archive: boolean, io: Io): Promise<void> {
  const index = { Version: 1, AgentVersion: 'mesh', Files: [...files.keys()] };
  const all = [...files, ['index.json', `${goJson(index, '    ')}\n`] as const];
  try {
    if (archive) {
      const { gzipSync } = await import('node:zlib');
      const folder = base.split('/').at(-1)!;
      const entries = all.map(([name, text]) => ({ name: `${folder}/${name}`, content: Buffer.from(text) }));
      await writeFile(resolve(io.cwd, `${base}.tar.gz`), gzipSync(writeTar(entries, realClock.now())), { mode: 0o600, flag: 'wx' });
    } else
      for (const [name, text] of all) {
        const path = resolve(io.cwd, join(base, name));
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeFile(path, text, { mode: 0o600, flag: 'wx' });
      }
  } catch (error) {
    throw new Failure(`Archive creation failed: ${messageOf(error)}`);
  }
  io.out(archive ? `==> Saved debug archive: ${base}.tar.gz\n` : `==> Saved debug files: ${base}\n`);
}
