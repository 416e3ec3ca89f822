import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { ProbeAction, Workload } from '../../base/workload.ts';
import { type BuiltinImage, builtinImage, unresolvedImageHint } from '../../images/builtin.ts';
import type { AddressClaim, Driver, Reachable, Running } from '../driver.ts';
import { AddressBook } from './address-book.ts';
import { probeExec, probeHttp, probeTcp } from './probe.ts';
import { findTree, spawnTree } from './processes.ts';
import { type RewriteContext, rewriteEnv, rewriteText } from './rewrite.ts';

export interface ProcessDriverOptions {
  /** pid and exit files, address book. */
  readonly runDir: string;
  readonly logDir: string;
  /** Files written for workloads (ConfigMaps, Secrets), one folder per workload. */
  readonly dataDir: string;
  /** How to start a built-in program: Node and its bundle. */
  readonly programs: Readonly<Record<'fake-service', readonly string[]>>;
  /** What every workload inherits from this machine: PATH, HOME, … and nothing secret. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly addressMode: 'loopback' | 'ports' | 'auto';
  readonly abstractSockets: boolean;
}

/** The default driver: every workload is a local process on an address of its own. Needs no privileges and no engine. */
export class ProcessDriver implements Driver {
  readonly name = 'process';
  readonly #options: ProcessDriverOptions;
  readonly #addresses: AddressBook;
  /** What this driver started and has not ended: it may not have noted its pid yet. */
  readonly #started = new Map<string, Running>();

  constructor(options: ProcessDriverOptions) {
    this.#options = options;
    this.#addresses = new AddressBook({
      file: join(options.runDir, 'addresses.json'),
      mode: options.addressMode,
      abstractSockets: options.abstractSockets,
    });
  }

  open(): Promise<void> {
    return this.#addresses.open();
  }

  close(): void {
    this.#addresses.close();
  }

  get addressMode(): 'loopback' | 'ports' {
    return this.#addresses.mode;
  }

  get claimed(): ReadonlyMap<string, { owner: string; reachable: string }> {
    return this.#addresses.entries;
  }

  reserve(claims: readonly AddressClaim[]): Promise<void> {
    return this.#addresses.reserve(claims);
  }

  release(addresses: readonly string[]): Promise<void> {
    return this.#addresses.release(addresses);
  }

  reach(address: string, port: number): Reachable {
    return this.#addresses.reach(address, port);
  }

  async start(workload: Workload): Promise<Running> {
    const { id } = workload;
    const image = imageOf(workload);
    await this.#writeMounts(workload);
    const command = this.#command(workload, image);
    const options = { marker: this.#marker(id), command, env: this.#env(workload, image), cwd: this.#options.runDir };
    const running = await spawnTree({ ...options, logPath: this.logPath(id) }).catch(async (error: unknown) => {
      // Its log is where the user is sent to look.
      await appendFile(this.logPath(id), `could not be started: ${messageOf(error)}\n`);
      throw error;
    });
    this.#started.set(id, running);
    void running.exited.then(() => {
      if (this.#started.get(id) === running) this.#started.delete(id);
    });
    return running;
  }

  adopt(workloadId: string): Promise<Running | undefined> {
    return findTree(this.#marker(workloadId));
  }

  async sweep(workloadId: string): Promise<void> {
    await (this.#started.get(workloadId) ?? (await this.adopt(workloadId)))?.stop(0);
    const marker = this.#marker(workloadId);
    const leftovers = [`${marker}.pid`, `${marker}.exit`, this.logPath(workloadId), this.#dataPath(workloadId)];
    await Promise.all(leftovers.map((path) => rm(path, { recursive: true, force: true })));
  }

  removeData(folder: string): Promise<void> {
    return rm(this.#hostPath(folder), { recursive: true, force: true });
  }

  async probe(workload: Workload, action: ProbeAction, timeoutMs: number): Promise<boolean> {
    if (action.type === 'tcp') return probeTcp(this.reach(workload.address, action.port), timeoutMs);
    if (action.type === 'http') return probeHttp(this.reach(workload.address, action.port), action, timeoutMs);
    const context = this.#context(workload);
    const command = action.command.map((word) => rewriteText(word, context));
    return probeExec(command, { env: this.#env(workload, imageOf(workload)), cwd: this.#options.runDir }, timeoutMs);
  }

  logPath(workloadId: string): string {
    return join(this.#options.logDir, `${fileName(workloadId)}.log`);
  }

  #command(workload: Workload, image: BuiltinImage): string[] {
    const entrypoint = workload.entrypoint ?? this.#options.programs[image.program];
    const context = this.#context(workload);
    return [...entrypoint, ...(workload.command ?? [])].map((word) => rewriteText(word, context));
  }

  #env(workload: Workload, image: BuiltinImage): Record<string, string> {
    return {
      ...this.#options.baseEnv,
      ...rewriteEnv({ ...image.env, ...workload.env }, this.#context(workload)),
      MESH_VIRTUAL_ADDRESS: workload.address,
    };
  }

  #context(workload: Workload): RewriteContext {
    const addresses = this.#addresses;
    return {
      self: workload.address,
      localPorts: new Set([...workload.upstreamPorts, ...workload.ports.map((port) => port.port)]),
      reach: (address, port) => (addresses.has(address) ? addresses.reach(address, port ?? 0) : undefined),
      resolve: (name) => addresses.resolve(name),
      mounts: workload.mounts.map((mount) => ({
        destination: mount.destination,
        path: 'path' in mount.source ? this.#hostPath(mount.source.path) : this.#mountPath(workload, mount.destination),
      })),
    };
  }

  async #writeMounts(workload: Workload): Promise<void> {
    for (const mount of workload.mounts) {
      if ('path' in mount.source) {
        if (!isAbsolute(mount.source.path)) await mkdir(this.#hostPath(mount.source.path), { recursive: true, mode: 0o700 });
        continue;
      }
      const path = this.#mountPath(workload, mount.destination);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, mount.source.text, { mode: mount.source.secret ? 0o600 : 0o644 });
    }
  }

  #hostPath(path: string): string {
    return isAbsolute(path) ? path : join(this.#options.dataDir, path);
  }

  #mountPath(workload: Workload, destination: string): string {
    // Resolved first: no number of `..` leads out of the workload's own folder.
    return join(this.#dataPath(workload.id), resolve('/', destination));
  }

  #dataPath(workloadId: string): string {
    return join(this.#options.dataDir, fileName(workloadId));
  }

  #marker(workloadId: string): string {
    return join(this.#options.runDir, fileName(workloadId));
  }
}

function imageOf(workload: Workload): BuiltinImage {
  const image = builtinImage(workload.image);
  if (image) return image;
  const hint = unresolvedImageHint(workload.image);
  throw new MeshError('environment', `image ${workload.image} of ${workload.name} can't run here`, { hint });
}

/** `k8s_config.web/web-0/web` -> `k8s_config.web_web-0_web`; ids hold only letters, digits and `._-/`. */
function fileName(workloadId: string): string {
  return workloadId.replaceAll('/', '_');
}
