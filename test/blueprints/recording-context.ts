import { MeshError } from '../../src/base/errors.ts';
import { Watchable } from '../../src/base/watch.ts';
import type { Workload } from '../../src/base/workload.ts';
import type {
  ApplyContext,
  DatacenterPort,
  FilePort,
  ForwardPort,
  HostedWorkload,
  RegistryPort,
  WorkloadHost,
  WorkloadStatus,
} from '../../src/blueprints/context.ts';
import type { Journal } from '../../src/blueprints/journal.ts';
import { emptyState, othersOf, recordOf } from '../../src/blueprints/state.ts';

/** A world in memory that notes what was done to it, in order, and what of it exists. */
export class RecordingContext implements ApplyContext {
  /** `start container.web`, `stop container.web`, `open ingress.web:9090`, … */
  readonly log: string[] = [];
  /** Everything that a destroy must take away: `workload container.web`, `address 10.5.0.100`, … */
  readonly exists = new Set<string>();
  /** Workload ids that can't be started, with the reason. */
  readonly unstartable = new Map<string, Error>();
  /** Workload ids that start and don't get ready as long as they are here. */
  readonly unready = new Set<string>();
  /** What keeps workloads from being ready, by id. */
  readonly troubles = new Map<string, string>();
  /** Workload ids whose start waits for the promise. */
  readonly gates = new Map<string, Promise<void>>();
  /** Owners that are refused an address. */
  readonly addressless = new Set<string>();
  /** Ports of 127.0.0.1 that somebody else holds. */
  readonly holders = new Map<number, string>();
  /** Called before anything is done: throw to fail, or look at the journal. */
  onAct: (what: string) => void = () => undefined;
  readonly #hosted = new Map<string, { hosted: HostedWorkload; status: Watchable<WorkloadStatus> }>();
  /** The journal of the agent that owns this world now. */
  journal: Journal | undefined;

  #act(verb: string, what: string): void {
    this.onAct(`${verb} ${what}`);
    this.log.push(`${verb} ${what}`);
  }

  readonly workloads: WorkloadHost = {
    start: async (workload, { adopt }) => {
      await this.gates.get(workload.id);
      this.#act(adopt ? 'adopt' : 'start', workload.id);
      const refusal = this.unstartable.get(workload.id);
      if (refusal) throw refusal;
      this.exists.add(`workload ${workload.id}`);
      const { hosted } = this.#host(workload);
      return hosted;
    },
    get: (id) => this.#hosted.get(id)?.hosted,
    observe: async (workload, address) => {
      this.#act('observe', `${workload.id} at ${address}`);
      this.exists.add(`workload ${workload.id}`);
      return this.#host(workload).hosted;
    },
    stop: (id) => {
      this.#act('stop', id);
      this.exists.delete(`workload ${id}`);
      this.#hosted.delete(id);
      return Promise.resolve();
    },
    reach: (address, port) => ({ address, port }),
    runOnce: async (workload) => {
      this.#act('run', workload.id);
      const refusal = this.unstartable.get(workload.id);
      if (refusal) throw refusal;
      this.exists.add(`workload ${workload.id}`);
      return { output: '' };
    },
    removeData: () => Promise.resolve(),
  };

  readonly registry: RegistryPort = {
    register: ({ node, service }) => {
      this.exists.add(`service ${node.name}/${service.id}`);
      return Promise.resolve();
    },
    deregister: (node, id) => {
      this.exists.delete(`service ${node}/${id}`);
      return Promise.resolve();
    },
    setProtocolDefault: (service) => {
      this.exists.add(`protocol ${service}`);
      return Promise.resolve();
    },
    clearProtocolDefault: (service) => {
      this.exists.delete(`protocol ${service}`);
      return Promise.resolve();
    },
    putEntries: async (entries) => {
      for (const { Kind, Name } of entries) this.exists.add(`entry ${Kind}/${Name}`);
    },
    removeEntries: async (entries) => {
      for (const { Kind, Name } of entries) this.exists.delete(`entry ${Kind}/${Name}`);
    },
    entry: () => undefined,
    putIntention: async ({ source, destination, action }) => void this.intentions.set(`${source} => ${destination}`, action),
    removeIntention: async ({ source, destination }) => void this.intentions.delete(`${source} => ${destination}`),
    sidecarReady: () => Promise.resolve(),
    upstreamReady: () => Promise.resolve(),
    upstreamTrouble: () => Promise.resolve(undefined),
  };

  readonly forwards: ForwardPort = {
    publish: (name) => void this.exists.add(`published ${name}`),
    withdraw: (name) => void this.exists.delete(`published ${name}`),
    open: ({ id, hostPort }) => {
      this.#act('open', `${id} at ${hostPort}`);
      this.exists.add(`forward ${id}`);
    },
    close: (id) => void this.exists.delete(`forward ${id}`),
    refresh: () => undefined,
    settled: () => Promise.resolve(),
    ready: () => Promise.resolve(),
    trouble: () => undefined,
  };

  readonly datacenters: DatacenterPort = {
    open: async (owner, { name }) => {
      this.#act('open', `datacenter ${name} of ${owner}`);
      this.exists.add(`datacenter ${name}`);
    },
    close: async (_owner, { name }) => void this.exists.delete(`datacenter ${name}`),
  };

  /** Actions of intentions by `web => payments`. */
  readonly intentions = new Map<string, string | undefined>();

  /** Text of files by path. */
  readonly userFiles = new Map<string, string>();

  readonly files: FilePort = {
    write: async (path, content) => void this.userFiles.set(path, String(content)),
    copy: async (source, destination) => {
      this.userFiles.set(destination, `copy of ${source}`);
      return [destination];
    },
    read: async (path) => this.userFiles.get(path),
    remove: async (path) => void this.userFiles.delete(path),
  };

  allocate: ApplyContext['allocate'] = async ({ owner, wanted, subnet }) => {
    if (this.addressless.has(owner)) throw new MeshError('environment', `${owner}: no address is left in ${subnet}`);
    const address = wanted ?? `address of ${owner}`;
    this.exists.add(`address ${address}`);
    return address;
  };

  /** Who is paused now: `container.web`. */
  paused: ReadonlySet<string> = new Set();

  setPaused: ApplyContext['setPaused'] = async (keys) => {
    const changed = [...keys].filter((key) => !this.paused.has(key)).map((key) => `pause ${key}`);
    const resumed = [...this.paused].filter((key) => !keys.has(key)).map((key) => `resume ${key}`);
    this.log.push(...changed, ...resumed);
    this.paused = keys;
  };

  /** Who is restarted when files change. */
  readonly watched = new Map<string, readonly string[]>();

  restartOnChange: ApplyContext['restartOnChange'] = (id, { patterns }) => void this.watched.set(id, patterns);

  release: ApplyContext['release'] = async (addresses) => {
    for (const address of addresses) this.exists.delete(`address ${address}`);
  };

  addressHolder: ApplyContext['addressHolder'] = () => undefined;

  portHolder: ApplyContext['portHolder'] = async (port) => this.holders.get(port);

  handedOver: ApplyContext['handedOver'] = () => undefined;

  apiPort: ApplyContext['apiPort'] = () => undefined;

  freePort: ApplyContext['freePort'] = async () => 40_000 + [...this.claimedPorts].filter((port) => port >= 40_000).length;

  readonly claimedPorts = new Set<number>();

  claimPort: ApplyContext['claimPort'] = async (port) => {
    this.claimedPorts.add(port);
    return true;
  };

  releasePort: ApplyContext['releasePort'] = (port) => void this.claimedPorts.delete(port);

  record: ApplyContext['record'] = (key, generation) => {
    const record = this.journal && recordOf(this.journal.state, key, generation);
    if (!record) throw new Error(`${key} is not in the state`);
    const { spec, definedAt, place, entryPlaces } = record.resource;
    return {
      spec,
      reservation: record.reservation,
      definedAt,
      ...(place === undefined ? {} : { place }),
      ...(entryPlaces ? { entryPlaces } : {}),
    };
  };

  others: ApplyContext['others'] = (type, key, generation) => othersOf(this.journal?.state ?? emptyState, type, key, generation);

  /** The supervisor gives a workload up. */
  giveUp(id: string): void {
    const status = this.#hosted.get(id)!.status;
    status.set({ ...status.value, phase: 'failed' });
  }

  #host(workload: Workload): { hosted: HostedWorkload; status: Watchable<WorkloadStatus> } {
    const never = this.unready.has(workload.id);
    const status = new Watchable<WorkloadStatus>({
      phase: never ? 'running' : 'ready',
      pid: 1,
      startedAt: 0,
      restarts: 0,
      lastExit: undefined,
    });
    const hosted: HostedWorkload = {
      workload,
      status,
      programPid: () => Promise.resolve(1),
      trouble: () => Promise.resolve(this.troubles.get(workload.id)),
      ready: (signal) =>
        status.value.phase === 'failed'
          ? Promise.reject(new MeshError('incomplete', `${workload.id} was given up`))
          : this.unready.has(workload.id)
            ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
            : Promise.resolve(),
    };
    const entry = { hosted, status };
    this.#hosted.set(workload.id, entry);
    return entry;
  }
}
