import { MeshError, messageOf } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import type { ApplyEvent, Engine } from '../../blueprints/engine.ts';
import type { BlueprintRef } from '../../blueprints/graph.ts';
import { scaled } from '../../blueprints/scale.ts';
import type { ControlPlane } from '../../control/plane.ts';
import type { ProcessDriver } from '../../drivers/process/driver.ts';
import { appliedIn } from '../applied.ts';
import type { AgentRecord, Home } from '../home.ts';
import { AGENT_ENDING } from '../rpc/protocol.ts';
import type { Handlers } from '../rpc/server.ts';
import { BlueprintEvents } from './blueprint-events.ts';
import type { Datacenters } from './datacenters.ts';
import type { DataplaneHost } from './dataplane-process.ts';
import { execPlan } from './exec.ts';
import type { Forwards } from './forwards.ts';
import { select, selectApplied } from './selection.ts';
import { outputsOf, pagesOf, statusReport } from './status.ts';
import type { Workloads } from './workloads.ts';

/** What an agent consists of. */
export interface Services {
  readonly engine: Engine;
  readonly control: ControlPlane;
  readonly driver: ProcessDriver;
  readonly workloads: Workloads;
  readonly forwards: Forwards;
  readonly datacenters: Datacenters;
  readonly dataplane: DataplaneHost;
  /** Where DNS is answered; undefined while it isn't. */
  readonly dns: Watch<string | undefined>;
}

export interface AgentParts extends Services {
  readonly record: AgentRecord;
  readonly home: Home;
  readonly clock: Clock;
  readonly startedAt: number;
  readonly close: () => Promise<void>;
  /** Removes the datacenter, the data plane and everything in the home but the agent's own socket. */
  readonly dismantle: () => Promise<void>;
  /** Ends the agent. */
  readonly finish: () => void;
}

/** A sidecar that has not answered by then has not proved its upstreams. */
const PROBE_MS = 10_000;

/** The calls of the private protocol. */
export function handlersOf(parts: AgentParts): Handlers {
  const { engine, control } = parts;
  let retiring = false;
  /** Runs under way or waiting. */
  let runs = 0;
  /** With the last blueprint the agent goes, unless the user started it. */
  const retireIfIdle = async (afterReply: (work: () => unknown) => void): Promise<boolean> => {
    if (engine.journal.state.blueprints.size > 0 || parts.record.permanent || retiring) return false;
    retiring = true;
    await parts.dismantle();
    afterReply(parts.finish);
    return true;
  };
  return {
    async run({ params, signal, emit, afterReply }) {
      if (retiring) throw new MeshError('unreachable', AGENT_ENDING);
      runs++;
      try {
        const { graph, timeoutMs, ports, replacing = [] } = params;
        const made = new Set<string>();
        const told = new BlueprintEvents(control.tell);
        const note = (event: ApplyEvent): void => {
          if (event.type === 'created') made.add(event.key);
          told.take(event);
          emit(event);
        };
        const { name } = graph.blueprint;
        const running = engine.run(graph, { timeoutMs, ports, replacing, signal, emit: note });
        await running.then(
          () => told.applied(name),
          (error: unknown) => {
            told.failed(name, messageOf(error));
            throw error;
          },
        );
        await served(parts, timeoutMs, signal);
        return { outputs: outputsOf(parts), browse: pagesOf(parts, graph.blueprint, made), status: await statusReport(parts) };
      } catch (error) {
        // A first run that was refused leaves nothing behind, not even an agent.
        if (runs === 1) await retireIfIdle(afterReply);
        throw error;
      } finally {
        runs--;
      }
    },

    plan: ({ params: { graph, ...options }, signal, emit }) => engine.plan(graph, { ...options, signal, emit }),

    async destroy({ params, signal, emit, afterReply }) {
      const ids = params === 'all' ? 'all' : select(params, engine.journal.state);
      const destroyed = await engine.destroy(ids, { signal, emit });
      new BlueprintEvents(control.tell).destroyed(namesOf(destroyed));
      const remaining = [...engine.journal.state.blueprints.values()].map((blueprint) => blueprint.name);
      // A run that waits for this destroy to end needs the agent.
      const agentStopping = runs === 0 && (await retireIfIdle(afterReply));
      const absent = params === 'all' || destroyed.length > 0 ? [] : params.names;
      return { destroyed: destroyed.map((blueprint) => blueprint.name), absent, remaining, agentStopping };
    },

    async pause({ params, signal, emit }) {
      const chosen = selectApplied(params, engine.journal.state);
      const paused = await engine.pause(idsOf(chosen), { signal, emit });
      return { paused: namesOf(paused), already: namesOf(chosen.filter(({ id }) => !idsOf(paused).includes(id))) };
    },

    async resume({ params: { selection, timeoutMs }, signal, emit }) {
      const chosen = selectApplied(selection, engine.journal.state);
      const resumed = await engine.resume(idsOf(chosen), { timeoutMs, ports: 'fixed', signal, emit });
      await served(parts, timeoutMs, signal);
      return { resumed: namesOf(resumed), already: namesOf(chosen.filter(({ id }) => !idsOf(resumed).includes(id))) };
    },

    async scale({ params: { counts, timeoutMs, ports }, signal, emit }) {
      if (retiring) throw new MeshError('unreachable', AGENT_ENDING);
      runs++;
      try {
        const { graphs, scalings } = scaled(engine.journal.state, counts);
        for (const { blueprint } of graphs) {
          const graph = () => scaled(engine.journal.state, counts).graphs.find((other) => other.blueprint.id === blueprint.id)!;
          await engine.run(graph, { timeoutMs, ports, signal, emit });
        }
        await served(parts, timeoutMs, signal);
        return { blueprints: graphs.map(({ blueprint }) => blueprint.name), scaled: scalings, status: await statusReport(parts) };
      } finally {
        runs--;
      }
    },

    status: () => statusReport(parts),

    async taint({ params }) {
      await engine.taint(params.key);
      return { known: [...engine.journal.state.resources.keys()] };
    },

    exec: ({ params }) => execPlan(params, parts),

    applied: () => Promise.resolve(appliedIn(engine.journal.state, parts.driver.claimed)),

    async sync({ params }) {
      await control.synced(AbortSignal.timeout(params.timeoutMs)).catch(() => undefined);
      const { proxies } = control.dataplane.value;
      const index = control.snapshot.value.index;
      const states = Object.values(proxies);
      return {
        total: states.length,
        serving: states.filter((state) => state.error === undefined && state.ackedIndex >= state.configIndex).length,
        index,
      };
    },

    probe: ({ params }) => control.probe(params.proxy, AbortSignal.timeout(PROBE_MS)),

    metrics: async ({ params: { format, proxy } }) => ({ text: await control.metrics(format, proxy, AbortSignal.timeout(PROBE_MS)) }),

    async shutdown({ params, afterReply }) {
      if (params.dismantle && !retiring) {
        retiring = true;
        await parts.dismantle();
        afterReply(parts.finish);
      } else afterReply(() => void parts.close());
      return {};
    },
  };
}

const idsOf = (blueprints: readonly BlueprintRef[]): string[] => blueprints.map(({ id }) => id);
const namesOf = (blueprints: readonly BlueprintRef[]): string[] => blueprints.map(({ name }) => name);

/** Even with nothing to do: a data plane that was without an agent for a while must have found this one. */
async function served({ control }: AgentParts, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    await control.synced(AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (!deadline.aborted) throw error;
    throw new MeshError('incomplete', `not ready after ${timeoutMs / 1000} s, still waiting for: the data plane`, {
      hint: 'mesh logs dataplane',
    });
  }
}
