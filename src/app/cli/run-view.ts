import { shellWord } from '../../base/shell-word.ts';
import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { Progress } from '../../ui/progress.ts';
import type { Style } from '../../ui/style.ts';
import type { RunResult } from '../rpc/protocol.ts';

/** One event of a run or destroy, for people. */
export function describeEvent(event: ApplyEvent, progress: Progress, style: Style): void {
  const text = textOf(event, style);
  if (event.type === 'creating' || event.type === 'updating' || event.type === 'destroying') progress.doing(text);
  else progress.line(text);
}

function textOf(event: ApplyEvent, style: Style): string {
  switch (event.type) {
    case 'queued':
      return 'Waiting for another run or destroy to finish';
    case 'nothing-to-do':
      return 'Nothing to do: it runs already, as its files say';
    case 'resumed':
      return `Resuming ${event.blueprint}`;
    case 'updating':
      return `Changing ${event.key}`;
    case 'creating':
      return `Waiting for ${event.key}`;
    case 'destroying':
      return `Removing ${event.key}`;
    case 'destroyed':
      return `  ${style.dim('removed')}  ${event.key}`;
    case 'replacing':
      return `  ${style.warning('replace')}  ${event.key} (${event.reason})`;
    case 'created':
      return `  ${style.good('ready')}    ${event.key}  ${style.dim(`${(event.ms / 1000).toFixed(2)} s`)}`;
    case 'shared':
      return `  ${style.good('ready')}    ${event.key}  ${style.dim('runs already')}`;
    case 'failed':
      return `  ${style.error('failed')}   ${event.key}`;
  }
}

/** What a user wants to know when `run` is done: where to look, and what to type next. */
export function runSummary(name: string, { status, outputs }: RunResult, ms: number, style: Style): string {
  const lines = [`${style.bold(name)} is ready, after ${(ms / 1000).toFixed(2)} s`];
  // What other blueprints opened is in `mesh status`.
  const own = new Set(status.resources.filter(({ owners }) => owners.includes(name)).map(({ key }) => key));
  const ingresses = status.ingresses.filter(({ id }) => own.has(id));
  for (const { id, url, movedFrom } of ingresses) {
    const moved = movedFrom === undefined ? '' : `  ${style.warning(`(port ${movedFrom} is taken)`)}`;
    lines.push(`  ${id.padEnd(12)}  ${url}${moved}`);
  }
  for (const [output, value] of Object.entries(outputs))
    lines.push(`  ${output.padEnd(12)}  ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const first = ingresses[0];
  const next = [...(first ? [`curl ${first.url.replace('http://', '')}`] : []), 'mesh status', `mesh destroy ${shellWord(name)}`];
  lines.push(style.dim(`Next: ${next.join(' · ')}`));
  return `${lines.join('\n')}\n`;
}
