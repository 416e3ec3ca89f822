import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenValues } from '../../blueprints/loaded.ts';
import { Shims, withTools } from '../../drivers/process/shims.ts';
import { type Home, homeOf, readAgentRecord } from '../home.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import type { Method, Params, Result } from '../rpc/protocol.ts';
import type { StatusReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';
import type { Ended } from './command.ts';
import { StepFailure } from './failure.ts';
import { callUrl, type HttpAnswer } from './http.ts';
import { type MovedPorts, movedPortsOf, portVariables } from './moved-ports.ts';

/** What the scenarios of a run have in common. */
export interface TestSettings {
  readonly given: GivenValues;
  readonly update: boolean;
  /** Clones of blueprints are each scenario's own, and fetched anew, as with `update`. */
  readonly purge: boolean;
  readonly ports: 'fixed' | 'auto';
  /** Of a run until it is ready. */
  readonly readyMs: number;
  /** Of any other step. */
  readonly stepMs: number;
}

export interface WorldOptions {
  readonly io: Io;
  readonly settings: TestSettings;
  /** The feature file that it stands in. */
  readonly target: Target;
}

/** What a feature file is about. */
export interface Target {
  /** Folder or file of the blueprint. */
  readonly blueprint: string;
  /** Its folder, and that of the feature file. */
  readonly folder: string;
  readonly testFolder: string;
}

/** How the user's shell reaches some Consul. */
const OF_A_CONSUL = /^CONSUL_(?:HTTP_|CACERT|CAPATH|CLIENT_|TLS_|NAMESPACE|PARTITION)/;

/** What a scenario has to itself: a home, an environment, values of variables, and what its last steps have seen. */
export class World {
  readonly settings: TestSettings;
  readonly target: Target;
  readonly home: Home;
  /** Of the commands that steps call: what they print is kept for the case that they fail. */
  readonly io: Io;
  /** Aborted when the time of the present step is over, or the whole run is stopped. */
  signal: AbortSignal;
  /** Values of variables that steps have set. */
  readonly assignments: { name: string; text: string }[] = [];
  /** The last answer to a call. */
  response: HttpAnswer | undefined;
  /** The last command that ended. */
  command: Ended | undefined;
  #printed = '';
  #running = false;
  readonly #env: Record<string, string | undefined>;

  private constructor({ io, settings, target }: WorldOptions, root: string) {
    this.settings = settings;
    this.target = target;
    // A step that talks to Consul talks to that of its own home.
    const env = Object.entries(io.env).filter(([name]) => !OF_A_CONSUL.test(name));
    this.#env = { ...Object.fromEntries(env), MESH_HOME: root };
    const own = homeOf(this.#env, io.cwd);
    this.home = settings.purge || settings.update ? own : { ...own, blueprintsDir: homeOf(io.env, io.cwd).blueprintsDir };
    this.signal = io.signal;
    const print = (text: string) => {
      this.#printed += text;
    };
    const { standby: _standby, ...rest } = io;
    const scoped: Io = {
      ...rest,
      out: print,
      err: print,
      env: this.#env,
      terminal: { ...io.terminal, stdoutIsTty: false, stderrIsTty: false, colour: false, animate: false },
      diagnostics: true,
      agentHttpAddress: () => readAgentRecord(own)?.http,
      afterWrite: async (address) => (await import('../cli/after-write.ts')).afterWrite(address, scoped),
    };
    this.io = scoped;
  }

  static async create(options: WorldOptions): Promise<World> {
    return new World(options, await realpath(await mkdtemp(join(tmpdir(), 'mesh-test-'))));
  }

  /** What commands have printed since this was asked last. */
  takePrinted(): string {
    const printed = this.#printed;
    this.#printed = '';
    return printed;
  }

  setVariable(name: string, value: string): void {
    this.#env[name] = value;
  }

  started(): void {
    this.#running = true;
  }

  /** The status of what runs. Rejects if nothing does. */
  async status(): Promise<StatusReport> {
    if (!this.#running) throw new StepFailure('nothing runs yet', { hint: 'begin the scenario with: Given I have a running blueprint' });
    return this.ask('status', {});
  }

  ask<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    return call(this.home.agentSocket, method, params, { version: VERSION, cancel: this.io.signal });
  }

  async movedPorts(): Promise<MovedPorts> {
    return this.#running ? movedPortsOf(await this.status()) : new Map();
  }

  /** Consul's HTTP API of this home; the decoded body of a 200. */
  async api<T>(path: string): Promise<T> {
    const { agent } = await this.status();
    const answer = await callUrl(new URL(`http://${agent.http}${path}`), { signal: this.signal });
    if (answer.status !== 200) throw new StepFailure(`${path} answered ${answer.status}`, { found: answer.body.trim() });
    return JSON.parse(answer.body) as T;
  }

  /** Of commands and scripts: `mesh`, `consul`, `shipyard` and `jumppad` are this mesh, and its ports have variables. */
  async environment(): Promise<Record<string, string>> {
    const shims = new Shims(join(this.home.runDir, 'bin'), this.io.programs.mesh);
    await shims.write();
    const env = Object.fromEntries(Object.entries(this.#env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    const ports = await this.movedPorts();
    const consul = readAgentRecord(this.home)?.http;
    return {
      ...withTools(env, shims.folder, this.home.root),
      ...portVariables(ports),
      ...(consul === undefined ? {} : { CONSUL_HTTP_ADDR: consul }),
    };
  }

  /** Runs one of mesh's own commands in this home; resolves with what it said. A failed one rejects with that. */
  async own(name: string, work: (io: Io) => Promise<number>): Promise<string> {
    this.takePrinted();
    const exit = await work(this.io);
    const said = this.takePrinted().trim();
    if (exit !== 0) throw new StepFailure(`${name} failed`, { details: said.split('\n') });
    return said;
  }
}
