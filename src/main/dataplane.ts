import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../base/errors.ts';
import type { Clock, Log, LogLevel } from '../base/ports.ts';
import { followAgent } from '../proxy/client.ts';
import { createDataPlane } from '../proxy/dataplane.ts';

declare const __MESH_VERSION__: string | undefined;

/** Requests get this long to finish after SIGTERM; byte pipes have no end of their own and are cut. */
const DRAIN_MS = 1_000;
const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
/** Of one connection, whose owner missed an error: no reason to take the others down. */
const STRAY = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECANCELED', 'ENOTCONN', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The process entry of the data plane: `node dataplane.js <agent socket>`. Exit codes: 0 after SIGTERM, 2 wrong call, 70 bug. */
function main(): void {
  const log = stderrLog((process.env['MESH_LOG_LEVEL'] ?? 'info') as LogLevel);
  const socketPath = process.argv[2];
  if (socketPath === undefined) {
    log.log('error', 'usage: dataplane <path of the agent socket>');
    process.exit(2);
  }
  surviveTheWorld(log);
  const clock: Clock = { now: () => Date.now(), sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}) };
  const dataPlane = createDataPlane({ log, clock });
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) process.exit(0);
    stopping.abort();
    dataPlane.close(DRAIN_MS).then(
      () => process.exit(0),
      () => process.exit(70),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const version = typeof __MESH_VERSION__ === 'string' ? __MESH_VERSION__ : '0.0.0';
  void followAgent({ socketPath, dataPlane, version, pid: process.pid, log, clock, signal: stopping.signal });
}

function surviveTheWorld(log: Log): void {
  // The terminal that started the mesh may close; traffic goes on.
  process.on('SIGHUP', () => undefined);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('uncaughtException', (error: unknown) => {
    const code = systemCode(error);
    if (code !== undefined && STRAY.has(code)) {
      log.log('warn', 'stray socket error', { code });
      return;
    }
    log.log('error', 'bug in the data plane, restarting', { stack: error instanceof Error ? error.stack : String(error) });
    process.exit(70);
  });
}

/** JSON lines on stderr, written at once so that the last one before an exit is not lost; a reader that has gone is not an error. */
function stderrLog(least: LogLevel): Log {
  const from = Math.max(0, LEVELS.indexOf(least));
  return {
    log: (level, message, fields) => {
      if (LEVELS.indexOf(level) < from) return;
      try {
        writeSync(2, `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
      } catch {
        // Nobody reads the log.
      }
    },
  };
}

main();
