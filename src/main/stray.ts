import { systemCode } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';

/** Of one connection, whose owner missed an error: no reason to take the others down. */
const STRAY = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECANCELED', 'ENOTCONN', 'ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH']);

/** What nobody has caught ends a process that carries traffic with exit code 70, unless it is of one connection alone. */
export function surviveStrayErrors(log: Log): void {
  process.on('uncaughtException', (error: unknown) => {
    const code = systemCode(error);
    if (code !== undefined && STRAY.has(code)) {
      log.log('warn', 'stray socket error', { code });
      return;
    }
    log.log('error', 'bug in the data plane', { stack: error instanceof Error ? error.stack : String(error) });
    process.exit(70);
  });
}
