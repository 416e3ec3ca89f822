import { posix } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import type { Child, Io } from '../../io.ts';
import { openClient } from '../client.ts';
import { attempt, type Command, type CommandContext, Failure } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { goExit, goStartError, handlerProgram, SHELL, startHandler } from '../handler.ts';
import { agentSelf } from '../self.ts';
import type { Held, Hold } from './hold.ts';
import { mutex } from './mutex.ts';
import { LOCK_KEY, semaphore } from './semaphore.ts';

/** Between the request to end and the order. */
const GRACE_MS = 5000;
const RETRIES = 3;

export const lock: Command = {
  name: 'lock',
  synopsis: 'Run a program while holding a lock',
  usage: ['prefix child...'],
  completes: ['key', 'file'],
  description:
    'Runs a program while holding a lock, or a place in a semaphore, below a prefix of the key-value store. When the lock is lost,\nthe program is asked to end, and ended after 5 s. Its exit code is not passed on, unless -child-exit-code asks for a 2.',
  examples: ['lock jobs/backup ./backup.sh', 'lock -n=3 -timeout=30s jobs/import ./import.sh', 'lock -shell=false jobs/x ./x'],
  flags: [
    { name: 'child-exit-code', kind: 'bool', doc: 'Exit with 2 when the program fails.' },
    {
      name: 'monitor-retry',
      kind: 'int',
      value: 'int',
      doc: 'How many failing answers in a row to put up with, a second apart, before the lock counts as lost; 3 by default.',
    },
    { name: 'n', kind: 'int', value: 'int', doc: 'How many may hold it at a time; 1 by default. More make it a semaphore.' },
    { name: 'name', kind: 'string', value: 'string', doc: 'Name of the session.' },
    { name: 'pass-stdin', kind: 'bool', doc: 'Give the program this standard input.' },
    SHELL,
    { name: 'timeout', kind: 'duration', value: 'duration', doc: 'How long to try, such as 30s; 0, the default, is for ever.' },
    { name: 'try', kind: 'duration', value: 'duration', doc: 'An older name of -timeout.' },
    { name: 'verbose', kind: 'bool', doc: 'Say what happens.' },
  ],
  run: async (context) => {
    const { flags } = context;
    const given = settings(context);
    // Ctrl-C ends the wait and the program, but not the release.
    const io: Io = { ...context.io, signal: new AbortController().signal };
    const api = await openClient(flags, io).catch((error: unknown) => {
      throw new Failure(`Error connecting to Consul agent: ${messageOf(error)}`);
    });
    await attempt('Error querying Consul agent', agentSelf(api));
    const say = (text: string): void => (flags.bool('verbose') ? io.out(`${text}\n`) : undefined);
    const options = { api, sessionName: given.name, timeoutMs: given.timeoutMs, retries: given.retries };
    let hold: Hold;
    if (given.limit === 1) {
      const key = posix.join(given.prefix, LOCK_KEY);
      say(`Setting up lock at path: ${key}`);
      hold = mutex(key, options);
    } else {
      say(`Setting up semaphore (limit ${given.limit}) at prefix: ${given.prefix}`);
      if (given.prefix === '') throw new Failure('Lock setup failed: missing prefix');
      hold = semaphore(given.prefix, given.limit, options);
    }
    say('Attempting lock acquisition');
    const held = await attempt('Lock acquisition failed', hold.acquire(context.io.signal));
    if (!held) throw new Failure('Shutdown triggered or timeout during lock acquisition');
    const code = await runHolding(context, held, say);
    await attempt('Lock release failed', held.release());
    const cleaned = await attempt('Lock cleanup failed', hold.cleanUp());
    say(cleaned === 'done' ? 'Cleanup succeeded' : 'Cleanup aborted, lock in use');
    return flags.bool('child-exit-code') ? code : 0;
  },
};

interface Settings {
  readonly prefix: string;
  readonly name: string;
  readonly limit: number;
  readonly timeoutMs: number;
  readonly retries: number;
}

/** Throws a Failure in Consul's words. */
function settings({ flags, args }: CommandContext): Settings {
  const limit = flags.string('n') === undefined ? 1 : flags.int('n');
  if (limit <= 0) throw new Failure('Lock holder limit must be positive');
  const [first, ...words] = args;
  if (first === undefined || words.length === 0) throw new Failure('Key prefix and child command must be specified');
  const prefix = first.replace(/^\//, '');
  const timeoutMs = timeoutOf(flags);
  if (timeoutMs < 0) throw new Failure('Timeout must be positive');
  const retries = flags.string('monitor-retry') === undefined ? RETRIES : flags.int('monitor-retry');
  if (retries < 0) throw new Failure("Number for 'monitor-retry' must be >= 0");
  const name = flags.string('name') || `Consul lock for '${words.join(' ')}' at '${prefix}'`;
  return { prefix, name, limit, timeoutMs, retries };
}

const timeoutOf = (flags: FlagValues): number => flags.durationMs(flags.string('timeout') === undefined ? 'try' : 'timeout');

/** Until the program has ended, by itself or because the lock is lost or this process is to end. What lock answers for it: 0 or 2. */
async function runHolding({ io, flags, args }: CommandContext, held: Held, say: (text: string) => void): Promise<number> {
  if (io.signal.aborted) {
    io.err('Shutdown triggered during lock acquisition\n');
    return 0;
  }
  const words = args.slice(1);
  const shell = flags.string('shell') === undefined || flags.bool('shell');
  say('Starting handler');
  if (flags.bool('pass-stdin')) say('Stdin passed to handler process');
  const env = { ...io.env, CONSUL_LOCK_HELD: 'true' };
  const child = await startHandler(words, shell, io, { env, ...(flags.bool('pass-stdin') ? { input: 'inherit' as const } : {}) });
  const ended = child.exited.then(
    (exit) => complain(io, 'Error running handler', goExit(exit)),
    (error: unknown) => complain(io, 'Error starting handler', goStartError(error, handlerProgram(words, shell, io))),
  );
  const shutdown = new Promise<'shutdown'>((resolve) => io.signal.addEventListener('abort', () => resolve('shutdown'), { once: true }));
  const first = await Promise.race([ended, shutdown, held.lost.then(() => 'lost' as const)]);
  if (typeof first === 'number') {
    say('Child terminated, releasing lock');
    return first;
  }
  say(first === 'lost' ? 'Lock lost, killing child' : 'Shutdown triggered, killing child');
  await end(child, ended, say);
  return 0;
}

async function end(child: Child, ended: Promise<unknown>, say: (text: string) => void): Promise<void> {
  if (child.pid === undefined) {
    say('No child process to kill');
    return;
  }
  say(`Terminating child pid ${child.pid}`);
  child.kill('SIGTERM');
  const waiting = new AbortController();
  const inTime = await Promise.race([ended.then(() => true), delay(GRACE_MS, false, { signal: waiting.signal }).catch(() => false)]);
  waiting.abort();
  if (inTime) {
    say('Child terminated');
    return;
  }
  say(`Child did not exit after grace period of ${GRACE_MS / 1000}s`);
  say(`Killing child pid ${child.pid}`);
  child.kill('SIGKILL');
}

function complain(io: Io, what: string, why: string | undefined): 0 | 2 {
  if (why === undefined) return 0;
  io.err(`${what}: ${why}\n`);
  return 2;
}
