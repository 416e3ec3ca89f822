import type { EnvironmentReader } from './environment.ts';
import type { Behaviour } from './version.ts';

/** One line for each variable that asks for something that doesn't happen: no surprise in the end. */
export function warningsOf(read: EnvironmentReader, behaviour: Behaviour): string[] {
  const warnings: string[] = [];
  const datadog = behaviour.datadogHostAndPort ? 'TRACING_DATADOG_HOST' : 'TRACING_DATADOG';
  if (read.optional(datadog) !== undefined)
    warnings.push(`${datadog}: traces are not sent to Datadog; set TRACING_ZIPKIN to the URL of a Zipkin or Jaeger collector for traces`);
  if (behaviour.tls) {
    const files = ['TLS_CERT_LOCATION', 'TLS_KEY_LOCATION'];
    const [missing, ...others] = files.filter((name) => read.optional(name) === undefined);
    if (missing !== undefined && others.length === 0)
      warnings.push(`${missing} is not set: without both ${files.join(' and ')} there is no TLS`);
  }
  return warnings;
}
