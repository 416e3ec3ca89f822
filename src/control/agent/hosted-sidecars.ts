import type { CheckRef } from '../checks/checks.ts';
import type { DataplaneLink, DataplaneStatus } from '../dataplane/link.ts';
import type { SidecarHost } from './local-agent.ts';

interface ProxyRef {
  readonly dc: string;
  readonly node: string;
  readonly id: string;
}

/** The sidecars that services registered with the agent asked for, and gateways, run by its data plane at the addresses of their registrations. */
export class HostedSidecars implements SidecarHost {
  readonly #link: Pick<DataplaneLink, 'host' | 'unhost' | 'status'>;
  /** Those that don't serve yet. */
  readonly #waiting = new Map<string, ProxyRef>();

  constructor(link: Pick<DataplaneLink, 'host' | 'unhost' | 'status'>) {
    this.#link = link;
  }

  host(proxy: ProxyRef): void {
    this.#waiting.set(idOf(proxy), proxy);
    this.#link.host(idOf(proxy), { extraLoopback: false });
  }

  unhost(proxy: ProxyRef): void {
    this.#waiting.delete(idOf(proxy));
    this.#link.unhost(idOf(proxy));
  }

  /** Calls back with the check that looks whether a sidecar listens, as soon as it does: Consul leaves that to chance, for up to 10 s. */
  follow(listens: (check: CheckRef) => void): () => void {
    const look = ({ proxies }: DataplaneStatus): void => {
      for (const [id, { dc, node, id: service }] of this.#waiting) {
        if ((proxies[id]?.ackedIndex ?? 0) === 0) continue;
        this.#waiting.delete(id);
        listens({ dc, node, id: `service:${service}:1` });
      }
    };
    return this.#link.status.subscribe(look);
  }
}

const idOf = ({ dc, node, id }: ProxyRef): string => `${dc}/${node}/${id}`;
