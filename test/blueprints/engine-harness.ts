import { silentLog } from '../../src/base/ports.ts';
import { type ApplyEvent, Engine, type RunOptions } from '../../src/blueprints/engine.ts';
import type { DesiredGraph, DesiredResource } from '../../src/blueprints/graph.ts';
import { Journal, type JournalLog } from '../../src/blueprints/journal.ts';
import type { ContainerSpec } from '../../src/blueprints/resources/container.ts';
import type { JournalRecord } from '../../src/blueprints/state.ts';
import { ManualClock } from '../drivers/supervise/manual-clock.ts';
import { RecordingContext } from './recording-context.ts';

export class MemoryLog implements JournalLog {
  records: JournalRecord[];
  /** The process is killed instead of writing this record: nothing comes back. */
  killedAt = Number.POSITIVE_INFINITY;
  #killed: () => void = () => undefined;
  readonly killed = new Promise<void>((resolve) => {
    this.#killed = resolve;
  });

  constructor(records: readonly JournalRecord[] = []) {
    this.records = [...records];
  }

  append(record: JournalRecord): Promise<void> {
    if (this.records.length >= this.killedAt) {
      this.#killed();
      return new Promise(() => undefined);
    }
    // Through JSON, as from a disk.
    this.records.push(JSON.parse(JSON.stringify(record)) as JournalRecord);
    return Promise.resolve();
  }

  rewrite(records: readonly JournalRecord[]): Promise<void> {
    this.records = [...records];
    return Promise.resolve();
  }
}

export interface Bench {
  readonly engine: Engine;
  readonly context: RecordingContext;
  readonly log: MemoryLog;
  readonly clock: ManualClock;
  readonly events: string[];
  readonly run: (graph: DesiredGraph, options?: Partial<RunOptions>) => Promise<void>;
  readonly destroy: (ids?: readonly string[] | 'all', signal?: AbortSignal) => Promise<string[]>;
  /** Status of every resource in the journal: `container.web: created`. */
  readonly state: () => string[];
}

/** An engine on a world in memory, whose journal begins with `records`. */
export function bench(records: readonly JournalRecord[] = [], options: { world?: RecordingContext } = {}): Bench {
  const log = new MemoryLog(records);
  const journal = new Journal(log);
  const context = options.world ?? new RecordingContext();
  context.journal = journal;
  const clock = new ManualClock();
  const engine = new Engine({ journal, context, clock, log: silentLog });
  const events: string[] = [];
  const emit = (event: ApplyEvent): void => void events.push('key' in event ? `${event.type} ${event.key}` : event.type);
  const signal = new AbortController().signal;
  return {
    engine,
    context,
    log,
    clock,
    events,
    run: (graph, more) => engine.run(graph, { timeoutMs: 60_000, ports: 'fixed', signal, emit, ...more }),
    destroy: async (ids = 'all', until = signal) => (await engine.destroy(ids, { emit, signal: until })).map(({ name }) => name),
    state: () => [...journal.state.resources.values()].map(({ resource, status }) => `${resource.key}: ${status}`).toSorted(),
  };
}

export function graphOf(name: string, ...resources: readonly DesiredResource[]): DesiredGraph {
  return { blueprint: { id: `/${name}`, name }, resources };
}

const resource = (type: string, name: string, spec: unknown, dependsOn: readonly string[]): DesiredResource => ({
  key: `${type}.${name}`,
  type,
  name,
  dependsOn,
  spec,
  definedAt: `main.hcl:${name}`,
});

export const network = (name = 'local', subnet = '10.5.0.0/16'): DesiredResource => resource('network', name, { subnet }, []);

export const output = (name: string, ...dependsOn: string[]): DesiredResource => resource('output', name, { value: name }, dependsOn);

export function container(name: string, more: { message?: string; host?: number; dependsOn?: readonly string[] } = {}): DesiredResource {
  const spec: ContainerSpec = {
    workload: {
      id: `container.${name}`,
      name,
      image: 'nicholasjackson/fake-service:v0.24.2',
      env: { MESSAGE: more.message ?? 'hello' },
      ports: [{ port: 9090 }],
      upstreamPorts: [],
      names: [],
      mounts: [],
      readiness: [],
      liveness: [],
      stopDeadlineMs: 1000,
    },
    network: { key: 'network.local' },
    services: [],
    hostPorts: more.host === undefined ? [] : [{ host: more.host, target: 9090 }],
  };
  return resource('container', name, JSON.parse(JSON.stringify(spec)), ['network.local', ...(more.dependsOn ?? [])]);
}
