import type { FakeServiceConfig } from './config.ts';
import type { EnvironmentReader } from './environment.ts';

/** Variables that ask for something we don't do yet. What would happen instead must not come as a surprise. */
const UNSUPPORTED: readonly { names: readonly string[]; feature: string }[] = [
  { names: ['TRACING_ZIPKIN', 'TRACING_DATADOG', 'TRACING_DATADOG_HOST'], feature: 'tracing' },
  { names: ['METRICS_DATADOG', 'METRICS_DATADOG_HOST'], feature: 'Datadog metrics' },
  { names: ['TLS_CERT_LOCATION', 'TLS_KEY_LOCATION'], feature: 'serving TLS' },
  { names: ['LOAD_CPU_PERCENTAGE', 'LOAD_MEMORY_PER_REQUEST'], feature: 'load generation' },
  { names: ['UI_PATH'], feature: 'the user interface' },
];

/** One line for each feature that was asked for and is missing. */
export function unsupported(read: EnvironmentReader, config: FakeServiceConfig): string[] {
  const warnings = UNSUPPORTED.flatMap(({ names, feature }) => {
    const asked = names.filter((name) => !/^0*\.?0*$/.test(read.text(name, '')));
    return asked.length === 0 ? [] : [`${asked.join(', ')}: ${feature} is not supported yet and stays off`];
  });
  if (config.behaviour.serverType && read.text('SERVER_TYPE', 'http') === 'grpc')
    warnings.push('SERVER_TYPE: a gRPC server is not supported yet; this one speaks HTTP');
  const grpc = config.upstreams.filter((upstream) => upstream.target === undefined);
  if (grpc.length > 0)
    warnings.push(`UPSTREAM_URIS: ${grpc.map((upstream) => upstream.uri).join(', ')}: gRPC is not supported yet, calls will fail`);
  return warnings;
}
