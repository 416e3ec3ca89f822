import { isAbsolute, join } from 'node:path';
import { errorAt, warningAt } from '../../base/diagnostic.ts';
import type { Workload } from '../../base/workload.ts';
import { bool, type Decoded, duration, object, optional, string, withDefault } from '../../schema/schema.ts';
import { environmentOf } from '../environment.ts';
import { checkProgram, commandFields, dependOnFiles, PLAIN } from '../exec/command.ts';
import { isHealthy } from '../instance.ts';
import { nearestPath } from '../nearest-path.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const schema = object({
  ...commandFields,
  working_directory: optional(
    string(),
    'Where it runs, relative to the folder in which `mesh run` was typed, as all its paths are: typed elsewhere, it is run again.',
  ),
  daemon: withDefault(bool(), false, 'It goes on in the background: kept running, and stopped with the resource.'),
  timeout: withDefault(duration(), 30e9, 'When it is ended and counts as failed. A daemon has no limit.'),
});

export interface ExecLocalSpec {
  readonly workload: Workload;
  readonly daemon: boolean;
  readonly timeoutMs: number;
}

export const execLocal = resourceType<Decoded<typeof schema>, ExecLocalSpec, undefined>({
  type: 'exec_local',
  schema,
  doc: 'A command of this machine, run once, after what it depends on is ready. `consul`, `shipyard`, `jumppad` and `mesh` on its PATH are this mesh. Unlike in Shipyard its exit code counts: anything but 0 fails the resource and shows what it printed; `mesh run` tries again. `mesh logs NAME` shows its output.',
  afterReady: true,

  async lower(config, context) {
    checkProgram(config.cmd, context);
    const cwd = at(context.cwd, config.working_directory ?? '.');
    await checkFolder(cwd, config.working_directory, context);
    const args = config.args ?? [];
    await dependOnFiles([config.cmd, ...args], cwd, context);
    return {
      workload: {
        ...PLAIN,
        id: `exec_local.${context.name}`,
        name: context.name,
        image: '',
        command: [config.cmd, ...args],
        cwd,
        env: environmentOf(config),
        address: '',
      },
      daemon: config.daemon,
      timeoutMs: config.timeout / 1e6,
    };
  },

  async create(_key, { workload, daemon, timeoutMs }, _reserved, { workloads }, { adopt, signal }) {
    if (daemon) await workloads.start(workload, { adopt });
    else if (!adopt) await workloads.runOnce(workload, { timeoutMs, signal });
  },

  guards: (_key, { workload, daemon }, _reserved, { workloads }) =>
    daemon ? [{ name: `${workload.name}: started`, wait: (signal) => workloads.get(workload.id)?.ready(signal) ?? Promise.resolve() }] : [],

  destroy: (_key, { workload }, _reserved, { workloads }) => workloads.stop(workload.id),

  healthy: ({ workload, daemon }, _reserved, context) => !daemon || isHealthy([workload], context),
});

/** What it comes after may still make the folder, by a command; nothing else does. */
async function checkFolder(cwd: string, written: string | undefined, context: LowerContext): Promise<void> {
  if (await context.list(cwd)) return;
  const place = context.at('working_directory');
  if (await context.exists(cwd)) return context.report(errorAt(place, `${JSON.stringify(written)} is no folder`));
  const summary = `folder ${JSON.stringify(written)} does not exist`;
  const maker = context.after().find((key) => /^(exec_|container\.)/.test(key));
  if (maker !== undefined)
    return context.report(warningAt(place, summary, { detail: `unless ${maker} makes it, the command can not start` }));
  const detail = 'it is relative to the folder in which the command was typed';
  const hint = await nearestPath(cwd, context.cwd, (folder) => context.list(folder));
  context.report(errorAt(place, summary, { detail, ...hint }));
}

const at = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));
