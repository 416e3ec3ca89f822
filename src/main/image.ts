import { messageOf } from '../base/errors.ts';

/** The process of a server that serves until it is asked to stop. What fails is said in a line, with the name before it. */
export function serveUntilStopped(name: string, start: () => Promise<{ close(): Promise<void> }>): void {
  const fail = (error: unknown): never => {
    process.stderr.write(`${name}: ${messageOf(error)}\n`);
    process.exit(1);
  };
  // Whoever read our output may be gone; the server goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  start().then((server) => {
    const stop = () => void server.close().then(() => process.exit(0), fail);
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  }, fail);
}
