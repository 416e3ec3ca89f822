import { appliedName } from '../../blueprints/applied-name.ts';
import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { BlueprintRef } from '../../blueprints/graph.ts';
import type { Progress } from '../../ui/progress.ts';
import type { Style } from '../../ui/style.ts';
import type { RunResult } from '../rpc/protocol.ts';
import { bare } from './bare.ts';

/** Shows the events of a run or destroy to people: what is over as a line, what is under way for as long as it is. */
export function showEvents(progress: Progress, style: Style): (event: ApplyEvent) => void {
  const waiting = new Set<string>();
  return (event) => {
    const text = textOf(event, style);
    switch (event.type) {
      case 'creating':
      case 'updating':
        waiting.add(event.key);
        progress.doing(waiting.size === 1 ? text : waitingFor(waiting));
        break;
      case 'destroying':
        progress.doing(text);
        break;
      case 'created':
      case 'destroyed':
      case 'failed':
      case 'nothing-to-do':
      case 'queued':
      case 'replacing':
      case 'resumed':
      case 'shared':
      case 'skipped':
        progress.line(text);
        if ('key' in event && waiting.delete(event.key) && waiting.size > 0) progress.doing(waitingFor(waiting));
    }
  };
}

/** More of them don't fit on a line. */
const SHOWN = 3;

function waitingFor(keys: ReadonlySet<string>): string {
  const rest = keys.size > SHOWN ? ` and ${keys.size - SHOWN} more` : '';
  return `Waiting for ${[...keys].slice(0, SHOWN).join(', ')}${rest}`;
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
    case 'skipped':
      return `  ${style.warning('skipped')}  ${event.key}  ${style.dim(`since ${event.missing} is missing`)}`;
    case 'failed':
      return `  ${style.error('failed')}   ${event.key}`;
  }
}

/** What a user wants to know when `run` is done: where to look, and what to type next. */
export function runSummary(blueprint: Pick<BlueprintRef, 'id' | 'name'>, { status, outputs }: RunResult, ms: number, style: Style): string {
  const { name } = blueprint;
  const lines = [`${style.bold(name)} is ready, after ${(ms / 1000).toFixed(2)} s`];
  // What other blueprints opened is in `mesh status`.
  const own = new Set(status.resources.filter(({ owners }) => owners.includes(name)).map(({ key }) => key));
  const ingresses = status.ingresses.filter(({ id }) => own.has(id));
  const width = Math.max(12, ...ingresses.map(({ id }) => id.length), ...Object.keys(outputs).map((output) => output.length));
  for (const { id, url, movedFrom } of ingresses) {
    const moved = movedFrom === undefined ? '' : `  ${style.warning(`(port ${movedFrom} is taken)`)}`;
    lines.push(`  ${id.padEnd(width)}  ${url}${moved}`);
  }
  for (const [output, value] of Object.entries(outputs)) lines.push(`  ${output.padEnd(width)}  ${bare(value)}`);
  // A blueprint that builds on another is called where that one opened a port, and has it among its outputs.
  const url =
    ingresses[0]?.url ??
    Object.values(outputs)
      .map(bare)
      .find((value) => value.startsWith('http://'));
  const next = [
    ...(url === undefined ? [] : [`curl ${url.replace('http://', '')}`]),
    'mesh status',
    `mesh destroy ${appliedName(blueprint, status.blueprints)}`,
  ];
  lines.push(style.dim(`Next: ${next.join(' · ')}`));
  return `${lines.join('\n')}\n`;
}
