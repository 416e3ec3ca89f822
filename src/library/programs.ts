import { realClock } from '../app/real.ts';
import { call } from '../app/rpc/client.ts';
import type { StatusReport, WorkloadReport } from '../app/rpc/status.ts';
import { VERSION } from '../app/version.ts';
import { MeshError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { waitFor } from './wait-for.ts';

/** The programs of a blueprint, as the agent of its home runs them. */
export class BlueprintPrograms {
  readonly #socket: string;

  constructor(agentSocket: string) {
    this.#socket = agentSocket;
  }

  /** Ends them with SIGKILL: those of a service, or one by its name or id. Resolves when the agent has seen it; it starts them again. */
  async kill(target: string): Promise<void> {
    const meant = meantBy(target, await this.#status());
    for (const { pid } of meant) if (pid !== undefined) process.kill(pid, 'SIGKILL');
    const before = new Map(meant.map(({ id, restarts }) => [id, restarts]));
    await waitFor(
      async () => (await this.#status()).workloads.every(({ id, restarts, phase }) => restarts !== before.get(id) || phase !== 'running'),
      { what: `the agent to see that ${target} has ended` },
      realClock,
    );
  }

  #status(): Promise<StatusReport> {
    return call(this.#socket, 'status', {}, { version: VERSION });
  }
}

function meantBy(target: string, { workloads, services }: StatusReport): readonly WorkloadReport[] {
  const named = workloads.filter(({ name, id }) => name === target || id === target);
  const hosts = new Set(
    services.filter(({ name }) => name === target).flatMap(({ instances }) => instances.map(({ address }) => hostOf(address))),
  );
  const meant = named.length > 0 ? named : workloads.filter(({ reachable }) => hosts.has(hostOf(reachable)));
  if (meant.length > 0) return meant;
  const known = [...new Set(workloads.map(({ name }) => name))];
  throw new MeshError('usage', `no program of this mesh is called ${target}`, {
    hint: didYouMean(target, known).hint ?? `there are ${known.join(', ')}`,
  });
}

const hostOf = (address: string): string => address.replace(/:\d+$/, '');
