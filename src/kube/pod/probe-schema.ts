import { any, type Decoded, int, list, object, oneOf, optional, required, string, withDefault } from '../../schema/schema.ts';

const httpGet = object({
  path: withDefault(string(), '/', 'Path and query.'),
  port: required(any(), 'Number, or name of a port of the container.'),
  scheme: withDefault(oneOf('HTTP', 'HTTPS'), 'HTTP', 'Plain or TLS.'),
  host: optional(string(), 'Another host than the pod.'),
  httpHeaders: withDefault(
    list(object({ name: required(string(), 'Name.'), value: withDefault(string(), '', 'Value.') })),
    [],
    'Headers of the request.',
  ),
});

export type HttpGet = Decoded<typeof httpGet>;

const exec = object({ command: required(list(string()), 'Program and arguments.') });

/** What may happen at the end of a container's life. */
export const hook = object({
  exec: optional(exec, 'A command.'),
  httpGet: optional(httpGet, 'A GET request.'),
  sleep: optional(object({ seconds: required(int(0), 'How long.') }), 'A pause.'),
  tcpSocket: optional(any(), 'Deprecated, and nothing happens.'),
});

/** Kubernetes' defaults: first try at once, then every 10 s, 1 s each, three failures in a row. */
export const probe = object({
  httpGet: optional(httpGet, 'A GET request that must answer with 200 to 399.'),
  tcpSocket: optional(
    object({
      port: required(any(), 'Number, or name of a port of the container.'),
      host: optional(string(), 'Another host than the pod.'),
    }),
    'A port that must accept a connection.',
  ),
  exec: optional(exec, 'A command that must exit with 0.'),
  grpc: optional(
    object({ port: required(int(1, 65535), 'Port.'), service: optional(string(), 'Name in the request.') }),
    "gRPC's health check.",
  ),
  initialDelaySeconds: withDefault(int(0), 0, 'Seconds before the first try.'),
  periodSeconds: withDefault(int(1), 10, 'Seconds between tries.'),
  timeoutSeconds: withDefault(int(1), 1, 'Seconds that a try may take.'),
  successThreshold: withDefault(int(1), 1, 'Successes in a row that count.'),
  failureThreshold: withDefault(int(1), 3, 'Failures in a row that count.'),
  terminationGracePeriodSeconds: optional(any(), 'Seconds to stop in after this probe failed.'),
});

export type ProbeSpec = Decoded<typeof probe>;
