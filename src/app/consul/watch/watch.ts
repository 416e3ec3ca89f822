import { formatDuration } from '../../../base/duration.ts';
import { messageOf } from '../../../base/errors.ts';
import { escapeJson, goJson } from '../../../base/go-json.ts';
import type { Io } from '../../io.ts';
import { openClient } from '../client.ts';
import { attempt, type Command, type CommandContext, Failure, UsageFailure } from '../command.ts';
import { goExit, goStartError, handlerProgram, SHELL, startHandler } from '../handler.ts';
import { agentSelf } from '../self.ts';
import { follow } from './follow.ts';
import { viewOf } from './views.ts';

export const watch: Command = {
  name: 'watch',
  synopsis: 'Wait for changes, and run a program for each',
  usage: ['[child...]'],
  completes: ['file'],
  description:
    'Prints what is there as JSON. With a program, runs it with that on its standard input, and again for every change, with the\nindex in CONSUL_INDEX. It ends when the program fails.',
  examples: [
    'watch -type=key -key=web/limit',
    'watch -type=service -service=payments ./reload.sh',
    'watch -type=keyprefix -prefix=web/ -shell=false ./render',
  ],
  flags: [
    { name: 'key', kind: 'string', value: 'string', doc: 'Key to watch, for key.', completes: 'key' },
    { name: 'name', kind: 'string', value: 'string', doc: 'Name of the event to watch, for event; any by default.' },
    { name: 'passingonly', kind: 'string', value: 'true|false', doc: 'Only healthy instances, for service.' },
    { name: 'prefix', kind: 'string', value: 'string', doc: 'Prefix to watch, for keyprefix.', completes: 'key' },
    { name: 'service', kind: 'string', value: 'string', doc: 'Service to watch, for service and checks.', completes: 'service' },
    SHELL,
    {
      name: 'state',
      kind: 'string',
      value: 'string',
      doc: 'State of checks to watch, for checks; any by default.',
      choices: ['any', 'passing', 'warning', 'critical'],
    },
    { name: 'tag', kind: 'list', value: 'value', doc: 'Only instances with this tag, for service; repeatable.' },
    {
      name: 'type',
      kind: 'string',
      value: 'string',
      doc: 'key, keyprefix, services, nodes, service, checks or event.',
      choices: ['key', 'keyprefix', 'services', 'nodes', 'service', 'checks', 'event'],
    },
  ],
  run: async (context) => {
    const { flags } = context;
    const type = flags.string('type');
    if (!type) throw new UsageFailure('Watch type must be specified');
    const view = viewOf(type, flags);
    const { signal } = context.io;
    const io: Io = { ...context.io, signal: new AbortController().signal };
    const api = await openClient(flags, io).catch((error: unknown) => {
      throw new Failure(messageOf(error));
    });
    await attempt('Error querying Consul agent', agentSelf(api));
    let exit = 0;
    await follow(api, view, {
      signal,
      onChange: async (index, json) => {
        if (context.args.length === 0) {
          io.out(`${indented(json)}\n`);
          return false;
        }
        const wrong = await handle(context, index, `${escapeJson(json)}\n`);
        if (wrong === undefined) return true;
        io.err(`${wrong}\n`);
        exit = 1;
        return false;
      },
      onError: (message, retryMs) =>
        io.err(`[ERROR] watch.plan: Watch errored: type=${type} error="${message}" retry=${formatDuration(retryMs * 1e6)}\n`),
    });
    return exit;
  },
};

/** For people; flags of keys have 64 bits, and stay as they are. */
function indented(json: string): string {
  const value: unknown = JSON.parse(json.replace(/"Flags":(\d+)/g, '"Flags":"$1"'));
  return goJson(value, '    ').replace(/"Flags": "(\d+)"/g, '"Flags": $1');
}

/** Runs the program once. What went wrong, in Consul's words. */
async function handle({ io, flags, args }: CommandContext, index: string, text: string): Promise<string | undefined> {
  const shell = flags.string('shell') === undefined || flags.bool('shell');
  const child = await startHandler(args, shell, io, { env: { ...io.env, CONSUL_INDEX: index }, input: { text } });
  try {
    const wrong = goExit(await child.exited);
    return wrong === undefined ? undefined : `Error executing handler: ${wrong}`;
  } catch (error) {
    return `Error starting handler: ${goStartError(error, handlerProgram(args, shell, io))}`;
  }
}
