import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StatusReport } from '../../../src/app/rpc/status.ts';
import { agentKilled, type Drilled, dataplaneKilled, everythingEdited, instanceKilled, type Outcome } from './drills.ts';
import { writeShop } from './shop.ts';

export interface DrillOptions {
  /** Path of `bin/mesh.js`. */
  readonly program: string;
  /** How long the agent stays away. */
  readonly awayMs: number;
  /** How often the data plane is killed. */
  readonly kills: number;
  readonly print: (line: string) => void;
}

/** Runs all drills in a home of their own. Returns the names of those in which a call failed that must not. */
export async function drill({ program, awayMs, kills, print }: DrillOptions): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-drill-'));
  const home = join(folder, 'home');
  const run = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, MESH_HOME: home };
    return (await promisify(execFile)(process.execPath, [program, ...args], { cwd: folder, env })).stdout;
  };
  const agent = () => JSON.parse(readFileSync(join(home, 'agent.json'), 'utf8')) as { pid: number };
  const mesh: Drilled = {
    status: async () => JSON.parse(await run('status', '--json')) as StatusReport,
    agentPid: () => agent().pid,
    type: async (...args) => void (await run(...args)),
  };
  const failed: string[] = [];
  const tell = (what: string, { answered, failures, longestGapMs }: Outcome, mayFail = false): void => {
    print(
      `${what.padEnd(52)} ${String(answered).padStart(7)} answered, ${failures.length} failed, longest gap ${Math.round(longestGapMs)} ms`,
    );
    if (mayFail || failures.length === 0) return;
    failed.push(what);
    for (const failure of new Set(failures)) print(`  ${failure}`);
  };
  try {
    writeShop(join(folder, 'shop'));
    await run('run', './shop', '--http-port', '0', '--ports', 'auto');
    tell('one of three instances killed', await instanceKilled(mesh));
    tell('20 edits of routes, 20 of intentions, a root rotated', await everythingEdited(mesh));
    tell(`the agent killed, and away for ${awayMs / 1000} s`, await agentKilled(mesh, awayMs));
    for (let kill = 0; kill < kills; kill++) tell('the data plane killed', await dataplaneKilled(mesh), true);
  } finally {
    await run('purge', '-y');
    rmSync(folder, { recursive: true, force: true });
  }
  return failed;
}
