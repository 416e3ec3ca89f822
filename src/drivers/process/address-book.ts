import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { MeshError, systemCode } from '../../base/errors.ts';
import { generationOf, lookUp, withoutGeneration } from '../../base/generation.ts';
import type { AddressClaim, Reachable } from '../driver.ts';
import { loopbackCandidate } from './addresses.ts';
import { describeOwner, portOwner } from './port-owner.ts';

/** The one address that every machine has. */
const SHARED = '127.0.0.1';

/** Below it ports are for the administrator, on most systems. */
const FIRST_FREE_PORT = 1024;

interface Entry {
  reachable: string;
  owner: string;
  names: string[];
  /** Virtual port -> real port: all where every instance shares 127.0.0.1, otherwise those that this user may not open. */
  ports?: Record<string, number>;
}

/**
 * Which reachable address stands for which virtual one, for one home. Remembered in a file, so that a new agent finds its
 * running workloads where the old one put them.
 *
 * `loopback`: each virtual address has a 127.x.y.z of its own. `ports`: only 127.0.0.1 exists (macOS without aliases), so
 * each (address, port) has a port of its own.
 */
export class AddressBook {
  mode: 'loopback' | 'ports' = 'loopback';
  readonly #file: string;
  readonly #abstractSockets: boolean;
  readonly #entries: Map<string, Entry>;
  readonly #locks = new Map<string, Server>();
  /** Reachable addresses that another home holds the lock of. */
  readonly #contested = new Set<string>();
  #saving: Promise<void> = Promise.resolve();

  constructor(options: { runDir: string; mode: 'loopback' | 'ports' | 'auto'; abstractSockets: boolean }) {
    this.#file = join(options.runDir, FILE);
    this.#abstractSockets = options.abstractSockets;
    this.#entries = readEntries(this.#file);
    if (options.mode !== 'auto') this.mode = options.mode;
    else if ([...this.#entries.values()].some((entry) => entry.reachable === SHARED)) this.mode = 'ports';
  }

  /**
   * Takes the locks of remembered addresses again. Another home may have taken one while there was no agent: then both stay,
   * on ports of their own, because what runs there can't be told of another address.
   */
  async open(): Promise<void> {
    for (const { reachable } of this.#entries.values()) if (!(await this.#lock(reachable))) this.#contested.add(reachable);
  }

  async reserve(claims: readonly AddressClaim[]): Promise<void> {
    const added: string[] = [];
    try {
      for (const claim of claims) {
        const known = await this.#stillOurs(claim);
        if (known) known.names = [...new Set([...known.names, ...claim.names])];
        else {
          this.#entries.set(claim.address, await this.#allocate(claim));
          added.push(claim.address);
        }
        const entry = this.#entries.get(claim.address)!;
        if (entry.reachable === SHARED) await this.#mapPorts(entry, claim.ports);
        else if (claim.movable) await this.#moveForbidden(entry, claim.ports);
      }
    } catch (error) {
      await this.release(added);
      throw error;
    }
    await this.#save();
  }

  async release(addresses: readonly string[]): Promise<void> {
    for (const address of addresses) {
      const entry = this.#entries.get(address);
      if (!entry) continue;
      this.#entries.delete(address);
      this.#locks.get(entry.reachable)?.close();
      this.#locks.delete(entry.reachable);
    }
    await this.#save();
  }

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** Where an address stands for somebody of a generation; undefined when it is none of ours. */
  find(address: string, port: number, generation: number | undefined): Reachable | undefined {
    const entry = lookUp(this.#entries, address, generation);
    return entry && reachIn(entry, port);
  }

  reach(address: string, port: number): Reachable {
    const entry = this.#entries.get(address);
    if (!entry) throw new Error(`address ${address} was not reserved`);
    return reachIn(entry, port);
  }

  /** The address of a name; of several generations, the own one. */
  resolve(name: string, generation: number | undefined): string | undefined {
    const named = [...this.#entries].filter(([, entry]) => entry.names.includes(name)).map(([address]) => address);
    return named.find((address) => generation !== undefined && generationOf(address) === generation) ?? named[0];
  }

  close(): void {
    for (const lock of this.#locks.values()) lock.close();
    this.#locks.clear();
  }

  /** What is remembered for a claim, unless another home has the address and one of the ports, too. */
  async #stillOurs({ address, ports }: AddressClaim): Promise<Entry | undefined> {
    const known = this.#entries.get(address);
    if (!known || !this.#contested.has(known.reachable)) return known;
    if (await this.#lock(known.reachable)) this.#contested.delete(known.reachable);
    else for (const port of ports) if ((await bindError(known.reachable, port)) === 'EADDRINUSE') return undefined;
    return known;
  }

  async #allocate(claim: AddressClaim): Promise<Entry> {
    const entry = { owner: claim.owner, names: [...claim.names] };
    const taken = new Set([...this.#entries.values()].map((other) => other.reachable));
    const MAX_TRIES = 32;
    for (let tries = 0; this.mode === 'loopback' && tries < MAX_TRIES; tries++) {
      const candidate = loopbackCandidate(withoutGeneration(claim.address), taken);
      const refused = await this.#refusal(candidate, claim);
      if (refused === undefined) return { ...entry, reachable: candidate };
      if (refused.code === 'EADDRNOTAVAIL') this.mode = 'ports';
      else if (refused.code === 'EACCES') throw portForbidden(claim.owner, refused.port);
      else if (refused.everywhere) throw await portTaken(claim.owner, candidate, refused.port);
      taken.add(candidate);
    }
    if (this.mode === 'loopback')
      throw new MeshError('environment', `found no free loopback address for ${claim.owner} (${claim.address})`);
    return { ...entry, reachable: SHARED, ports: {} };
  }

  /** Why a loopback address can't be had: locked by another home, a port of it taken (everywhere: by someone who listens on 0.0.0.0), not there. */
  async #refusal(
    address: string,
    { ports, movable }: Pick<AddressClaim, 'ports' | 'movable'>,
  ): Promise<{ code: string; port: number; everywhere: boolean } | undefined> {
    const unavailable = await bindError(address, 0);
    if (unavailable) return { code: unavailable, port: 0, everywhere: false };
    if (!(await this.#lock(address))) return { code: 'EADDRINUSE', port: 0, everywhere: false };
    for (const port of ports) {
      const code = await bindError(address, port);
      if (code === undefined || (code === 'EACCES' && movable)) continue;
      this.#locks.get(address)?.close();
      this.#locks.delete(address);
      const unused = '127.255.255.254';
      return { code, port, everywhere: (await bindError(unused, port)) !== undefined };
    }
    return undefined;
  }

  async #moveForbidden(entry: Entry, ports: readonly number[]): Promise<void> {
    for (const port of ports.filter((port) => port < FIRST_FREE_PORT && entry.ports?.[String(port)] === undefined)) {
      if ((await bindError(entry.reachable, port)) !== 'EACCES') continue;
      entry.ports = { ...entry.ports, [String(port)]: await freePort(entry.reachable) };
    }
  }

  async #mapPorts(entry: Entry, ports: readonly number[]): Promise<void> {
    entry.ports ??= {};
    for (const port of ports) {
      if (entry.ports[String(port)] !== undefined) continue;
      const given = new Set([...this.#entries.values()].flatMap((other) => Object.values(other.ports ?? {})));
      // A port that was given away stays free until its workload binds it, so it may be offered again.
      let free = await freePort(entry.reachable);
      while (given.has(free)) free = await freePort(entry.reachable);
      entry.ports[String(port)] = free;
    }
  }

  /** A crash-safe claim that other homes see: an abstract Unix socket goes with the process that holds it (Linux only). */
  async #lock(address: string): Promise<boolean> {
    if (!this.#abstractSockets || address === SHARED || this.#locks.has(address)) return true;
    const server = createServer((socket) => socket.destroy());
    const code = await listenCode(server, { path: `\0mesh/address/${address}` });
    if (code !== undefined) return false;
    server.unref();
    this.#locks.set(address, server);
    return true;
  }

  /** One write after another: each puts the entries of its own moment in place of the whole file. */
  #save(): Promise<void> {
    const saved = this.#saving.then(async () => {
      const temporary = `${this.#file}.new`;
      await writeFile(temporary, JSON.stringify(Object.fromEntries(this.#entries), undefined, 1), { mode: 0o600 });
      await rename(temporary, this.#file);
    });
    this.#saving = saved.catch(() => undefined);
    return saved;
  }
}

const FILE = 'addresses.json';

/** What the agent of this folder has given out, when it is gone itself. */
export function rememberedAddresses(runDir: string): ReadonlyMap<string, { readonly owner: string }> {
  return readEntries(join(runDir, FILE));
}

function readEntries(file: string): Map<string, Entry> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Entry>));
  } catch {
    // Absent or torn: addresses are only a cache of what reserve() hands out.
    return new Map();
  }
}

async function portTaken(owner: string, address: string, port: number): Promise<MeshError> {
  const who = describeOwner(await portOwner(address, port));
  return new MeshError('environment', `${owner} needs port ${port}, which ${who} holds on all addresses`, {
    hint: 'stop that process, or make it listen on one address instead of 0.0.0.0',
  });
}

function portForbidden(owner: string, port: number): MeshError {
  return new MeshError('environment', `${owner} needs port ${port}, which this user may not open`, {
    hint: 'choose a port above 1023, or lower the sysctl net.ipv4.ip_unprivileged_port_start',
  });
}

/** The error code of binding (and at once leaving) a TCP port, or undefined when it is free. */
export async function bindError(address: string, port: number): Promise<string | undefined> {
  const server = createServer();
  const code = await listenCode(server, { host: address, port, exclusive: true });
  if (code === undefined) await new Promise((resolve) => server.close(resolve));
  return code;
}

export async function freePort(address: string): Promise<number> {
  const server = createServer();
  await listenCode(server, { host: address, port: 0 });
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof bound === 'object' && bound ? bound.port : 0;
}

function listenCode(
  server: Server,
  options: { path: string } | { host: string; port: number; exclusive?: boolean },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(systemCode(error) ?? 'EUNKNOWN'));
    server.listen(options, () => resolve(undefined));
  });
}

const reachIn = (entry: Entry, port: number): Reachable => ({ address: entry.reachable, port: entry.ports?.[String(port)] ?? port });
