import { appendFile, rm } from 'node:fs/promises';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { DatacenterPort, DatacenterSpec } from '../../blueprints/context.ts';
import type { ControlPlane, ServerRef } from '../../control/plane.ts';

interface Options {
  readonly control: ControlPlane;
  readonly reach: (address: string, port: number) => { address: string; port: number };
  /** Where what it says goes, by key of the resource. */
  readonly logPath: (owner: string) => string;
}

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
    for (const [other, { spec: running }] of this.#open) {
      if (running.name === spec.name && other !== owner) {
        throw new MeshError('invalid', `${owner} and ${other} are both datacenter ${spec.name}`, {
          hint: 'several servers of one datacenter are not needed here; give this one another `datacenter`',
        });
      }
    }
    const { control, reach, logPath } = this.#options;
    const server = this.#serverOf(spec);
    const at = reach(spec.address, spec.httpPort);
    await control.openDatacenter(server, spec.entries);
    const listener = await control.listenHttp({ host: at.address, port: at.port, server }).catch(async (error: unknown) => {
      await control.closeDatacenter(server);
      throw new MeshError('environment', `${owner} could not serve its API on ${at.address}:${at.port}: ${messageOf(error)}`);
    });
    this.#open.set(owner, { spec, close: () => listener.close() });
    await appendFile(
      logPath(owner),
      `datacenter ${spec.name}, node ${spec.node}: HTTP API on ${at.address}:${at.port}, served by the agent\n`,
    );
  }

  async close(owner: string, spec: DatacenterSpec): Promise<void> {
    await this.#open.get(owner)?.close();
    this.#open.delete(owner);
    await this.#options.control.closeDatacenter(this.#serverOf(spec));
    await rm(this.#options.logPath(owner), { force: true });
  }

  /** The agent's own API speaks for the datacenter of this resource. */
  lead(owner: string): void {
    const opened = this.#open.get(owner);
    if (opened) this.#options.control.speakFor(this.#serverOf(opened.spec));
  }

  /** The agent ends: nothing is removed. */
  async release(): Promise<void> {
    for (const opened of this.#open.values()) await opened.close();
  }

  #serverOf({ name, node, address, httpPort }: DatacenterSpec): ServerRef {
    return { datacenter: name, node, address: this.#options.reach(address, httpPort).address };
  }
}
