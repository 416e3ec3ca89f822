import { closeSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAgent } from '../app/agent/agent.ts';
import { HomeTaken } from '../app/agent/lock.ts';
import type { AgentAnswer, AgentStart } from '../app/cli/agent-process.ts';
import { createHome, homeOf } from '../app/home.ts';
import { logMaxBytes } from '../app/log-limit.ts';
import { otelTracing } from '../app/otel-env.ts';
import { isLogLevel, lineLog, realClock, realRandom, writeQuietly } from '../app/real.ts';
import { addressMode, workloadEnv } from '../app/workload-env.ts';
import { errorToJson } from '../base/errors.ts';
import { programsIn } from './programs.ts';

/** The agent as a process of its own. Waits for a line on standard input before it touches anything; answers on descriptor 3. */

const ANSWER = 3;
const dist = fileURLToPath(new URL('.', import.meta.url));

async function readStart(): Promise<(AgentStart & { cwd: string }) | undefined> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text === '' ? undefined : (JSON.parse(text) as AgentStart & { cwd: string });
}

function answer(reply: AgentAnswer): void {
  try {
    writeSync(ANSWER, `${JSON.stringify(reply)}\n`);
    closeSync(ANSWER);
  } catch {
    // Whoever started us has gone; the agent is useful without it.
  }
}

async function main(): Promise<void> {
  const start = await readStart();
  if (!start) return;
  const { env } = process;
  const home = homeOf(env, start.cwd);
  try {
    await createHome(home);
    const logFile = await open(home.agentLog, 'a', 0o600);
    const level = isLogLevel(env['MESH_LOG']) ? env['MESH_LOG'] : 'info';
    const log = lineLog(level, { component: 'agent' }, (line) => writeQuietly(logFile.fd, line));
    process.on('uncaughtException', (error) => {
      log.log('error', 'uncaught', { error: error.stack });
      process.exit(70);
    });
    const agent = await startAgent({
      home,
      httpPort: start.httpPort,
      ports: start.ports,
      permanent: start.permanent ?? false,
      dataplaneWorkers: start.dataplaneWorkers ?? 1,
      programs: programsIn(dist),
      dashboardFolder: join(dist, 'ui'),
      shippedBlueprints: join(dist, '..', 'blueprints'),
      baseEnv: workloadEnv(env),
      addressMode: addressMode(env),
      logMaxBytes: logMaxBytes(env),
      tracing: otelTracing(env),
      platform: process.platform,
      pid: process.pid,
      clock: realClock,
      random: realRandom,
      log,
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void agent.close());
    process.on('SIGHUP', () => undefined);
    answer({ record: agent.record, ...(agent.movedFrom === undefined ? {} : { movedFrom: agent.movedFrom }) });
    await agent.ended;
    process.exit(0);
  } catch (error) {
    answer({ error: errorToJson(error), homeTaken: error instanceof HomeTaken });
    process.exit(1);
  }
}

void main();
