import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log } from '../../base/ports.ts';
import { BARE, type Workload } from '../../base/workload.ts';
import { findTree, spawnTree } from '../../drivers/process/processes.ts';
import { type Runner, Supervised } from '../../drivers/supervise/supervised.ts';
import type { Home } from '../home.ts';

/** Nobody is served while it is away: it is back within a second, even if it was killed several times in a row. */
const BACK_OFF = { firstMs: 10, maxMs: 500 };

export interface DataplaneProcessOptions {
  readonly home: Home;
  /** Node and the bundle of the data plane. */
  readonly program: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The data plane as a supervised process. It outlives the agent and is found again by its marker; it dials the agent's
 * socket by itself, so nothing has to be handed over.
 */
export function dataplaneProcess(options: DataplaneProcessOptions): Supervised {
  const { home, program, env, clock, log } = options;
  const marker = join(home.runDir, 'dataplane');
  const logPath = join(home.logDir, 'dataplane.log');
  const runner: Runner = {
    start: () => spawnTree({ marker, command: [...program, home.dataplaneSocket, home.logDir], env, cwd: home.root, logPath }),
    adopt: () => findTree(marker),
    probe: () => Promise.resolve(true),
    listening: () => Promise.resolve(undefined),
    async sweep() {
      await (await findTree(marker))?.stop(0);
      await Promise.all([`${marker}.pid`, `${marker}.exit`].map((path) => rm(path, { force: true })));
    },
  };
  const workload: Workload = {
    id: 'dataplane',
    name: 'dataplane',
    image: '',
    env: {},
    address: '127.0.0.1',
    ...BARE,
    // It is stopped only when nothing is left behind it.
    stopDeadlineMs: 0,
  };
  return new Supervised({ workload, driver: runner, clock, log, backOff: BACK_OFF });
}
