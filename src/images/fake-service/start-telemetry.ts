import type { FakeServiceConfig } from './config.ts';
import type { FakeServicePorts } from './server.ts';
import { Telemetry } from './telemetry.ts';
import type { Endpoint, ZipkinSpan } from './tracing/tracer.ts';

/** Opens what the configuration asks for. `stop` sends what is still there. */
export async function startTelemetry(
  config: FakeServiceConfig,
  { clock, random, log }: FakeServicePorts,
): Promise<{ telemetry: Telemetry; stop: () => Promise<void> }> {
  const { zipkin, metrics: metricsConfig } = config;
  const metrics = metricsConfig && (await (await import('./metrics.ts')).Metrics.open(metricsConfig, config.name));
  const stopMetrics = (): void => metrics?.close();
  if (zipkin === undefined) return { telemetry: new Telemetry(clock, log, undefined, metrics), stop: async () => stopMetrics() };
  const [{ Tracer }, { ZipkinReporter }] = await Promise.all([import('./tracing/tracer.ts'), import('./tracing/zipkin.ts')]);
  const reporter = /^https?:\/\//.test(zipkin) ? new ZipkinReporter(zipkin, clock, log) : undefined;
  const report = (span: ZipkinSpan): void => (reporter ? reporter.report(span) : log.log('info', 'Span', { span: JSON.stringify(span) }));
  const tracer = new Tracer(endpointOf(config), { clock, random, report });
  const stop = async (): Promise<void> => {
    await reporter?.close();
    stopMetrics();
  };
  return { telemetry: new Telemetry(clock, log, tracer, metrics), stop };
}

/** Where a trace says that its spans were: the address that the author gave, if any. */
function endpointOf({ name, virtualAddress, listen: { host, port } }: FakeServiceConfig): Endpoint {
  const ipv4 = virtualAddress ?? (/^[\d.]+$/.test(host) && host !== '0.0.0.0' ? host : undefined);
  return { serviceName: name, ...(ipv4 === undefined ? {} : { ipv4 }), port };
}
