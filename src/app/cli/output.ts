import { MeshError } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Input } from '../../commands/command.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import type { StatusReport } from '../rpc/status.ts';
import { bare } from './bare.ts';
import { nothingRuns, statusOf } from './status.ts';

/** `mesh output`: all outputs as JSON, or the bare value of one, for scripts. */
export async function output(input: Input, io: Io): Promise<number> {
  const { outputs } = await runningStatus(io);
  const wanted = input.args[0];
  io.out(`${wanted === undefined ? JSON.stringify(outputs, undefined, 2) : bare(outputNamed(outputs, wanted))}\n`);
  return 0;
}

/** The status of what runs. Throws if nothing does. */
export async function runningStatus(io: Io): Promise<StatusReport> {
  const report = await statusOf(homeOf(io.env, io.cwd), io);
  if (report && report.blueprints.length > 0) return report;
  throw nothingRuns();
}

/** By its exact name, or else without regard to case, as Shipyard does. */
function outputNamed(outputs: Readonly<Record<string, unknown>>, wanted: string): unknown {
  const names = Object.keys(outputs);
  const name = names.find((one) => one === wanted) ?? names.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (name !== undefined) return outputs[name];
  const list = names.length === 0 ? 'what runs has no outputs' : `there are: ${names.join(', ')}`;
  throw new MeshError('failed', `there is no output ${JSON.stringify(wanted)}`, { hint: list, ...didYouMean(wanted, names) });
}
