import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { applyContext } from '../../src/app/agent/context.ts';
import { userFiles } from '../../src/app/agent/files.ts';
import { Workloads } from '../../src/app/agent/workloads.ts';
import { realClock } from '../../src/app/real.ts';
import { hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { silentLog } from '../../src/base/ports.ts';
import type { AddressRequest } from '../../src/blueprints/context.ts';
import type { DesiredGraph } from '../../src/blueprints/graph.ts';
import { Journal } from '../../src/blueprints/journal.ts';
import { ProcessDriver } from '../../src/drivers/process/driver.ts';
import { type Bench, bench } from './engine-harness.ts';
import { load } from './fixture.ts';
import { RecordingContext } from './recording-context.ts';
import { workspace } from './workspace.ts';

/** A blueprint in a folder of its own, with an engine whose processes, addresses and files are real; the rest is in memory. */
export interface LocalWorld extends Bench {
  readonly folder: string;
  readonly driver: ProcessDriver;
  /** Reads the blueprint as it is now; fails with its errors. */
  read(): Promise<DesiredGraph>;
}

export async function localWorld(files: Readonly<Record<string, string>>): Promise<LocalWorld> {
  const folder = workspace(files);
  const home = workspace({});
  const paths = { runDir: join(home, 'run'), logDir: join(home, 'logs'), dataDir: join(home, 'data') };
  for (const path of Object.values(paths)) mkdirSync(path);
  const driver = new ProcessDriver({
    ...paths,
    home,
    programs: { 'fake-service': ['false'], docs: ['false'], traces: ['false'], mesh: ['echo', 'mesh'] },
    baseEnv: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    addressMode: 'auto',
    abstractSockets: false,
  });
  await driver.open();
  const workloads = new Workloads({ driver, clock: realClock, log: silentLog });
  const none = {} as never;
  const parts = {
    driver,
    workloads,
    registry: none,
    forwards: none,
    datacenters: none,
    journal: new Journal({ records: [], append: () => Promise.resolve(), rewrite: () => Promise.resolve() }),
    ports: none,
    apiPort: () => undefined,
  };
  const real = applyContext(parts);
  const world = Object.assign(new RecordingContext(), {
    workloads,
    files: userFiles,
    allocate: (request: AddressRequest) => real.allocate(request),
    release: (addresses: readonly string[]) => real.release(addresses),
  });
  const engine = bench([], { world });
  onTestFinished(async () => {
    await engine.destroy('all');
    driver.close();
  });
  const read = async (): Promise<DesiredGraph> => {
    const { graph, diagnostics } = await load(folder);
    if (hasErrors(diagnostics) || !graph) throw new Error(diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n'));
    return graph;
  };
  return { ...engine, folder, driver, read };
}
