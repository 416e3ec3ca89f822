import { readFile } from 'node:fs/promises';
import type { DesiredGraph } from '../../blueprints/graph.ts';
import { type PlanOptions, planInOrder } from '../../blueprints/plan-in-order.ts';
import type { PlanReport } from '../../blueprints/plan-report.ts';
import { bindError } from '../../drivers/process/address-book.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import type { Home } from '../home.ts';
import { savedState } from './saved-state.ts';

/** Where the first agent of a home listens. */
const CONSUL_HTTP_PORT = 8500;

/** The plan against what an agent that is gone has left. What it says is running counts as well. */
export async function planOf(graph: DesiredGraph, options: PlanOptions, home: Home): Promise<PlanReport> {
  const state = await savedState(home);
  const lastPort = Number(await readFile(home.httpPortPath, 'utf8').catch(() => ''));
  const context = {
    apiPort: () => lastPort || CONSUL_HTTP_PORT,
    async portHolder(port: number) {
      if ((await bindError('127.0.0.1', port)) === undefined) return undefined;
      return describeOwner(await portOwner('127.0.0.1', port));
    },
  };
  return planInOrder(graph, options, { state, context, isHealthy: () => true });
}
