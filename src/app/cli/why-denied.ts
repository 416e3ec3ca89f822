import type { Denial, Denials } from '../../api/denial.ts';
import { sameName } from '../../base/same-name.ts';
import type { Input } from '../../commands/command.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { openMeshApi } from '../mesh-api.ts';
import { durationOption } from './options.ts';
import { renderDenials } from './why-denied-view.ts';

/** `mesh why-denied`: the last refusals, which rule it was, and what would let exactly these calls pass. */
export async function whyDenied(input: Input, io: Io): Promise<number> {
  const { args, options } = input;
  const now = Date.now();
  const since = options['since'] === undefined ? undefined : now - durationOption(input, 'since');
  const api = await openMeshApi(io);
  const { denials } = await api.get<Denials>('/v1/mesh/denials', { fix: '' });
  const [one, other] = args;
  const found = denials.filter((denial) => isBetween(denial, one, other) && (since === undefined || denial.lastAt >= since));
  if (options['json'] === true) io.out(`${JSON.stringify({ denials: found } satisfies Denials, undefined, 2)}\n`);
  else if (found.length === 0) io.out(`Nothing was refused${described(input)}.\n`);
  else {
    const { stdoutIsTty, colour, columns } = io.terminal;
    const style = await styleOf(colour && stdoutIsTty);
    io.out(renderDenials(found, { now, style, width: stdoutIsTty ? columns : undefined, cwd: io.cwd, shipped: io.shippedBlueprints }));
  }
  return 0;
}

/** One name is either end, two are the caller and whom it called. */
function isBetween({ source, destination }: Denial, one: string | undefined, other: string | undefined): boolean {
  if (one === undefined) return true;
  if (other === undefined) return sameName(source, one) || sameName(destination, one);
  return sameName(source, one) && sameName(destination, other);
}

function described({ args: [one, other], options }: Input): string {
  const ends = one === undefined ? '' : other === undefined ? ` from or to ${one}` : ` from ${one} to ${other}`;
  const time = options['since'] === undefined ? ', as far as is remembered' : ` in the last ${String(options['since'])}`;
  return `${ends}${time}`;
}
