import { join, resolve } from 'node:path';
import type { AgentSettings, LogSettings } from '../../agent-config/settings.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { LogLevel } from '../../base/ports.ts';
import { type LogLine, logLineText } from '../../control/agent/log-tap.ts';
import type { AgentLog, LogReader } from '../agent/log.ts';
import type { Io } from '../io.ts';
import { isLogLevel, realClock } from '../real.ts';
import { RotatingFile } from './rotating-file.ts';

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
    const file = openLogFile(settings.log, settings.log.file, io);
    this.#ends.push(() => file.close());
    add((entry) => file.write(`${line(entry)}\n`));
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
function openLogFile(log: LogSettings, path: string, io: Io): RotatingFile {
  const file = resolve(io.cwd, path.endsWith('/') ? join(path, 'consul.log') : path);
  try {
    const rotation = { maxBytes: log.rotateBytes, maxAgeMs: log.rotateAfterMs, maxFiles: log.rotateMaxFiles };
    return new RotatingFile(file, rotation, () => realClock.now());
  } catch (error) {
    throw new MeshError('environment', `the log file can't be written: ${messageOf(error)}`, { hint: 'choose another -log-file' });
  }
}
