import { expect, it } from 'vitest';
import { otelTracing } from '../../src/app/otel-env.ts';

const ENDPOINT = 'http://127.0.0.1:4318';
const traces = (samplePercent: number, url = `${ENDPOINT}/v1/traces`) => ({ url, samplePercent });

it.each([
  [{}, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT }, traces(100)],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: `${ENDPOINT}/` }, traces(100)],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, undefined],
  [
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://otel.example/t', OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT },
    traces(100, 'https://otel.example/t'),
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }, traces(25)],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'many' }, traces(100)],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_SAMPLER: 'always_off' }, traces(0)],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, OTEL_SDK_DISABLED: 'true' }, undefined],
])('%j is %j', (env, expected) => {
  expect(otelTracing(env)).toEqual(expected);
});
