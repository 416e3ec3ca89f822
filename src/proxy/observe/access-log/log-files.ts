import { join } from 'node:path';
import type { Log } from '../../../base/ports.ts';
import { Shared } from '../shared.ts';
import { LogFile } from './log-file.ts';

/** The files of access logs that are open: proxies may write to the same one. */
export class LogFiles {
  readonly #folder: string;
  readonly #log: Log;
  readonly #open = new Shared<LogFile>();

  /** `folder` is for those that have no path of their own. */
  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** `proxy` is an id. Given back with `leave`. */
  join(path: string | undefined, proxy: string): LogFile {
    const at = path ?? join(this.#folder, `access.${proxy.replaceAll('/', '_')}.log`);
    return this.#open.join(at, () => new LogFile(at, this.#log));
  }

  leave({ path }: LogFile): Promise<void> {
    return this.#open.leave(path);
  }

  close(): Promise<void> {
    return this.#open.close();
  }
}
