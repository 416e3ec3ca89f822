import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import { type ApiClient, openClient } from '../client.ts';
import { attempt, type Command, type CommandContext, Failure, UsageFailure } from '../command.ts';
import { NODE_FILTERS, nodeFilters } from '../event.ts';
import { parseJson } from '../json.ts';
import { kvPath } from '../kv/pairs.ts';
import { openSession, type Session } from '../lock/session.ts';
import { goPath } from '../path.ts';
import { agentSelf } from '../self.ts';
import { followJob } from './results.ts';

/** What nodes read to know what to do (Consul: agent/remote_exec.go). */
interface Spec {
  readonly Command?: string;
  readonly Args?: readonly string[];
  /** Base64. */
  readonly Script?: string;
  /** Nanoseconds. */
  readonly Wait: number;
}

const PREFIX = '_rexec';
const WAIT_MS = 2000;
const REPLICATION_MS = 200;

export const exec: Command = {
  name: 'exec',
  synopsis: 'Run a command on nodes that allow it',
  usage: ['[-|command...]'],
  description:
    'Runs a command on every node, or on some, and prints what it says there. Nodes do so only if their agents are configured\nwith disable_remote_exec = false; agents of mesh never do.',
  examples: ['exec uptime', 'exec -service=^web$ systemctl restart web', 'exec - < script.sh'],
  flags: [
    ...NODE_FILTERS,
    {
      name: 'prefix',
      kind: 'string',
      value: 'string',
      doc: 'Where in the key-value store nodes and this command meet; _rexec by default.',
    },
    { name: 'shell', kind: 'bool', doc: 'Let a shell run it; on by default.' },
    { name: 'verbose', kind: 'bool', doc: 'Say what happens.' },
    { name: 'wait', kind: 'duration', value: 'duration', doc: 'End when nothing was heard for so long; 2s by default.' },
    { name: 'wait-repl', kind: 'duration', value: 'duration', doc: 'Time for servers to agree before nodes are told; 200ms by default.' },
  ],
  run: async (context) => {
    const { flags } = context;
    const waitMs = flags.string('wait') === undefined ? WAIT_MS : flags.durationMs('wait');
    const spec = await specOf(context, waitMs);
    const filters = nodeFilters(flags);
    const { signal } = context.io;
    // Ctrl-C ends the wait; what was put into the store is taken out all the same.
    const io = { ...context.io, signal: new AbortController().signal };
    const api = await openClient(flags, io).catch((error: unknown) => {
      throw new Failure(`Error connecting to Consul agent: ${messageOf(error)}`);
    });
    const { Config } = await attempt('Error querying Consul agent', agentSelf(api));
    const say = (text: string): void => (flags.bool('verbose') ? io.out(`${text}\n`) : undefined);
    const foreign = Boolean(flags.string('datacenter')) && flags.string('datacenter') !== Config.Datacenter;
    if (foreign) say('Remote exec in foreign datacenter, using Session TTL');
    const session = await openExecSession(
      api,
      foreign ? `Remote Exec via ${Config.NodeName}@${Config.Datacenter}` : 'Remote Exec',
      foreign,
    );
    const folder = `${flags.string('prefix') ?? PREFIX}/${session.id}`;
    try {
      say(`Created remote execution session: ${session.id}`);
      await upload(api, `${folder}/job`, session, spec);
      say('Uploaded remote execution spec');
      await delay(flags.string('wait-repl') === undefined ? REPLICATION_MS : flags.durationMs('wait-repl'), undefined, { signal }).catch(
        () => undefined,
      );
      if (signal.aborted) return 1;
      const raw = JSON.stringify({ Prefix: flags.string('prefix') ?? PREFIX, Session: session.id });
      const headers = { 'Content-Type': 'application/octet-stream' };
      const fired = api.expectOk('PUT', `/v1/event/fire/${goPath(PREFIX)}`, { query: filters, raw, headers });
      const { ID } = await attempt('Failed to fire event', fired.then(parseJson<{ readonly ID: string }>));
      say(`Fired remote execution event: ${ID}`);
      return await followJob({ api, io, signal, folder: `${folder}/`, waitMs, verbose: flags.bool('verbose') });
    } finally {
      // The session first: from then on no node can add anything.
      await session.close();
      await api.send('DELETE', kvPath(folder), { query: { recurse: '' } }).catch(() => undefined);
    }
  },
};

/** Throws a UsageFailure when there is nothing to run. */
async function specOf({ io, flags, args }: CommandContext, waitMs: number): Promise<Spec> {
  const shell = flags.string('shell') === undefined || flags.bool('shell');
  const Wait = Math.round(waitMs * 1e6);
  if (args.length === 1 && args[0] === '-') {
    if (!shell) throw new Failure('Cannot configure -shell=false when reading from stdin');
    const script = await io.stdinBytes();
    if (script.length > 0) return { Script: script.toString('base64'), Wait };
  } else if (args.length > 0 && args.join(' ') !== '') return shell ? { Command: args.join(' '), Wait } : { Args: args, Wait };
  throw new UsageFailure('Must specify a command to execute');
}

/** In another datacenter there is no agent of ours: the session is that of one of its servers. */
async function openExecSession(api: ApiClient, name: string, foreign: boolean): Promise<Session> {
  const failed = 'Failed to create session';
  if (!foreign) return attemptPlain(failed, openSession(api, name, 'delete'));
  const find = api.expectOk('GET', '/v1/health/service/consul', { query: { passing: '1' } });
  const servers = await attempt(
    `${failed}: Failed to find Consul server in remote datacenter`,
    find.then(parseJson<readonly { readonly Node: { readonly Node: string } }[]>),
  );
  const [server] = servers;
  if (!server) throw new Failure(`${failed}: Failed to find Consul server in remote datacenter`);
  return attemptPlain(failed, openSession(api, name, 'delete', { Node: server.Node.Node, Checks: [] }));
}

/** Without the words that the client of locks puts before it. */
function attemptPlain<T>(failed: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new Failure(`${failed}: ${messageOf(error).replace(/^failed to create session: /, '')}`);
  });
}

async function upload(api: ApiClient, key: string, session: Session, spec: Spec): Promise<void> {
  const written = api.expectOk('PUT', kvPath(key), { query: { acquire: session.id }, raw: JSON.stringify(spec) });
  const answer = await attempt('Failed to create job file', written);
  if (!answer.includes('true')) throw new Failure(`Failed to create job file: failed to acquire key ${key}`);
}
