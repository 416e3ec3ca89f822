import { systemCode } from '../../base/errors.ts';
import { hostPort } from '../../base/host-port.ts';
import type { Log } from '../../base/ports.ts';
import type { DnsOptions } from '../../control/dns/open.ts';
import type { ControlPlane } from '../../control/plane.ts';

export interface NameServerOptions {
  readonly control: Pick<ControlPlane, 'listenDns'>;
  readonly host: string;
  /** Undefined: Consul's 8600, or any that is free where somebody else has that. */
  readonly port: number | undefined;
  /** Where a name that a blueprint gave is reachable. */
  readonly addressOf: (name: string) => string | undefined;
  /** How it answers, where that is written. */
  readonly answers?: Pick<DnsOptions, 'config' | 'recursors' | 'recursorTimeoutMs'>;
  readonly log: Log;
}

const CONSUL_DNS_PORT = 8600;

/** DNS of the whole agent. Rejects with the system's error when it can't bind where it was told to. */
export async function openNameServer(options: NameServerOptions): Promise<{ readonly address: string }> {
  const { control, host, port = CONSUL_DNS_PORT, addressOf, log } = options;
  const hosts = hostsOf(addressOf);
  const listen = (at: number) => control.listenDns({ host, port: at, hosts, ...options.answers });
  try {
    return addressed(await listen(port));
  } catch (error) {
    if (options.port !== undefined || systemCode(error) !== 'EADDRINUSE') throw error;
    const moved = await listen(0);
    log.log('info', `port ${port} is taken: DNS moved`, { port: moved.port });
    return addressed(moved);
  }
}

/** Names of what runs here. */
export function hostsOf(addressOf: (name: string) => string | undefined): NonNullable<DnsOptions['hosts']> {
  return (name) => {
    const address = addressOf(name) ?? (isIngress(name) ? '127.0.0.1' : undefined);
    return address === undefined ? undefined : [address];
  };
}

const addressed = ({ host, port }: { host: string; port: number }) => ({
  address: hostPort(host, port),
});

/** Host ports are on this machine, which Shipyard's and Jumppad's public name servers say too. */
const isIngress = (name: string): boolean => /^[^.]+\.ingress\.(?:shipyard\.run|local\.jmpd\.in|jumppad\.dev)$/.test(name);
