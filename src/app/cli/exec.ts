import { MeshError, systemCode } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Input } from '../../commands/command.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import type { WorkloadReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';
import { distinct, findWorkloads, nothingCalled } from './find-workloads.ts';
import { runningStatus } from './output.ts';

/** What a program needs to know of the terminal that it is lent. */
const OF_THE_TERMINAL = ['TERM', 'COLORTERM', 'NO_COLOR'];

/** `mesh exec`: the agent says how, the program runs here, in place of this command. */
export async function exec(input: Input, io: Io): Promise<number> {
  const [name = '', ...command] = input.args;
  const { agentSocket } = homeOf(io.env, io.cwd);
  const options = { version: VERSION, detach: io.signal };
  const report = await runningStatus(io);
  const found = findWorkloads(name, report);
  if (found.length === 0) throw nothingCalled(name, report);
  const { id, generation } = choose(found, { name, container: input.options['container'] as string | undefined }, io);
  const plan = await call(
    agentSocket,
    'exec',
    { id, ...(generation === undefined ? {} : { generation }), command: command.length === 0 ? ['sh'] : command },
    options,
  );
  const terminal = OF_THE_TERMINAL.flatMap((variable) => (io.env[variable] === undefined ? [] : [[variable, io.env[variable]]]));
  try {
    return await io.lend(plan.command, {
      cwd: plan.cwd,
      env: { ...plan.env, ...(Object.fromEntries(terminal) as Record<string, string>) },
    });
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
    // What a shell would say and return.
    const missing = code === 'ENOENT';
    io.err(`${plan.command[0]}: ${missing ? 'not found; programs are those of this machine' : 'permission denied'}\n`);
    return missing ? 127 : 126;
  }
}

/** One of them; with a word about the others, as kubectl does. */
function choose(
  found: readonly WorkloadReport[],
  { name, container }: { name: string; container: string | undefined },
  io: Io,
): WorkloadReport {
  const matching = container === undefined ? found : found.filter((workload) => containerOf(workload) === container);
  const [first] = matching;
  if (!first) {
    const known = [...new Set(found.map(containerOf))];
    throw new MeshError('failed', `${name} has no container ${JSON.stringify(container)}`, {
      hint: `its containers: ${known.join(', ')}`,
      ...didYouMean(container ?? '', known),
    });
  }
  if (matching.length > 1) {
    const [shown, ...others] = matching.map((workload) => distinct(workload, ({ id }) => id, matching));
    io.err(`beside ${shown}; others: ${others.join(', ')}\n`);
  }
  return first;
}

/** `k8s_config.web/web-0/app` -> `app`; a container is called as its resource. */
const containerOf = ({ id, name }: WorkloadReport): string => (id.includes('/') ? id.slice(id.lastIndexOf('/') + 1) : name);
