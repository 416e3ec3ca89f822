/**
 * What differs between the releases of the image that blueprints name. Each field says since when; a field that no
 * shipped blueprint can see is not here.
 */
export interface Behaviour {
  /** The key of a response's headers. `Headers` is always printed, if need be as null; the other only when there are some. Since v0.11. */
  readonly headersKey: 'Headers' | 'headers';
  /** MESSAGE may be JSON and is printed as such. Since v0.10. */
  readonly rawBody: boolean;
  /** LOAD_MEMORY_*, LOAD_CPU_ALLOCATED, LOAD_CPU_CLOCK_SPEED. Not in v0.9. */
  readonly memoryLoad: boolean;
  /** UPSTREAM_ALLOW_INSECURE. Not in v0.9. */
  readonly insecureUpstreams: boolean;
  /** The body is printed also when an upstream failed, and its error says which status came. Since v0.11. */
  readonly detailedFailures: boolean;
  /** Cross-origin headers. Since v0.13. */
  readonly cors: boolean;
  /** TLS_CERT_LOCATION and TLS_KEY_LOCATION. Since v0.14. */
  readonly tls: boolean;
  /** `upstream_calls` is an object by URI instead of an array. Since v0.18. */
  readonly upstreamsByUri: boolean;
  /** Datadog is METRICS_DATADOG_HOST and _PORT instead of one METRICS_DATADOG; tracing likewise. Since v0.18. */
  readonly datadogHostAndPort: boolean;
  /** `/ready`, HEALTH_CHECK_RESPONSE_CODE. Since v0.22. */
  readonly readiness: boolean;
  /** HTTP_SERVER_*, and connections closed after each response unless asked otherwise. Since v0.22.9. */
  readonly serverTimeouts: boolean;
  /** UPSTREAM_REQUEST_*, RAND_SEED; the gRPC request has data. Since v0.22.9. */
  readonly upstreamBodies: boolean;
  /** SERVER_TYPE chooses between HTTP and gRPC; later releases serve both on one port, with gRPC reflection. Until v0.22.9. */
  readonly serverType: boolean;
  /** `/config/…` changes the error rate and the health code at run time. Since v0.24. */
  readonly runtimeConfig: boolean;
  /** UI_PATH. Since v0.26. */
  readonly uiPath: boolean;
}

type Version = readonly [major: number, minor: number, patch: number];

/** By image tag: `v0.9.0`, `vm-v0.9.0`, `0.24.2`. No tag, `latest` and anything else without a number is the newest. */
export function behaviourOf(tag: string | undefined): Behaviour {
  const numbers = /(?:^|-)v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(tag ?? '');
  const version: Version = numbers ? [Number(numbers[1]), Number(numbers[2]), Number(numbers[3] ?? 0)] : [999, 0, 0];
  return {
    headersKey: since(version, [0, 11, 0]) ? 'headers' : 'Headers',
    rawBody: since(version, [0, 10, 0]),
    memoryLoad: since(version, [0, 10, 0]),
    insecureUpstreams: since(version, [0, 10, 0]),
    detailedFailures: since(version, [0, 11, 0]),
    cors: since(version, [0, 13, 0]),
    tls: since(version, [0, 14, 0]),
    upstreamsByUri: since(version, [0, 18, 0]),
    datadogHostAndPort: since(version, [0, 18, 0]),
    readiness: since(version, [0, 22, 0]),
    serverTimeouts: since(version, [0, 22, 9]),
    upstreamBodies: since(version, [0, 22, 9]),
    serverType: !since(version, [0, 23, 0]),
    runtimeConfig: since(version, [0, 24, 0]),
    uiPath: since(version, [0, 26, 0]),
  };
}

function since(version: Version, first: Version): boolean {
  const differing = version.findIndex((number, index) => number !== first[index]);
  return differing === -1 || version[differing]! > first[differing]!;
}
