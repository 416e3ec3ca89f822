import { errorAt } from '../../base/diagnostic.ts';
import { parseDuration } from '../../base/duration.ts';
import type { SiteScript, SiteTask } from '../../docs/tasks.ts';
import { any, type Decoded, list, map, object, optional, reference, required, string } from '../../schema/schema.ts';
import { scriptCommand, scriptText } from '../exec/script.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

/** Where a script runs. A block `config` of a condition or a script is stronger than that of the task. */
const place = {
  target: optional(reference('container'), 'The container beside which it runs; without one it runs on this machine.'),
  working_directory: optional(string(), 'Where it runs.'),
  timeout: optional(any(), 'When it is ended and counts as failed: seconds, or a duration such as "60s". By default 30 s.'),
  user: optional(string(), 'Accepted; local processes have the rights of the user.'),
  group: optional(string(), 'As `user`.'),
};
const config = optional(
  object({
    ...place,
    environment: optional(any(), 'Accepted.'),
    success_exit_codes: optional(any(), 'Accepted; 0 is success.'),
    failure_exit_codes: optional(any(), 'Accepted.'),
    parallel_exec: optional(any(), 'Accepted; scripts run one after the other.'),
  }),
  'Where scripts run.',
);

const script = (doc: string) =>
  optional(
    list(
      object({
        script: required(
          string(),
          'Lines for `sh`, or for what the first line asks for; or the path of a file, relative to the blueprint.',
        ),
        failure_message: optional(string(), 'What is shown if it fails. By default what it printed.'),
        success_message: optional(string(), 'What is shown if it succeeds.'),
        ...place,
        config,
      }),
    ),
    doc,
  );

const schema = object({
  description: optional(string(), 'What is to be done.'),
  success_message: optional(string(), 'What is shown when everything is done.'),
  prerequisites: optional(list(reference('task')), 'Tasks that have to be done before.'),
  config,
  condition: optional(
    list(
      map(
        object({
          description: required(string(), 'What the reader has to bring about.'),
          config,
          check: script('Succeeds when that is so.'),
          solve: script('Brings it about, for readers who ask for it.'),
          setup: script('Runs once, before the first check.'),
          cleanup: script('Runs once the whole task has passed.'),
        }),
      ),
    ),
    'Conditions, each with a name of its own: `condition "file_exists" { … }`.',
  ),
});

type Config = Decoded<typeof schema>;
type Place = Pick<NonNullable<Config['config']>, 'target' | 'working_directory' | 'timeout'>;
type Script = NonNullable<NonNullable<Config['condition']>[number][string]['check']>[number];

/** Something for the readers of a book to do. */
export const task = resourceType<Config, SiteTask, undefined>({
  type: 'task',
  schema,
  doc: 'Something that readers of a site are asked to do, as a list of conditions with a button that checks them. A chapter names it, and a page shows it: `<Task id="…"></Task>`. Only pages opened at localhost can run its scripts.',
  async lower(given, context) {
    const conditions: SiteTask['conditions'][number][] = [];
    for (const [i, block] of (given.condition ?? []).entries()) {
      for (const [id, condition] of Object.entries(block)) {
        const at = `condition[${i}].${id}`;
        const all = (kind: 'check' | 'solve' | 'setup' | 'cleanup') =>
          scripts(condition[kind] ?? [], { ...given.config, ...condition.config }, `${at}.${kind}`, context);
        const [check, solve, setup, cleanup] = [await all('check'), await all('solve'), await all('setup'), await all('cleanup')];
        conditions.push({ id, description: condition.description, check, solve, setup, cleanup });
      }
    }
    return {
      title: given.description ?? '',
      prerequisites: given.prerequisites ?? [],
      conditions,
      ...(given.success_message === undefined ? {} : { successMessage: given.success_message }),
    };
  },
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
});

async function scripts(blocks: readonly Script[], around: Place, at: string, context: LowerContext): Promise<SiteScript[]> {
  const found: SiteScript[] = [];
  for (const [i, block] of blocks.entries()) {
    const { failure_message: failureMessage, success_message: successMessage } = block;
    const { target, working_directory: workingDirectory, timeout } = withoutUndefined({ ...around, ...block.config }, block);
    const path = `${at}[${i}]`;
    found.push({
      command: scriptCommand(scriptText(await textOf(block.script, `${path}.script`, context)), `${path}.script`, context),
      ...(target === undefined ? {} : { target }),
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      timeoutMs: timeoutOf(timeout, path, context),
      ...(failureMessage === undefined ? {} : { failureMessage }),
      ...(successMessage === undefined ? {} : { successMessage }),
    });
  }
  return found;
}

function withoutUndefined(weak: Place, { target, working_directory, timeout }: Place): Place {
  const strong = Object.entries({ target, working_directory, timeout }).filter(([, value]) => value !== undefined);
  return { ...weak, ...(Object.fromEntries(strong) as Place) };
}

/** One word that is the path of a file stands for what is in it (Jumppad's newer tasks name files). */
async function textOf(written: string, at: string, context: LowerContext): Promise<string> {
  if (/[\s;|&$]/.test(written.trim()) || !written.includes('/')) return written;
  const path = context.resolvePath(written.trim());
  if (!(await context.exists(path)) && !/\.\w+$/.test(written)) return written;
  return (await context.read(path, context.at(at)))?.text ?? 'true';
}

function timeoutOf(written: unknown, at: string, context: LowerContext): number {
  if (written === undefined || written === null) return 30_000;
  if (typeof written === 'number' && written > 0) return written * 1000;
  const duration = typeof written === 'string' ? parseDuration(/^\d+$/.test(written) ? `${written}s` : written) : undefined;
  if (duration?.ok && duration.ns > 0) return duration.ns / 1e6;
  const hint = 'timeout = 60, or timeout = "60s"';
  context.report(errorAt(context.at(`${at}.timeout`), `"timeout" is no time: ${JSON.stringify(written)}`, { hint }));
  return 30_000;
}
