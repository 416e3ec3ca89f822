import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { MeshError, messageOf } from '../../base/errors.ts';
import { withoutGeneration } from '../../base/generation.ts';
import type { ProbeAction, Workload } from '../../base/workload.ts';
import { type BuiltinImage, builtinImage, isOwnProgram, type OwnProgram, unresolvedImageHint } from '../../images/builtin.ts';
import type { AddressClaim, Driver, ExecPlan, Reachable, Running } from '../driver.ts';
import { AddressBook } from './address-book.ts';
import { portsOfGroup } from './listening.ts';
import { rotated } from './log-rotation.ts';
import { probeExec, probeHttp, probeTcp } from './probe.ts';
import { findTree, spawnTree } from './processes.ts';
import { checkRunnable } from './program.ts';
import { type RewriteContext, rewriteEnv, rewriteText } from './rewrite.ts';
import { Shims, withTools } from './shims.ts';

export interface ProcessDriverOptions {
  /** pid and exit files, address book. */
  readonly runDir: string;
  readonly logDir: string;
  /** Files of workloads (ConfigMaps, Secrets, what they write themselves), one folder per workload. */
  readonly dataDir: string;
  /** How to start a built-in program: Node and its bundle. `mesh` is the command line, which is Consul's and Shipyard's too. */
  readonly programs: Readonly<Record<OwnProgram | 'mesh', readonly string[]>>;
  /** MESH_HOME of the command lines that workloads call. */
  readonly home: string;
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
  readonly #shims: Shims;
  /** What this driver started and has not ended: it may not have noted its pid yet. */
  readonly #started = new Map<string, Running>();

  constructor(options: ProcessDriverOptions) {
    this.#options = options;
    this.#shims = new Shims(join(options.runDir, 'bin'), options.programs.mesh);
    this.#addresses = new AddressBook({
      runDir: options.runDir,
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
    if (callsTools(image)) await this.#shims.write();
    const place = { env: this.#env(workload, image), cwd: await this.#cwd(workload) };
    const spawned = checkRunnable(command[0]!, place).then(() =>
      spawnTree({ marker: this.#marker(id), command, ...place, logPath: this.logPath(id) }),
    );
    const running = await spawned.catch(async (error: unknown) => {
      // Its log is where the user is sent to look.
      const hint = error instanceof MeshError && error.hint !== undefined ? `; ${error.hint}` : '';
      await appendFile(this.logPath(id), `could not be started: ${messageOf(error)}${hint}\n`);
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
    const log = this.logPath(workloadId);
    const leftovers = [`${marker}.pid`, `${marker}.exit`, log, rotated(log), this.#dataPath(workloadId)];
    await Promise.all(leftovers.map((path) => rm(path, { recursive: true, force: true })));
  }

  removeData(folder: string): Promise<void> {
    return rm(this.#hostPath(folder), { recursive: true, force: true });
  }

  async probe(workload: Workload, action: ProbeAction, timeoutMs: number): Promise<boolean> {
    if (action.type === 'tcp') return probeTcp(this.reach(workload.address, action.port), timeoutMs);
    if (action.type === 'http') return probeHttp(this.reach(workload.address, action.port), action, timeoutMs);
    const { command, ...options } = await this.exec(workload, action.command);
    return probeExec(command, options, timeoutMs);
  }

  async listening({ id }: Workload): Promise<readonly number[] | undefined> {
    // Where ports are mapped, those of the process are not those that anybody wrote.
    if (this.addressMode === 'ports') return undefined;
    const running = this.#started.get(id) ?? (await this.adopt(id));
    return running && portsOfGroup(running.pid);
  }

  /** Where the resource of this name is reachable; undefined for a name that nobody here has. */
  addressOf(name: string): string | undefined {
    const address = this.#addresses.resolve(name, undefined);
    return address === undefined ? undefined : this.reach(address, 0).address;
  }

  async exec(workload: Workload, command: readonly string[]): Promise<ExecPlan> {
    const context = this.#context(workload);
    await this.#shims.write();
    const env = withTools(this.#env(workload, imageOf(workload)), this.#shims.folder, this.#options.home);
    return { command: command.map((word) => rewriteText(word, context)), env, cwd: await this.#cwd(workload) };
  }

  logPath(workloadId: string): string {
    return join(this.#options.logDir, `${fileName(workloadId)}.log`);
  }

  #command(workload: Workload, image: BuiltinImage | undefined): string[] {
    const context = this.#context(workload);
    return this.#words(workload, image).map((word) => rewriteText(word, context));
  }

  #words({ entrypoint, command = [], name }: Workload, image: BuiltinImage | undefined): readonly string[] {
    if (entrypoint) return [...entrypoint, ...command];
    const { programs } = this.#options;
    const program = image?.program;
    if (isOwnProgram(program)) return [...programs[program], ...command];
    // As the entry point of Consul's image does: its sub-commands may stand alone.
    if (program === 'consul') return command[0] === 'consul' || command[0]?.includes('/') ? command : ['consul', ...command];
    if (command.length === 0) throw new MeshError('invalid', `${name} has no command to run`, { hint: 'give it a `command`' });
    return command;
  }

  /** A folder of its own, unless it says another one: what it writes beside itself goes with it. */
  async #cwd(workload: Workload): Promise<string> {
    if (workload.cwd !== undefined && workload.mapped) return workload.cwd;
    if (workload.cwd !== undefined) return rewriteText(workload.cwd, this.#context(workload));
    const folder = this.#dataPath(workload.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  #env(workload: Workload, image: BuiltinImage | undefined): Record<string, string> {
    const env = {
      ...this.#options.baseEnv,
      ...this.#place(workload),
      ...rewriteEnv({ ...image?.env, ...workload.env }, this.#context(workload)),
      MESH_VIRTUAL_ADDRESS: withoutGeneration(workload.address),
    };
    // Its pages run scripts beside workloads.
    const { programs, home } = this.#options;
    if (image?.program === 'docs') return { ...env, DOCS_MESH: JSON.stringify(programs.mesh), MESH_HOME: home };
    return callsTools(image) ? withTools(env, this.#shims.folder, home) : env;
  }

  /** Where it is to listen, for whom asks the environment. */
  #place({ address, serves }: Workload): Record<string, string> {
    if (serves === undefined) return {};
    const reachable = this.reach(address, serves);
    const whole = `${reachable.address}:${reachable.port}`;
    return { PORT: String(reachable.port), HOST: reachable.address, LISTEN_ADDR: whole, MESH_ADDRESS: whole };
  }

  #context(workload: Workload): RewriteContext {
    const addresses = this.#addresses;
    return {
      self: workload.address,
      localPorts: new Set([...workload.upstreamPorts, ...(workload.neighbourPorts ?? []), ...workload.ports.map(({ port }) => port)]),
      reach: (address, port) => addresses.find(address, port ?? 0, workload.generation),
      resolve: (name) => {
        const { hosts = {}, search = [], generation } = workload;
        if (Object.hasOwn(hosts, name)) return hosts[name];
        for (const long of [...search.map((domain) => `${name}.${domain}`), name]) {
          const address = addresses.resolve(long, generation);
          if (address !== undefined) return address;
        }
        return undefined;
      },
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
      if ('own' in mount.source) {
        await mkdir(path, { recursive: true, mode: 0o700 });
        continue;
      }
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, mount.source.text, { mode: (mount.source.secret ? 0o600 : 0o644) | (mount.source.executable ? 0o100 : 0) });
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

/** Undefined: a command of this machine. */
function imageOf(workload: Workload): BuiltinImage | undefined {
  const image = builtinImage(workload.image);
  if (image || workload.image === '' || workload.mapped) return image;
  const hint = unresolvedImageHint(workload.image);
  throw new MeshError('environment', `image ${workload.image} of ${workload.name} can't run here`, { hint });
}

/** Whether scripts run in it, which call `consul` and the like. */
const callsTools = (image: BuiltinImage | undefined): boolean => !isOwnProgram(image?.program);

/** `k8s_config.web/web-0/web` -> `k8s_config.web_web-0_web`; ids hold only letters, digits and `._-/`. */
function fileName(workloadId: string): string {
  return workloadId.replaceAll('/', '_');
}
