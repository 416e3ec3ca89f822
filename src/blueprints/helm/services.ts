/** A Service that the Consul chart makes for its servers. */
export interface ChartService {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ChartPort[];
}

interface ChartPort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  /** For the servers among themselves, where here is only one process: nothing listens. */
  readonly idle?: true;
}

export const HTTP_PORT = 8500;

const SERVER_PORTS: readonly ChartPort[] = [
  { name: 'http', port: HTTP_PORT, targetPort: HTTP_PORT },
  ...Object.entries({ server: 8300, 'serflan-tcp': 8301, 'serfwan-tcp': 8302, grpc: 8502, 'dns-tcp': 8600 }).map(
    ([name, port]) => ({ name, port, targetPort: port, idle: true }) as const,
  ),
];

/** Helm's rule for the names of what a release of the chart makes. */
export const prefixOf = (release: string, globalName: string | undefined): string => globalName ?? `${release}-consul`.slice(0, 63);

/** `consul-server` with the API, and `consul-ui` with the same on port 80. */
export function chartServices(prefix: string, namespace: string): ChartService[] {
  return [
    { name: `${prefix}-server`, namespace, ports: SERVER_PORTS },
    { name: `${prefix}-ui`, namespace, ports: [{ name: 'http', port: 80, targetPort: HTTP_PORT }] },
  ];
}
