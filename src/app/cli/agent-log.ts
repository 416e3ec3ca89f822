import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AgentSettings } from '../../agent-config/settings.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { LogLevel } from '../../base/ports.ts';
import { type LogLine, logLineText } from '../../control/agent/log-tap.ts';
import type { AgentLog, LogReader } from '../agent/log.ts';
import type { Io } from '../io.ts';
import { isLogLevel, writeQuietly } from '../real.ts';

interface Shape {
  readonly settings: AgentSettings;
  /** Lines as Consul's, on standard output; otherwise JSON as all of mesh writes it, on standard error. */
  readonly asConsul: boolean;
  readonly io: Io;
}

/** Where the log of an agent in the foreground goes: its standard streams, and a file if there is one. */
export class LogOutput {
  readonly #readers: LogReader[] = [];
  readonly #ends: (() => void)[] = [];

  /** Throws a MeshError when the file can't be written. */
  constructor(log: AgentLog, shape: Shape) {
    const { settings, asConsul, io } = shape;
    const level = levelOf(settings);
    const add = (read: (entry: LogLine) => void): void => {
      const reader = { level, read };
      this.#readers.push(reader);
      this.#ends.push(log.add(reader));
    };
    const line = (entry: LogLine): string => logLineText(entry, settings.log.json);
    if (asConsul) add((entry) => io.out(`${settings.log.json ? '' : '    '}${line(entry)}\n`));
    else add((entry) => io.err(`${ownLine(entry)}\n`));
    if (settings.log.file === undefined) return;
    const fd = openLogFile(settings.log.file, io);
    this.#ends.push(() => closeSync(fd));
    add((entry) => writeQuietly(fd, `${line(entry)}\n`));
  }

  /** The level may change while it runs. */
  follow(settings: AgentSettings): void {
    for (const reader of this.#readers) reader.level = levelOf(settings);
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

const levelOf = ({ log }: AgentSettings): LogLevel => (isLogLevel(log.level) ? log.level : 'info');

function ownLine({ time, level, message, fields }: LogLine): string {
  return JSON.stringify({ time: new Date(time).toISOString(), level, component: 'agent', message, ...fields });
}

/** As with Consul, a folder holds `consul.log`. */
function openLogFile(path: string, io: Io): number {
  const file = resolve(io.cwd, path.endsWith('/') ? join(path, 'consul.log') : path);
  try {
    return openSync(file, 'a', 0o600);
  } catch (error) {
    throw new MeshError('environment', `the log file can't be written: ${messageOf(error)}`, { hint: 'choose another -log-file' });
  }
}
