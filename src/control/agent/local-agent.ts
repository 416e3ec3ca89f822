import { ALLOW_ALL, type Authorizer } from '../../acl/authorizer.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import * as queries from '../../catalog/queries.ts';
import { datacenter, type Snapshot } from '../../catalog/snapshot.ts';
import type { ChangeKey, Check, CheckStatus, Op, Service, Unindexed } from '../../catalog/types.ts';
import { isGateway } from '../../compile/proxy-id.ts';
import { Checks } from '../checks/checks.ts';
import type { Compat } from '../compatibility.ts';
import { type AgentAt, type Prepared, prepareService } from '../registration/agent-service.ts';
import { checkProblem, checkRow, checkRunOf, isCheckStatus, isScript } from '../registration/check.ts';
import type { CheckDefinitionBody } from '../registration/check-schema.ts';
import { RegistrationRefused } from '../registration/refused.ts';
import type { ServiceBody } from '../registration/service-schema.ts';
import { sidecarIdOf } from '../registration/sidecar.ts';
import { isMaintenance, maintenanceCheck, maintenanceId } from './maintenance.ts';
import { type CheckTuning, DEFAULT_TUNING, LiveTuning, type Tuning } from './tuning.ts';

export type { AgentAt } from '../registration/agent-service.ts';

/** Whose commands may be run as checks: nobody's, those of the agent's own files, or everybody's. */
export type ScriptPolicy = 'off' | 'local' | 'all';

/** The data plane, as far as an agent uses it for the sidecars and gateways that were registered with it. */
export interface SidecarHost {
  host(proxy: { dc: string; node: string; id: string }): void;
  unhost(proxy: { dc: string; node: string; id: string }): void;
}

export interface LocalAgentOptions {
  readonly snapshot: Watch<Snapshot>;
  commit(ops: readonly Op[]): Promise<{ readonly applied: boolean; readonly outcomes: readonly unknown[] }>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly compat: Compat;
  readonly scripts: ScriptPolicy;
  /** Consul's defaults without one. */
  readonly tuning?: Watch<Tuning>;
  /** Runs the sidecars of services that ask for one. Without it somebody else has to. */
  readonly sidecars?: SidecarHost;
}

/** Who asks. */
export interface Caller {
  readonly acl: Authorizer;
  readonly source: 'remote' | 'local';
}

/** The files of the agent itself. */
const FILES: Caller = { acl: ALLOW_ALL, source: 'local' };

/**
 * What an agent is beside its server: services and checks of its own node, which it looks after as long as they are registered.
 * They live in the catalog, marked as its own, so that they are there again after a restart of a durable one.
 */
export class LocalAgent {
  readonly checks: Checks;
  readonly #options: LocalAgentOptions;
  readonly #tuning: Watch<Tuning>;

  constructor(options: LocalAgentOptions) {
    this.#options = options;
    this.#tuning = options.tuning ?? new LiveTuning(DEFAULT_TUNING);
    const tuning = (): CheckTuning => this.#tuning.value.checks;
    this.checks = new Checks({ ...options, tuning, reap: (dc, node, serviceId) => this.#remove({ dc, node }, serviceId) });
  }

  /** Takes up what was registered before a restart. */
  restore(): void {
    this.checks.restore();
    const { value: snapshot } = this.#options.snapshot;
    for (const dc of queries.datacenterNames(snapshot)) {
      for (const service of datacenter(snapshot, dc).services.values())
        if (isServed(service)) this.#options.sidecars?.host({ dc, node: service.Node, id: service.ID });
    }
  }

  follow(changed: ReadonlySet<ChangeKey>): void {
    this.checks.follow(changed);
  }

  close(): void {
    this.checks.close();
  }

  /** Services of the node, but for the servers themselves. */
  services({ dc, node }: AgentAt): Service[] {
    const found = queries.nodeServices(this.#snapshot, dc, node).value?.services ?? [];
    return found.filter((service) => service.Service !== 'consul');
  }

  service({ dc, node }: AgentAt, id: string): Service | undefined {
    return queries.serviceById(this.#snapshot, dc, node, id);
  }

  /** Checks of the node and its services, with what they last saw; not what servers think of the node. */
  checksOf({ dc, node }: AgentAt): Check[] {
    const found = queries.nodeChecks(this.#snapshot, dc, node).value.filter(({ CheckID }) => CheckID !== 'serfHealth');
    return found.map((check) => {
      const output = check.Run && this.checks.outputOf({ dc, node, id: check.CheckID });
      return output === undefined || output === check.Output ? check : { ...check, Output: output };
    });
  }

  /** In place of a service of the same id. `replaceChecks`: checks that are no longer named go. */
  async register(at: AgentAt, body: ServiceBody, caller: Caller, { replaceChecks = false, fromFile = false } = {}): Promise<void> {
    const prepared = this.#prepare(at, body);
    const { checks } = prepared;
    const services = fromFile ? prepared.services.map((service) => ({ ...service, FromFile: true as const })) : prepared.services;
    for (const service of services) this.#requireService(at, service, caller.acl);
    for (const check of checks) this.#requireAllowed(check, caller);
    const gone = replaceChecks ? this.#obsolete(at, services, checks) : [];
    const rows = checks.map((check) => this.#asBefore(at, check));
    await this.#commit([
      ...gone.map((check) => ({ type: 'deregister', ...at, checkId: check.CheckID }) as const),
      { type: 'register', dc: at.dc, node: this.#nodeOf(at), skipNodeUpdate: true, services, checks: rows },
    ]);
    for (const check of gone) this.checks.stop({ ...at, id: check.CheckID });
    for (const { ID } of services) this.#options.log.log('debug', 'Synced service', { service: ID });
    for (const service of services) if (isServed(service)) this.#options.sidecars?.host({ ...at, id: service.ID });
    await Promise.all(rows.map((row) => this.checks.start(at.dc, row)));
  }

  /** Nothing here is of the agent's files. */
  isWithoutFiles(at: AgentAt): boolean {
    return ![...this.services(at), ...this.checksOf(at)].some(({ FromFile }) => FromFile);
  }

  /** Throws what `load` would, and does nothing: what is refused must not have changed anything. */
  requireLoadable(at: AgentAt, services: readonly ServiceBody[], checks: readonly CheckDefinitionBody[]): void {
    for (const body of services) for (const check of this.#prepare(at, body).checks) this.#requireAllowed(check, FILES);
    const named = new Map(services.map(({ ID, Name }) => [ID || Name, Name]));
    for (const body of checks) {
      const service = body.ServiceID === '' ? undefined : this.service(at, body.ServiceID);
      const kept = service && !(service.FromFile && service.Origin === 'agent') ? service.Service : undefined;
      this.#requireAllowed(this.#checkRow(at, body, named.get(body.ServiceID) ?? kept), FILES);
    }
  }

  /** What the agent's own files define: in place of what they defined before. */
  async load(at: AgentAt, services: readonly ServiceBody[], checks: readonly CheckDefinitionBody[]): Promise<void> {
    this.requireLoadable(at, services, checks);
    const caller = FILES;
    const ids = new Set(services.map(({ ID, Name }) => ID || Name));
    const checkIds = new Set(checks.map(({ ID, Name }) => ID || Name));
    for (const { FromFile, Origin, ID } of this.services(at))
      if (FromFile && Origin === 'agent' && !ids.has(ID)) await this.#remove(at, ID);
    for (const { FromFile, CheckID } of this.checksOf(at))
      if (FromFile && !checkIds.has(CheckID)) await this.deregisterCheck(at, CheckID, caller);
    for (const service of services) await this.register(at, service, caller, { replaceChecks: true, fromFile: true });
    for (const check of checks) await this.registerCheck(at, check, caller, { fromFile: true });
  }

  async deregister(at: AgentAt, id: string, { acl }: Caller): Promise<void> {
    const service = this.service(at, id);
    if (!service && this.#options.compat === '1.8') {
      if (id === '') throw new RegistrationRefused('failed', 'ServiceID missing');
      return;
    }
    if (!service) throw unknownService(id);
    acl.require('service', 'write', service.Service);
    await this.#remove(at, id);
  }

  async registerCheck(at: AgentAt, body: CheckDefinitionBody, caller: Caller, { fromFile = false } = {}): Promise<void> {
    const service = body.ServiceID === '' ? undefined : this.service(at, body.ServiceID);
    const row = this.#checkRow(at, body, service?.Service);
    this.#requireCheck(at, row, caller.acl);
    this.#requireAllowed(row, caller);
    const kept = this.#asBefore(at, fromFile ? { ...row, FromFile: true } : row);
    await this.#put(at, kept);
    await this.checks.start(at.dc, kept);
  }

  /** `serviceName`: of the service that it names; undefined when that is nowhere. */
  #checkRow(at: AgentAt, body: CheckDefinitionBody, serviceName: string | undefined): Unindexed<Check> {
    const { compat } = this.#options;
    if (body.Name === '') throw new RegistrationRefused('invalid', 'Missing check name');
    if (body.Status !== '' && !isCheckStatus(body.Status)) throw new RegistrationRefused('invalid', 'Bad check status');
    const run = checkRunOf(body);
    const problem = checkProblem(run, compat);
    if (problem !== undefined) throw new RegistrationRefused('invalid', `Invalid check: ${problem}`);
    if (body.ServiceID !== '' && serviceName === undefined)
      throw new RegistrationRefused('failed', `ServiceID ${JSON.stringify(body.ServiceID)} does not exist`);
    const owner = { node: at.node, serviceId: body.ServiceID, serviceName: serviceName ?? '' };
    const named = { id: body.ID || body.Name, name: body.Name, status: body.Status, notes: body.Notes };
    return checkRow(run, named, owner);
  }

  async deregisterCheck(at: AgentAt, id: string, { acl }: Caller): Promise<void> {
    const check = this.#check(at, id);
    if (!check && this.#options.compat === '1.8') {
      if (id === '') throw new RegistrationRefused('failed', 'CheckID missing');
      return;
    }
    if (!check) throw unknownCheck(id);
    this.#requireCheck(at, check, acl);
    this.checks.stop({ ...at, id });
    await this.#commit([{ type: 'deregister', ...at, checkId: check.CheckID }]);
  }

  /** Of a check that lives by reports (ttl). */
  async report(at: AgentAt, id: string, status: CheckStatus, output: string, { acl }: Caller): Promise<void> {
    const check = this.#check(at, id);
    if (!check && this.#options.compat !== '1.8') throw unknownCheck(id);
    if (check) this.#requireCheck(at, check, acl);
    // Whoever asks next finds sidecars as healthy as their services.
    if (await this.checks.report({ ...at, id }, status, output)) return this.checks.followed();
    throw new RegistrationRefused('failed', `CheckID ${JSON.stringify(id)} does not have associated TTL`);
  }

  /** Without a service: of the whole node. */
  async setMaintenance(at: AgentAt, serviceId: string | undefined, on: boolean, reason: string, { acl }: Caller): Promise<void> {
    const service = serviceId === undefined ? undefined : this.service(at, serviceId);
    if (serviceId !== undefined && !service) {
      if (this.#options.compat !== '1.8') throw unknownService(serviceId);
      throw new RegistrationRefused('unknown', `No service registered with ID ${JSON.stringify(serviceId)}`);
    }
    if (service) acl.require('service', 'write', service.Service);
    else acl.require('node', 'write', at.node);
    const id = maintenanceId(service?.ID);
    if (!on) await this.#commit([{ type: 'deregister', ...at, checkId: id }]);
    else if (!this.#check(at, id)) await this.#put(at, maintenanceCheck(at.node, service, reason));
    await this.checks.followed();
  }

  get scripts(): ScriptPolicy {
    return this.#options.scripts;
  }

  #prepare(at: AgentAt, body: ServiceBody): Prepared {
    const { compat } = this.#options;
    return prepareService(this.#snapshot, at, body, { compat, sidecarPorts: this.#tuning.value.sidecarPorts });
  }

  get #snapshot(): Snapshot {
    return this.#options.snapshot.value;
  }

  #check({ dc, node }: AgentAt, id: string): Check | undefined {
    return id === '' ? undefined : queries.check(this.#snapshot, dc, node, id);
  }

  #put(at: AgentAt, check: Unindexed<Check>): Promise<void> {
    return this.#commit([{ type: 'register', dc: at.dc, node: this.#nodeOf(at), skipNodeUpdate: true, checks: [check] }]);
  }

  async #commit(ops: readonly Op[]): Promise<void> {
    const { applied, outcomes } = await this.#options.commit(ops);
    if (!applied) throw new RegistrationRefused('failed', String(outcomes.at(-1)));
  }

  /** The service, with the sidecar that it brought along. */
  async #remove(at: AgentAt, id: string): Promise<void> {
    const sidecar = this.service(at, sidecarIdOf(id));
    const ids = [...(sidecar?.Origin === 'sidecar' ? [sidecar.ID] : []), id];
    for (const check of queries.nodeChecks(this.#snapshot, at.dc, at.node).value)
      if (ids.includes(check.ServiceID)) this.checks.stop({ ...at, id: check.CheckID });
    await this.#commit(ids.map((serviceId) => ({ type: 'deregister', ...at, serviceId }) as const));
    for (const one of ids) this.#options.sidecars?.unhost({ ...at, id: one });
  }

  /** Those of these services that are no longer named. */
  #obsolete({ dc, node }: AgentAt, services: readonly Unindexed<Service>[], named: readonly Unindexed<Check>[]): Check[] {
    const ids = new Set(services.map((service) => service.ID));
    const kept = new Set(named.map((check) => check.CheckID));
    const present = queries.nodeChecks(this.#snapshot, dc, node).value;
    return present.filter((check) => ids.has(check.ServiceID) && !kept.has(check.CheckID) && !isMaintenance(check));
  }

  /** A check that is registered again keeps its state: nothing is known that would be newer. */
  #asBefore({ dc, node }: AgentAt, row: Unindexed<Check>): Unindexed<Check> {
    const present = queries.check(this.#snapshot, dc, node, row.CheckID);
    return present?.Run && present.ServiceID === row.ServiceID ? { ...row, Status: present.Status, Output: present.Output } : row;
  }

  #nodeOf({ dc, node }: AgentAt): Extract<Op, { type: 'register' }>['node'] {
    const known = queries.node(this.#snapshot, dc, node);
    return known ?? { Node: node, ID: '', Address: '127.0.0.1', Datacenter: dc, TaggedAddresses: {}, Meta: {} };
  }

  #requireService(at: AgentAt, service: Unindexed<Service>, acl: Authorizer): void {
    acl.require('service', 'write', service.Service);
    const present = this.service(at, service.ID);
    if (present && present.Service !== service.Service) acl.require('service', 'write', present.Service);
  }

  #requireCheck(at: AgentAt, check: Unindexed<Check>, acl: Authorizer): void {
    if (check.ServiceID === '') acl.require('node', 'write', at.node);
    else acl.require('service', 'write', check.ServiceName);
  }

  #requireAllowed({ Run: run = {} }: Unindexed<Check>, { source }: Caller): void {
    const { scripts } = this.#options;
    if (!isScript(run) || scripts === 'all' || (scripts === 'local' && source === 'local')) return;
    if (source === 'local')
      throw new RegistrationRefused(
        'failed',
        "Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or 'enable_local_script_checks' to true",
      );
    throw new RegistrationRefused(
      'failed',
      "Scripts are disabled on this agent from remote calls; to enable, configure 'enable_script_checks' to true",
    );
  }
}

/** Sidecars that were asked for, and gateways: for both Consul leaves it to somebody to start an Envoy. */
const isServed = ({ Origin, Kind }: Unindexed<Service>): boolean => Origin === 'sidecar' || (Origin === 'agent' && isGateway({ Kind }));

const unknownService = (id: string): RegistrationRefused =>
  new RegistrationRefused(
    'unknown',
    `Unknown service ID ${JSON.stringify(id)}. Ensure that the service ID is passed, not the service name.`,
  );

const unknownCheck = (id: string): RegistrationRefused =>
  new RegistrationRefused('unknown', `Unknown check ID ${JSON.stringify(id)}. Ensure that the check ID is passed, not the check name.`);
