import { setMaxListeners } from 'node:events';
import type { Log, LogLevel } from '../../../../base/ports.ts';
import { DRAIN_MS } from '../../../../compile/proxy-config.ts';
import { createDataPlane } from '../../../../proxy/dataplane.ts';
import type { Io } from '../../../io.ts';
import { isLogLevel, lineLog, realClock } from '../../../real.ts';
import { openClient } from '../../client.ts';
import { attempt, type Command, type CommandContext, Failure } from '../../command.ts';
import { textFlag } from '../../flags.ts';
import { sidecarIdOf, stayRegistered } from './registered.ts';
import { type ProxySettings, settingsOf } from './settings.ts';
import { LiveSidecar } from './sidecar.ts';

export const connectProxy: Command = {
  name: 'connect proxy',
  synopsis: 'Run one sidecar alone',
  usage: [''],
  description:
    'Runs one sidecar in this process until Ctrl-C: with an agent of mesh, or with any Consul. It knows all of what sidecars of an agent\n' +
    'of mesh can do, routers, splitters and intentions by request included. While Consul is away, it serves on with what it knows.\n' +
    'It needs service:write for its service, and service:read for those that it calls. It ends with 1 when it can not listen at the start.',
  examples: [
    'connect proxy -sidecar-for web',
    'connect proxy -service web -upstream payments:9091',
    "connect proxy -service payments -service-addr 127.0.0.1:9090 -listen ':8443' -register",
  ],
  flags: [
    textFlag('sidecar-for', 'Id of a service of the agent: of its sidecar, which is registered, there must be one.', {
      completes: 'service',
    }),
    textFlag('proxy-id', 'Id of the proxy, which is registered with the agent.'),
    textFlag('service', 'Name of the service that it stands for, when it is not registered.', { completes: 'service' }),
    { name: 'upstream', kind: 'list', value: 'value', doc: 'Offer a service here: name:port or name:address:port. Repeatable.' },
    textFlag('listen', 'Where to take calls for the service: address:port or :port.'),
    textFlag('service-addr', 'Where the service itself listens.'),
    { name: 'register', kind: 'bool', doc: 'Register with the agent, as long as it runs. With -listen.' },
    textFlag('register-id', 'What tells its id from those of others of the service.'),
    textFlag('log-level', 'trace, debug, info (default), warn or error.', { choices: ['trace', 'debug', 'info', 'warn', 'error'] }),
    { name: 'log-json', kind: 'bool', doc: 'Log as JSON, one object a line.' },
  ],
  async run({ io, flags }) {
    const settings = settingsOf(flags);
    // What is asked for at the end is asked for after the signal to end.
    const api = await openClient(flags, { ...io, signal: io.detach }).catch((error: unknown) => {
      throw new Failure(`Error connecting to Consul agent: ${String(error)}`);
    });
    const log = logOf(flags, io);
    const proxy = 'proxy' in settings ? settings.proxy : { id: await idOf(settings, api) };
    await io.surviveStrayErrors?.(log);
    const failed = new AbortController();
    const surroundings = { api, clock: realClock, log, signal: AbortSignal.any([io.signal, failed.signal]) };
    // One listener for each question that is open.
    setMaxListeners(0, surroundings.signal, io.detach);
    const dataPlane = createDataPlane({ log, clock: realClock });
    io.err('==> Consul Connect proxy starting...\n');
    const registered = 'proxy' in settings && settings.register ? stayRegistered(settings.proxy, surroundings) : undefined;
    const live = new LiveSidecar({ ...surroundings, dataPlane, proxy }).run().finally(() => failed.abort());
    const outcomes = await Promise.allSettled([live, registered]);
    await dataPlane.close(DRAIN_MS);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    io.err('==> Consul Connect proxy shutdown\n');
    return 0;
  },
};

function idOf(settings: Exclude<ProxySettings, { readonly proxy: unknown }>, api: Parameters<typeof sidecarIdOf>[1]): Promise<string> {
  if ('proxyId' in settings) return Promise.resolve(settings.proxyId);
  return attempt('Error preparing configuration', sidecarIdOf(settings.sidecarFor, api));
}

function logOf(flags: CommandContext['flags'], io: Io): Log {
  const level = flags.string('log-level')?.toLowerCase();
  const lowest: LogLevel = isLogLevel(level) ? level : 'info';
  const json = flags.bool('log-json');
  return lineLog(lowest, {}, (line) => io.err(json ? line : `    ${textOf(line)}\n`));
}

/** A line of the log for people: `2026-01-02T03:04:05.678Z [WARN]  what happened: reason=…`. */
function textOf(line: string): string {
  const { time, level, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${String(time)} ${`[${String(level).toUpperCase()}]`.padEnd(7)} ${String(message)}${rest.length > 0 ? `:${rest.join('')}` : ''}`;
}
