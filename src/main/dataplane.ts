import { rootCertificates } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { lineLog, realClock, writeQuietly } from '../app/real.ts';
import { VERSION } from '../app/version.ts';
import type { Log, LogLevel } from '../base/ports.ts';
import { followAgent } from '../proxy/client.ts';
import { createDataPlane } from '../proxy/dataplane.ts';
import { surviveStrayErrors } from './stray.ts';

/** Requests get this long to finish after SIGTERM; byte pipes have no end of their own and are cut. */
const DRAIN_MS = 1_000;
/** When it is told how its heap shall grow: V8 takes code that was kept (`cached.ts`, after 3 s) only with the flags of that time. */
const HEAP_AFTER_MS = 4_000;

/** The process entry of the data plane: `node dataplane.cjs <agent socket> [<folder of logs>]`. Exit codes: 0 after SIGTERM, 2 wrong call, 70 bug. */
function main(): void {
  const log = lineLog((process.env['MESH_LOG_LEVEL'] ?? 'info') as LogLevel, {}, (line) => writeQuietly(2, line));
  const [, , socketPath, logDir] = process.argv;
  if (socketPath === undefined) {
    log.log('error', 'usage: dataplane <path of the agent socket> [<folder of logs>]');
    process.exit(2);
  }
  surviveTheWorld(log);
  setTimeout(growYoung, HEAP_AFTER_MS).unref();
  // With --use-openssl-ca no certificates are read at the start: whoever needs them gets them as a list.
  process.env['SSL_CERT_FILE'] = '/dev/null';
  const publicRoots = () => rootCertificates;
  const dataPlane = createDataPlane({ log, clock: realClock, publicRoots, ...(logDir === undefined ? {} : { logDir }) });
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
  const following = followAgent({
    socketPath,
    dataPlane,
    version: VERSION,
    pid: process.pid,
    log,
    clock: realClock,
    signal: stopping.signal,
  });
  void following.then(() => {
    if (!stopping.signal.aborted) stop();
  });
}

/**
 * Its garbage is many small and short-lived things: as soon as there is traffic, room for 16 MiB of them, so that few outlive a
 * collection, is up to 4 % less CPU per request. At once as a flag of the process it would be 12 ms more at each start.
 */
function growYoung(): void {
  setFlagsFromString('--semi-space-growth-factor=16');
}

function surviveTheWorld(log: Log): void {
  // The terminal that started the mesh may close; traffic goes on.
  process.on('SIGHUP', () => undefined);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  surviveStrayErrors(log);
}

main();
