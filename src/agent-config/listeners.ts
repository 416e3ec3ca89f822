import type { RawConfig } from './file-schema.ts';
import type { Findings } from './findings.ts';
import { isIPv4, isIPv6 } from './ip.ts';
import type { AgentSettings, Endpoint } from './settings.ts';

type Protocol = 'http' | 'https' | 'grpc' | 'grpc_tls' | 'dns' | 'dns_tls';

/** Consul: HTTP and DNS are on; gRPC is with `-dev`, and (1.14) its TLS port on servers. */
const DEFAULT_PORTS: Readonly<Record<Protocol, number>> = { http: 8500, https: -1, grpc: -1, grpc_tls: -1, dns: 8600, dns_tls: -1 };

type Listeners = Pick<AgentSettings, 'http' | 'https' | 'grpc' | 'grpcTls' | 'dns' | 'dnsTls' | 'httpPortGiven' | 'dnsPortGiven'>;

/** Where the agent listens: `client_addr`, or the protocol's own `addresses`, with its port. */
export function listenersOf(config: RawConfig, dev: boolean, findings: Findings): Listeners {
  const { ports = {}, addresses = {} } = config;
  for (const [name, port] of Object.entries(ports))
    if (port !== undefined && port > 65535) findings.add(`ports.${name}`, `ports.${name}: invalid port: ${port}`);
  const client = hosts('client_addr', config.client_addr ?? '127.0.0.1', findings);
  const endpoints = (name: Protocol): Endpoint[] => {
    const port = ports[name] ?? (dev && name === 'grpc' ? 8502 : DEFAULT_PORTS[name]);
    // 0 is any free port, for tests; Consul takes it for off.
    if (port < 0) return [];
    const own = addresses[name];
    const at = own === undefined ? client : hosts(`addresses.${name}`, own, findings);
    return at.map((host) => (host.startsWith('unix://') ? { socketPath: host.slice('unix://'.length) } : { host, port }));
  };
  const listeners = {
    http: endpoints('http'),
    https: endpoints('https'),
    grpc: endpoints('grpc'),
    grpcTls: endpoints('grpc_tls'),
    dns: endpoints('dns').filter((endpoint) => 'port' in endpoint),
    dnsTls: endpoints('dns_tls').filter((endpoint) => 'port' in endpoint),
  };
  clashes(listeners, findings);
  return { ...listeners, httpPortGiven: ports.http !== undefined, dnsPortGiven: ports.dns !== undefined };
}

/** Several may be written, with blanks between them. */
function hosts(path: string, text: string, findings: Findings): string[] {
  const found = text.split(/\s+/).filter((word) => word !== '');
  return found.filter((host) => {
    if (host.startsWith('unix://') || isIPv4(host) || isIPv6(host)) return true;
    findings.add(path, `${path}: invalid ip address: ${host}`);
    return false;
  });
}

const TITLES = { dns: 'DNS', http: 'HTTP', https: 'HTTPS', grpc: 'GRPC', grpcTls: 'GRPC TLS', dnsTls: 'DNS TLS' } as const;

function clashes(listeners: Readonly<Record<keyof typeof TITLES, readonly Endpoint[]>>, findings: Findings): void {
  const taken = new Map<string, string>();
  for (const [name, title] of Object.entries(TITLES) as [keyof typeof TITLES, string][]) {
    // DNS is UDP first; Consul compares the others only.
    if (name === 'dns') continue;
    for (const endpoint of listeners[name]) {
      const key = 'socketPath' in endpoint ? endpoint.socketPath : `${endpoint.host}:${endpoint.port}`;
      const other = taken.get(key);
      if (other !== undefined && !key.endsWith(':0'))
        findings.refuse(`ports.${name}`, `${title} address ${key} already configured for ${other}`);
      taken.set(key, title);
    }
  }
}
