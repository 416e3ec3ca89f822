import { MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import { isRemote } from '../../blueprints/remote-address.ts';
import type { Input } from '../../commands/command.ts';
import { progressOf } from '../../ui/progress.ts';
import { styleOf } from '../../ui/style.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { locate } from './locate.ts';

/** `mesh get`: fetches a blueprint, so that it can be looked at, or run without a network. */
export async function get(input: Input, io: Io): Promise<number> {
  const [address = ''] = input.args;
  if (!isRemote(address)) {
    const hint = `an address names a git repository: github.com/org/repo//folder; what is on this machine is run as it is: mesh run ${shellWord(address)}`;
    throw new MeshError('usage', `${JSON.stringify(address)} is not an address`, { hint });
  }
  const progress = progressOf({ animate: io.terminal.animate, quiet: false, style: await styleOf(io.terminal.colour), err: io.err });
  try {
    const update = input.options['forceUpdate'] === true;
    const { path } = await locate(address, homeOf(io.env, io.cwd), io, { update, doing: (text) => progress.doing(text) });
    progress.stop();
    io.out(`${path}\n`);
    return 0;
  } finally {
    progress.stop();
  }
}
