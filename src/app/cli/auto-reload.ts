import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AgentSettings } from '../../agent-config/settings.ts';
import type { Clock } from '../../base/ports.ts';

/** Often enough for people, and next to nothing for a machine. */
const LOOK_MS = 1000;

export interface AutoReload {
  /** Configuration files and folders, absolute. */
  readonly paths: readonly string[];
  /** As they are at the moment: they name certificates, too. */
  readonly settings: () => AgentSettings;
  readonly cwd: string;
  readonly clock: Clock;
  /** Must not reject. */
  readonly reload: () => Promise<void>;
}

/** `auto_reload_config`: reloads when a configuration file or a certificate has changed, until the signal. */
export async function reloadOnChange(options: AutoReload, signal: AbortSignal): Promise<void> {
  let seen = await stampOf(options);
  while (!signal.aborted) {
    await options.clock.sleep(LOOK_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    const now = await stampOf(options);
    if (now === seen) continue;
    seen = now;
    await options.reload();
  }
}

/** Differs when anything about the files does. */
async function stampOf({ paths, settings, cwd }: AutoReload): Promise<string> {
  const { https, grpc, internalRpc } = settings().tls;
  const certificates = [https, grpc, internalRpc].flatMap(({ caFile, certFile, keyFile }) => [caFile, certFile, keyFile]);
  const files = new Set([...paths, ...certificates.flatMap((file) => (file === undefined ? [] : [resolve(cwd, file)]))]);
  return (await Promise.all([...files].toSorted().map(stampOfPath))).join('\n');
}

async function stampOfPath(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return `${path} ${found.ino} ${found.size} ${found.mtimeMs}`;
    const names = (await readdir(path)).filter((name) => /\.(hcl|json)$/.test(name));
    return (await Promise.all(names.toSorted().map((name) => stampOfPath(join(path, name))))).join('\n');
  } catch {
    return `${path} absent`;
  }
}
