import { appendFile, rm } from 'node:fs/promises';
import { MeshError, messageOf } from '../../base/errors.ts';
import { lookUp, withoutGeneration } from '../../base/generation.ts';
import type { DatacenterPort, DatacenterSpec } from '../../blueprints/context.ts';
import type { ControlPlane, ServerRef } from '../../control/plane.ts';

interface Options {
  readonly control: Pick<ControlPlane, 'listenHttp' | 'listenDns' | 'openDatacenter' | 'closeDatacenter' | 'speakFor'>;
  readonly reach: (address: string, port: number) => { address: string; port: number };
  /** Where what it says goes, by key of the resource. */
  readonly logPath: (owner: string) => string;
}

/** Consul's. */
const DNS_PORT = 8600;

/** Consul servers of blueprints: datacenters of the control plane, each with an HTTP API at the address of its container. */
export class Datacenters implements DatacenterPort {
  readonly #options: Options;
  readonly #open = new Map<string, { readonly spec: DatacenterSpec; close(): Promise<void> }>();

  constructor(options: Options) {
    this.#options = options;
  }

  get specs(): ReadonlyMap<string, DatacenterSpec> {
    return new Map(Array.from(this.#open, ([owner, { spec }]) => [owner, spec]));
  }

  async open(owner: string, spec: DatacenterSpec): Promise<void> {
    this.#refuseSecond(owner, spec);
    const { control, reach, logPath } = this.#options;
    const server = this.#serverOf(spec);
    const at = reach(spec.address, spec.httpPort);
    // First: when the address can't be had, what is registered there stays as it is.
    const listener = await control.listenHttp({ host: at.address, port: at.port, server }).catch((error: unknown) => {
      throw new MeshError('environment', `${owner} could not serve its API on ${at.address}:${at.port}: ${messageOf(error)}`);
    });
    try {
      await control.openDatacenter(server, spec.entries);
    } catch (error) {
      await listener.close();
      throw new MeshError('invalid', `the config entries of ${owner} were refused: ${messageOf(error)}`, {
        hint: 'see config_entries { bootstrap } in its configuration',
      });
    }
    // Where addresses are mapped by their ports, this one would be the agent's own.
    const hasAddress = at.address !== '127.0.0.1';
    const dns = hasAddress ? control.listenDns({ host: at.address, port: DNS_PORT, server }).catch(() => undefined) : undefined;
    this.#open.set(owner, {
      spec,
      close: async () => void (await Promise.all([listener.close(), dns?.then((opened) => opened?.close())])),
    });
    const line = `datacenter ${spec.name}, node ${spec.node}: HTTP API on ${at.address}:${at.port}, served by the agent\n`;
    await appendFile(logPath(owner), line);
  }

  async close(owner: string, spec: DatacenterSpec): Promise<void> {
    const opened = this.#open.get(owner);
    this.#open.delete(owner);
    await opened?.close();
    await this.#options.control.closeDatacenter(this.#serverOf(spec));
    await rm(this.#options.logPath(owner), { force: true });
  }

  /** The agent's own API speaks for the datacenter of this resource. */
  lead(key: string, generation?: number): void {
    const opened = lookUp(this.#open, key, generation);
    if (opened) this.#options.control.speakFor(this.#serverOf(opened.spec));
  }

  /** The agent ends: nothing is removed. */
  async release(): Promise<void> {
    for (const opened of this.#open.values()) await opened.close();
  }

  /** The same datacenter again is one that takes the place of the other, or a further server of it. */
  #refuseSecond(owner: string, { name, beside = [] }: DatacenterSpec): void {
    for (const [other, { spec: running }] of this.#open) {
      const key = withoutGeneration(other);
      if (
        running.name !== name ||
        key === withoutGeneration(owner) ||
        beside.includes(key) ||
        running.beside?.includes(withoutGeneration(owner))
      )
        continue;
      throw new MeshError('invalid', `${owner} and ${other} are both datacenter ${name}`, {
        hint: 'give this one another `datacenter`, or let it join the other one (retry_join)',
      });
    }
  }

  #serverOf({ name, node, address, httpPort }: DatacenterSpec): ServerRef {
    return { datacenter: name, node, address: this.#options.reach(address, httpPort).address };
  }
}
