import { messageOf } from '../base/errors.ts';
import { startTraces } from '../images/traces/server.ts';

/** The process of a collector of traces. COLLECTOR_ADDR, QUERY_ADDR, ADMIN_ADDR: host:port. */
async function main(): Promise<void> {
  // Whoever read our output may be gone; the collector goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const {
    COLLECTOR_ADDR: collector = '127.0.0.1:9411',
    QUERY_ADDR: query = '127.0.0.1:16686',
    ADMIN_ADDR: admin = '127.0.0.1:14269',
  } = process.env;
  const server = await startTraces({ collector, query, admin });
  process.stdout.write(`spans to ${server.addresses.collector}, traces at ${server.addresses.query}\n`);
  const stop = () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(messageOf(error)),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(problem: string): never {
  process.stderr.write(`traces: ${problem}\n`);
  process.exit(1);
}

main().catch((error: unknown) => fail(messageOf(error)));
