import { MeshError } from '../../base/errors.ts';
import { ofGeneration } from '../../base/generation.ts';
import { PLAIN } from '../../blueprints/exec/command.ts';
import { beside } from '../../blueprints/exec/target.ts';
import { recordOf } from '../../blueprints/state.ts';
import type { ExecPlan } from '../../drivers/driver.ts';
import type { Params } from '../rpc/protocol.ts';
import type { Services } from './handlers.ts';

/** How a command runs beside a workload. The containers of Consul servers have no process, but all the rest. */
export function execPlan(
  { id, generation, command }: Params<'exec'>,
  { workloads, datacenters, engine, driver }: Pick<Services, 'workloads' | 'datacenters' | 'engine' | 'driver'>,
): Promise<ExecPlan> {
  const real = ofGeneration(id, generation);
  const hosted = workloads.get(real);
  if (hosted) return driver.exec(hosted.workload, command);
  const record = recordOf(engine.journal.state, id, generation);
  if (!record || !datacenters.specs.has(real)) throw new MeshError('failed', `${id} does not run any more`, { hint: 'mesh status' });
  const { resource, reservation } = record;
  const own = { ...PLAIN, id: real, name: resource.name, image: '', env: {}, ...(generation === undefined ? {} : { generation }) };
  return driver.exec(beside({ spec: resource.spec, reservation }, own), command);
}
