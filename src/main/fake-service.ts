import { openSync, writeSync } from 'node:fs';
import { MeshError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';
import { preciseClock } from '../images/fake-service/clock.ts';
import { type FakeServiceConfig, readConfig } from '../images/fake-service/config.ts';
import { formatLogLine, isLogged } from '../images/fake-service/log-format.ts';
import { createRandom } from '../images/fake-service/random.ts';
import { startFakeService } from '../images/fake-service/server.ts';

/** The process of one fake-service instance. Configured by environment variables alone, as the original; arguments are ignored, as there. */
async function main(): Promise<void> {
  // Whoever read our output may be gone; the service goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const result = readConfig(process.env);
  if (!result.ok) fail(...result.errors);
  const { config, warnings } = result;
  const clock = preciseClock();
  const write = lineWriter(config);
  const log: Log = {
    log(level, message, fields) {
      if (isLogged(level, config.log.level)) write(formatLogLine(config.log.format, clock.now(), level, message, fields));
    },
  };
  for (const warning of warnings) log.log('warn', warning);
  const service = await startFakeService(config, { clock, random: createRandom(config.randomSeed), log });
  log.log('info', 'Started service', {
    name: config.name,
    upstreamURIs: config.upstreams.map((upstream) => upstream.uri).join(','),
    upstreamWorkers: config.upstreamWorkers,
    listenAddress: `${service.address}:${service.port}`,
  });

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // Asked twice: at once.
    if (stopping) process.exit(0);
    stopping = true;
    log.log('info', 'Graceful shutdown', { signal });
    service.close().then(
      () => process.exit(0),
      (error: unknown) => fail(messageOf(error)),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** LOG_OUTPUT: stdout, stderr, or a file that is made anew. */
function lineWriter({ log }: FakeServiceConfig): (line: string) => void {
  if (log.output === 'stdout') return (line) => void process.stdout.write(`${line}\n`);
  if (log.output === 'stderr') return (line) => void process.stderr.write(`${line}\n`);
  const file = openSync(log.output, 'w');
  return (line) => void writeSync(file, `${line}\n`);
}

function fail(...problems: readonly string[]): never {
  process.stderr.write(problems.map((problem) => `fake-service: ${problem}\n`).join(''));
  process.exit(1);
}

main().catch((error: unknown) => {
  const hint = error instanceof MeshError ? error.hint : undefined;
  fail(messageOf(error), ...(hint === undefined ? [] : [hint]));
});
