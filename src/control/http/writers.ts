import { BlockList, isIPv6 } from 'node:net';
import { HttpError } from './answer.ts';

/** Who may write: clients of some networks only. A Unix socket has no address, and is let in by the rights of its file. */
export class Writers {
  readonly #networks = new BlockList();

  /** CIDR. Throws the system's error on what is none. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', bits = ''] = network.split('/');
      this.#networks.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
    }
  }

  /** Throws a 403 in Consul's words. */
  check(address: string): void {
    // What came over a socket of both families.
    const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
    if (plain === '' || this.#networks.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')) return;
    throw new HttpError(403, 'Access is restricted');
  }
}
