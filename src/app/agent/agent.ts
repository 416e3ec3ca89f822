import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { AgentSettings } from '../../agent-config/settings.ts';
import { messageOf } from '../../base/errors.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import { Scope } from '../../base/scope.ts';
import { IMPLICIT_DATACENTER } from '../../blueprints/datacenter.ts';
import { Engine } from '../../blueprints/engine.ts';
import { isIdle as isIdleIn } from '../../blueprints/idle.ts';
import { Journal } from '../../blueprints/journal.ts';
import { type JournalRecord, stateToRecords } from '../../blueprints/state.ts';
import type { TracingDefault } from '../../compile/telemetry/tracing.ts';
import { type ControlPlane, openControlPlane } from '../../control/plane.ts';
import { ProcessDriver } from '../../drivers/process/driver.ts';
import { LogRotation } from '../../drivers/process/log-rotation.ts';
import { PortClaims } from '../../drivers/process/port-claims.ts';
import { openLog, type RecordLog } from '../../store/log.ts';
import { type AgentRecord, createHome, type Home, removeState } from '../home.ts';
import type { Programs } from '../io.ts';
import { createRpcServer } from '../rpc/server.ts';
import { VERSION } from '../version.ts';
import { BlueprintCommands } from './blueprint-commands.ts';
import { blueprintListing } from './blueprint-listing.ts';
import { bootstrapEntries, judgeDefinitions, loadDefinitions } from './configuration.ts';
import { applyContext } from './context.ts';
import { openDashboard } from './dashboard.ts';
import { Datacenters } from './datacenters.ts';
import { type DataplaneHost, DataplaneProcesses } from './dataplane-process.ts';
import { type ForwardSink, Forwards } from './forwards.ts';
import { handlersOf, type Services } from './handlers.ts';
import { type Bound, httpSettings, openListeners, renewTls } from './listen.ts';
import { HomeTaken, listenUnix, lockHome } from './lock.ts';
import { openNameServers } from './name-servers.ts';
import { ownTokens, planeSettings, tuningOf } from './plane-settings.ts';
import { Registry } from './registry.ts';
import { registryBackend } from './registry-backend.ts';
import { statusReport } from './status.ts';
import { workloadLogs } from './workload-logs.ts';
import { Workloads } from './workloads.ts';

export interface AgentOptions {
  readonly home: Home;
  /** 0: any free port. Undefined: the one that the last agent of this home had, or Consul's 8500. */
  readonly httpPort: number | undefined;
  /** For UDP and TCP; 0: any free port. Undefined: Consul's 8600, or any that is free where that is taken. */
  readonly dnsPort?: number;
  /** `auto`: a taken port moves to a free one. */
  readonly ports: 'fixed' | 'auto';
  /** Started by the user: it stays when the last blueprint goes. */
  readonly permanent: boolean;
  /** Flags and files of Consul's agent. Absent for an agent that `mesh run` starts. */
  readonly settings?: AgentSettings;
  /** What paths in the settings begin at. */
  readonly cwd?: string;
  /** Its node is this machine, as with Consul; otherwise it is `mesh`. */
  readonly asConsul?: boolean;
  /** Reads flags and files again. `done` is called when the agent works by them. Rejects when they are wrong. */
  readonly reload?: () => Promise<{ readonly settings: AgentSettings; readonly done: () => void }>;
  readonly programs: Omit<Programs, 'agent'>;
  /** Where the files of the dashboard are. */
  readonly dashboardFolder: string;
  /** Folder of the blueprints that come with the package. */
  readonly shippedBlueprints: string;
  /** Processes that the sidecars are spread over; 1 by default. */
  readonly dataplaneWorkers?: number;
  /** In place of processes: who starts the agent serves sidecars itself, see `ControlPlane.connectDataplane`. */
  readonly dataplane?: DataplaneHost;
  /** Environment of every child process. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly addressMode: 'loopback' | 'ports' | 'auto';
  /** A log that is longer is moved aside. */
  readonly logMaxBytes: number;
  /** Where sidecars send spans that are configured for no other collector. */
  readonly tracing?: TracingDefault | undefined;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Agent {
  readonly record: AgentRecord;
  /** The HTTP port had to move from the one asked for. */
  readonly movedFrom: number | undefined;
  /** Of its API over TLS; undefined where there is none. */
  readonly httpsPort: number | undefined;
  readonly nodeName: string;
  readonly nodeId: string;
  readonly control: ControlPlane;
  /** Works by its files as they are now. Rejects when they are wrong, and goes on with what it has. */
  reload(): Promise<void>;
  /** Resolves when the agent has ended: by `close`, or with its last blueprint. */
  readonly ended: Promise<void>;
  /** Ends the agent; workloads and data plane go on. */
  close(): Promise<void>;
}

/** The composition root of the agent's process: everything is opened here, in order, and closed in reverse. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { home, log } = options;
  await createHome(home);
  const unlock = await lockHome(home.root, home.agentSocket, { abstractSockets: options.platform === 'linux' });
  if (!unlock) throw new HomeTaken(home.root);
  const isNew = !existsSync(home.journalPath);
  const scope = new Scope();
  const { clock, baseEnv: env, programs, dataplaneWorkers: workers = 1 } = options;
  const dataplane = options.dataplane ?? new DataplaneProcesses({ home, program: programs.dataplane, workers, env, clock, log });
  try {
    const { services, http } = await openServices(options, scope, dataplane);
    return await serve(services, http, options, scope, unlock);
  } catch (error) {
    log.log('error', 'the agent could not start', { error: messageOf(error), home: home.root });
    if (isNew) await dataplane.stop();
    await scope.close();
    if (isNew) removeState(home);
    unlock();
    throw error;
  }
}

/** Everything that the agent consists of, but for its own socket. */
async function openServices(options: AgentOptions, scope: Scope, dataplane: DataplaneHost): Promise<{ services: Services; http: Bound }> {
  const { home, clock, random, log } = options;
  scope.defer(() => dataplane.release());
  const { settings } = options;
  const datacenter = settings?.datacenter ?? IMPLICIT_DATACENTER;
  const node = {
    nodeName: settings?.nodeName ?? (options.asConsul ? hostname() : 'mesh'),
    ...(settings?.nodeId === undefined ? {} : { nodeId: settings.nodeId }),
    ...(settings ? { nodeMeta: settings.nodeMeta } : {}),
    ...(settings?.advertiseAddress === undefined ? {} : { address: settings.advertiseAddress }),
  };
  const { dataplaneWorkers = 1 } = options;
  const local = { hostSidecars: true, dataplaneWorkers, ...(settings ? { scripts: settings.scriptChecks } : {}) };
  const plane = {
    datacenter,
    ...node,
    ...local,
    clock,
    random,
    log,
    version: VERSION,
    tracing: options.tracing,
    dashboard: await openDashboard(options.dashboardFolder, home.uiTokenPath, random),
    ...planeSettings(settings),
  };
  // Things that need nothing of each other open side by side. `mesh run` waits for the data plane most of all; who starts an agent
  // waits for its API, from which the start of another process would take the time.
  const [journalLog, control] = await Promise.all([
    openLog<JournalRecord>(home.journalPath, { sync: true }),
    openControlPlane({ ...plane, dir: home.registryDir, durable: true, storage: settings?.dev ? 'memory' : 'disk' }),
    ...(settings ? [] : [dataplane.begin({ adopt: true })]),
  ]);
  scope.defer(() => journalLog.close());
  scope.use(control);
  if (settings) {
    await bootstrapEntries(control, settings);
    await loadDefinitions(control, settings);
  }
  const http = await openListeners(control, { cwd: '/', ...options });
  if (journalLog.damage) log.log('error', 'the state journal was damaged; the good part was recovered', { ...journalLog.damage });

  const driver = new ProcessDriver({
    ...home,
    programs: { ...options.programs, 'fake-service': options.programs.fakeService },
    home: home.root,
    baseEnv: options.baseEnv,
    addressMode: options.addressMode,
    abstractSockets: options.platform === 'linux',
  });
  await driver.open();
  scope.defer(() => driver.close());
  const closing = new AbortController();
  scope.defer(() => closing.abort());
  void new LogRotation({ folder: home.logDir, maxBytes: options.logMaxBytes, clock, log }).run(closing.signal);

  const reach = (address: string, port: number) => driver.reach(address, port);
  const workloads = new Workloads({ driver, clock, log, tell: control.tell });
  scope.defer(() => workloads.release());
  const journal = new Journal(journalLog);
  const isIdle = (service: string, datacenter: string | undefined) => isIdleIn(journal.state, service, datacenter);
  const registry = new Registry({ backend: registryBackend(control, datacenter, random), reach, clock, isIdle });
  const datacenters = new Datacenters({ control, reach, logPath: (owner) => driver.logPath(owner) });
  const forwards = new Forwards(forwardSink(control), reach, {
    port: http.port,
    speakFor: (target, generation) => datacenters.lead(target, generation),
  });
  scope.defer(() => datacenters.release());
  const ports = new PortClaims({ abstractSockets: options.platform === 'linux' });
  scope.defer(() => ports.close());
  const context = applyContext({ driver, workloads, registry, forwards, datacenters, journal, ports, apiPort: () => forwards.freeApiPort });
  const engine = new Engine({ journal, context, clock, log });
  await engine.adopt();
  await dataplane.endFormer();
  // Only now: a data plane that returns takes the first update for everything there is.
  await control.listenDataplane(home.dataplaneSocket);
  await compact(journalLog, journal);
  const dns = await openNameServers(control, (name) => driver.addressOf(name), options);
  if (settings) await dataplane.begin({ adopt: true });
  return { services: { dataplane, control, driver, workloads, forwards, datacenters, engine, dns }, http };
}

/** Opens the agent to its callers, and knows how it ends. */
async function serve(services: Services, http: Bound, options: AgentOptions, scope: Scope, unlock: () => void): Promise<Agent> {
  const { home, clock, log, dataplaneWorkers = 1 } = options;
  await writeFile(home.httpPortPath, `${http.port}\n`, { mode: 0o600 });
  const record: AgentRecord = { pid: options.pid, version: VERSION, http: http.address, permanent: options.permanent, dataplaneWorkers };
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const close = async () => {
    rpc.server.close();
    await rm(home.recordPath, { force: true });
    // With nothing applied nobody would miss the data plane, and nobody would stop it.
    if (services.engine.journal.state.resources.size === 0) await services.dataplane.stop();
    await scope.close();
    unlock();
    // Last: who asked for the end learns of it when the home is free.
    rpc.close();
    finish();
  };
  const dismantle = async () => {
    rpc.server.close();
    await services.dataplane.stop();
    await scope.close();
    removeState(home);
    unlock();
  };
  const parts = { ...services, record, home, clock, startedAt: clock.now(), close, dismantle, finish: () => finish() };
  const rpc = createRpcServer(handlersOf(parts), {
    version: VERSION,
    onBug: (error) => log.log('error', 'bug in a call', { error: error instanceof Error ? error.stack : String(error) }),
  });
  await listenUnix(rpc.server, home.agentSocket);
  await writeRecord(home, record);
  log.log('info', 'agent started', { ...record, home: home.root });
  const reload = async (): Promise<void> => {
    if (!options.reload) return;
    try {
      const { settings, done } = await options.reload();
      const define = await judgeDefinitions(services.control, settings);
      await renewTls(http.secure, settings, options.cwd ?? '/');
      await define();
      for (const listener of http.all) listener.configure(httpSettings(settings));
      services.control.tune(tuningOf(settings));
      services.control.configureTokens(ownTokens(settings));
      done();
      log.log('info', 'configuration reloaded');
    } catch (error) {
      log.log('error', 'the configuration is not reloaded', { error: messageOf(error) });
      throw error;
    }
  };
  const blueprints = new BlueprintCommands({
    list: async () =>
      blueprintListing(await statusReport(parts), {
        shipped: options.shippedBlueprints,
        fetched: home.blueprintsDir,
        permanent: options.permanent,
      }),
    program: options.programs.mesh,
    home: home.root,
    shipped: options.shippedBlueprints,
    env: options.baseEnv,
  });
  scope.defer(() => blueprints.close());
  services.control.hostedBy({ reload, leave: close, blueprints, workloadLogs: workloadLogs(() => statusReport(parts)) });
  return {
    record,
    movedFrom: http.movedFrom,
    httpsPort: http.secure[0]?.port,
    ...services.control.node,
    control: services.control,
    reload,
    ended,
    close,
  };
}

function forwardSink(control: ControlPlane): ForwardSink {
  return {
    setForwards: (configs) => control.setForwards(configs),
    synced: (signal) => control.synced(signal),
    settle: (signal) => control.settleForwards(signal),
    errorOf: (id) => control.dataplane.value.forwardErrors[id],
  };
}

async function compact(log: RecordLog<JournalRecord>, journal: Journal): Promise<void> {
  const records = stateToRecords(journal.state);
  if (log.records.length > 2 * records.length + 100) await log.rewrite(records);
}

async function writeRecord(home: Home, record: AgentRecord): Promise<void> {
  await mkdir(home.root, { recursive: true, mode: 0o700 });
  await writeFile(`${home.recordPath}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(`${home.recordPath}.new`, home.recordPath);
}
