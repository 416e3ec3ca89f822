import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { Input } from '../../commands/command.ts';
import { progressOf } from '../../ui/progress.ts';
import { type Style, styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import type { CallOptions } from '../rpc/client.ts';
import type { Method } from '../rpc/protocol.ts';
import { VERSION } from '../version.ts';
import { showEvents } from './run-view.ts';

/**
 * Lets the agent change what is applied, with its progress on standard error; then prints the result: as JSON, in words, or
 * not at all (`--json`, `--quiet`). `words` may use colours.
 */
export async function change<R>(
  input: Input,
  io: Io,
  work: (options: CallOptions<Method> & { onEvent(event: ApplyEvent): void }) => Promise<R>,
  words: (result: R, ms: number, style: Style) => string,
): Promise<number> {
  const started = performance.now();
  const quiet = input.options['quiet'] === true;
  const json = input.options['json'] === true;
  const style = await styleOf(io.terminal.colour);
  const progress = progressOf({ animate: io.terminal.animate, quiet: quiet || json, style, err: io.err });
  const stopping = () => progress.line('Stopping at the next safe point; Ctrl-C again leaves at once');
  io.signal.addEventListener('abort', stopping, { once: true });
  try {
    const onEvent = showEvents(progress, style);
    const result = await work({ version: VERSION, cancel: io.signal, detach: io.detach, onEvent });
    progress.stop();
    if (json) io.out(`${JSON.stringify(result, undefined, 2)}\n`);
    else if (!quiet) io.out(words(result, performance.now() - started, io.terminal.stdoutIsTty ? style : await styleOf(false)));
    return 0;
  } finally {
    io.signal.removeEventListener('abort', stopping);
    progress.stop();
  }
}
