import type { TracingDefault } from '../compile/telemetry/tracing.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where sidecars send spans that are configured for no other collector, by OpenTelemetry's own variables: the endpoint for traces, or
 * the one for everything; all requests unless a sampler says how many. Undefined: nobody has asked for traces.
 */
export function otelTracing(env: Env): TracingDefault | undefined {
  if (env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return undefined;
  const url = tracesUrl(env);
  return url === undefined ? undefined : { url, samplePercent: samplePercent(env) };
}

function tracesUrl(env: Env): string | undefined {
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const url = own || (base ? `${base.replace(/\/+$/, '')}/v1/traces` : '');
  return /^https?:\/\/./.test(url) ? url : undefined;
}

function samplePercent(env: Env): number {
  const sampler = (env['OTEL_TRACES_SAMPLER'] ?? '').replace(/^parentbased_/, '');
  if (sampler === 'always_off') return 0;
  const ratio = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? '1');
  return sampler === 'traceidratio' && ratio >= 0 && ratio <= 1 ? ratio * 100 : 100;
}
