import { startTraces } from '../images/traces/server.ts';
import { serveUntilStopped } from './image.ts';

/** The process of a collector of traces. COLLECTOR_ADDR, QUERY_ADDR, ADMIN_ADDR: host:port. */
serveUntilStopped('traces', async () => {
  const {
    COLLECTOR_ADDR: collector = '127.0.0.1:9411',
    QUERY_ADDR: query = '127.0.0.1:16686',
    ADMIN_ADDR: admin = '127.0.0.1:14269',
  } = process.env;
  const server = await startTraces({ collector, query, admin });
  process.stdout.write(`spans to ${server.addresses.collector}, traces at ${server.addresses.query}\n`);
  return server;
});
