import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAgent } from '../app/agent/agent.ts';
import type { DataplaneHost } from '../app/agent/dataplane-process.ts';
import { runBlueprint } from '../app/cli/run-blueprint.ts';
import { homeOf } from '../app/home.ts';
import type { Io, Programs } from '../app/io.ts';
import { logMaxBytes } from '../app/log-limit.ts';
import { call } from '../app/rpc/client.ts';
import { VERSION } from '../app/version.ts';
import { addressMode, workloadEnv } from '../app/workload-env.ts';
import { MeshError } from '../base/errors.ts';
import { Scope } from '../base/scope.ts';
import { milliseconds } from './manual-clock.ts';
import { BlueprintPrograms } from './programs.ts';
import type { Time } from './types.ts';
import { watchOver } from './watcher.ts';
import { type Surroundings, serveHere, World } from './world.ts';

/** What a blueprint needs in addition: its programs are processes. */
export interface BlueprintSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly nodeVersion: string;
  readonly programs: Programs;
  readonly shippedBlueprints: string;
  readonly dashboardFolder: string;
}

interface BlueprintOptions {
  readonly blueprint: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly timeout: Time;
}

/** Whoever starts the agent serves the sidecars. */
const HERE: DataplaneHost = {
  begin: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  release: () => undefined,
  endFormer: () => Promise.resolve(),
};

/**
 * A blueprint that runs in a home of its own, with agent and data plane in this process. Its programs are processes: they end with the
 * mesh, and with this process however that ends.
 */
export async function openBlueprintWorld(options: BlueprintOptions, surroundings: Surroundings & BlueprintSurroundings): Promise<World> {
  const { clock, random, log, env, cwd, pid, platform, programs, shippedBlueprints, dashboardFolder } = surroundings;
  const scope = new Scope();
  try {
    const root = await mkdtemp(join(tmpdir(), 'mesh-test-'));
    scope.defer(() => rm(root, { recursive: true, force: true }));
    const watcher = await watchOver(root);
    scope.defer(() => watcher.release());
    const home = homeOf({ ...env, MESH_HOME: root }, cwd);
    const agent = await startAgent({
      home,
      httpPort: 0,
      dnsPort: 0,
      ports: 'auto',
      permanent: true,
      programs,
      shippedBlueprints,
      dashboardFolder,
      dataplane: HERE,
      baseEnv: workloadEnv(env),
      addressMode: addressMode(env),
      logMaxBytes: logMaxBytes(env),
      platform,
      pid,
      clock,
      random,
      log,
    });
    scope.defer(() => agent.close());
    const ports = serveHere(agent.control, surroundings, scope);
    scope.defer(() => call(home.agentSocket, 'destroy', 'all', { version: VERSION }));
    const given = { assignments: assignmentsOf(options.variables), files: [] };
    await runBlueprint(
      {
        argument: options.blueprint,
        replace: [],
        reading: { given },
        timeoutMs: milliseconds(options.timeout),
        start: { ports: 'auto', httpPort: 0 },
        browser: false,
        quiet: true,
        json: true,
      },
      home,
      ioOf(surroundings, root),
    ).catch((error: unknown) => {
      throw told(error);
    });
    return new World({
      clock,
      random,
      plane: agent.control,
      ports,
      address: `http://${agent.record.http}`,
      scope,
      programs: new BlueprintPrograms(home.agentSocket),
    });
  } catch (error) {
    await scope.close();
    throw error;
  }
}

/** What of the process the reading of a blueprint gets: no terminal, and nobody to ask. */
function ioOf(surroundings: Surroundings & BlueprintSurroundings, home: string): Io {
  const { env, cwd, pid, platform, nodeVersion, programs, shippedBlueprints, dashboardFolder } = surroundings;
  const never = new AbortController().signal;
  const refuse = (): never => {
    throw new MeshError('usage', 'a blueprint in a test can ask for nothing on a terminal');
  };
  return {
    out: () => undefined,
    err: () => undefined,
    outBytes: () => undefined,
    stdin: () => Promise.resolve(''),
    stdinBytes: () => Promise.resolve(Buffer.alloc(0)),
    env: { ...env, MESH_HOME: home },
    cwd,
    signal: never,
    detach: never,
    terminal: { stdoutIsTty: false, stderrIsTty: false, colour: false, animate: false, columns: 80 },
    platform,
    pid,
    nodeVersion,
    keyboard: refuse,
    get screen(): never {
      return refuse();
    },
    lend: () => Promise.reject(new Error('there is no terminal')),
    start: () => Promise.reject(new Error('there is no terminal')),
    programs,
    diagnostics: false,
    shippedBlueprints,
    dashboardFolder,
    agentHttpAddress: () => undefined,
  };
}

/** Variables as `--var` takes them: what is no text is written as JSON. */
const assignmentsOf = (variables: Readonly<Record<string, unknown>>): { name: string; text: string }[] =>
  Object.entries(variables).map(([name, value]) => ({ name, text: typeof value === 'string' ? value : JSON.stringify(value) }));

/** With what is wrong, and where: nobody has seen the diagnostics. */
function told(error: unknown): unknown {
  if (!(error instanceof MeshError) || error.diagnostics.length === 0) return error;
  const lines = error.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line, column, summary, hint }) => {
      const at = file === undefined ? '' : `${file}:${line}:${column}: `;
      return `  ${at}${summary}${hint === undefined ? '' : ` (${hint})`}`;
    });
  const { code, hint, diagnostics } = error;
  return new MeshError(code, [error.message, ...lines].join('\n'), { ...(hint === undefined ? {} : { hint }), diagnostics });
}
