import { join } from 'node:path';
import type { Log } from '../../../base/ports.ts';
import { LogFile } from './log-file.ts';

/** The files of access logs that are open, by path: proxies may write to the same one. */
export class LogFiles {
  readonly #folder: string;
  readonly #log: Log;
  readonly #open = new Map<string, { readonly file: LogFile; users: number }>();

  /** `folder` is for those that have no path of their own. */
  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** `proxy` is an id. Given back with `leave`. */
  join(path: string | undefined, proxy: string): LogFile {
    const at = path ?? join(this.#folder, `${accessLogName(proxy)}.log`);
    let entry = this.#open.get(at);
    if (!entry) {
      entry = { file: new LogFile(at, this.#log), users: 0 };
      this.#open.set(at, entry);
    }
    entry.users++;
    return entry.file;
  }

  async leave({ path }: LogFile): Promise<void> {
    const entry = this.#open.get(path);
    if (!entry || --entry.users > 0) return;
    this.#open.delete(path);
    await entry.file.close();
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#open.values(), ({ file }) => file.close()));
  }
}

/** `dc1/web-vm/web-sidecar-proxy` -> `access.dc1_web-vm_web-sidecar-proxy` */
export function accessLogName(proxy: string): string {
  return `access.${proxy.replaceAll('/', '_')}`;
}
