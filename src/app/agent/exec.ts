import { MeshError } from '../../base/errors.ts';
import { withoutGeneration } from '../../base/generation.ts';
import { PLAIN } from '../../blueprints/exec/command.ts';
import { beside } from '../../blueprints/exec/target.ts';
import type { ExecPlan } from '../../drivers/driver.ts';
import type { Services } from './handlers.ts';

/** How a command runs beside a workload. The containers of Consul servers have no process, but all the rest. */
export function execPlan(
  { id, command }: { readonly id: string; readonly command: readonly string[] },
  { workloads, datacenters, engine, driver }: Pick<Services, 'workloads' | 'datacenters' | 'engine' | 'driver'>,
): Promise<ExecPlan> {
  const hosted = workloads.get(id);
  if (hosted) return driver.exec(hosted.workload, command);
  const record = engine.journal.state.resources.get(id);
  if (!record || !datacenters.specs.has(id)) throw new MeshError('failed', `${id} does not run any more`, { hint: 'mesh status' });
  const { resource, reservation, generation } = record;
  const own = {
    ...PLAIN,
    id,
    name: withoutGeneration(resource.name),
    image: '',
    env: {},
    ...(generation === undefined ? {} : { generation }),
  };
  return driver.exec(beside({ spec: resource.spec, reservation }, own), command);
}
