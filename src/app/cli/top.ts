import { setTimeout as delay } from 'node:timers/promises';
import { countedBetween } from '../../api/rates.ts';
import type { Traffic } from '../../api/traffic.ts';
import { ERRORS, MeshError, messageOf } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import type { FullScreen } from '../../ui/full-screen.ts';
import { type Style, styleOf } from '../../ui/style.ts';
import { clockTime } from '../../ui/time.ts';
import type { Io } from '../io.ts';
import { openMeshApi } from '../mesh-api.ts';
import { type TopState, topFrame, topTable } from '../top/frame.ts';
import { topJson } from '../top/json.ts';
import { knownService } from '../top/known-service.ts';
import { rowsOf, SORTS, VIEWS } from '../top/rows.ts';
import { choiceOption, durationOption } from './options.ts';

/** `mesh top`: what is going on between sidecars, until it is ended; on a terminal as a screen, elsewhere table after table. */
export async function top(input: Input, io: Io): Promise<number> {
  const { options, args } = input;
  const [service] = args;
  const dc = options['dc'] === undefined ? undefined : String(options['dc']);
  const api = await openMeshApi(io);
  if (service !== undefined) knownService(await api.get('/v1/mesh/topology', { dc }), service);
  const sample = (): Promise<Traffic> => api.get('/v1/mesh/traffic', { dc });
  const first: Settings = {
    view: options['by'] === undefined ? (service === undefined ? 'service' : 'edge') : choiceOption(input, 'by', VIEWS),
    sort: choiceOption(input, 'sort', SORTS),
    intervalMs: durationOption(input, 'interval'),
    ...(service === undefined ? {} : { service }),
  };
  const style = await styleOf(io.terminal.colour && io.terminal.stdoutIsTty);
  const before = await sample();
  const once = options['once'] === true;
  const json = options['json'] === true;
  try {
    const screen = once || json ? undefined : await io.openFullScreen?.();
    if (screen) await live(screen, before, { sample, first, style, signal: io.signal });
    else await printed(before, { sample, first, style, once, json }, io);
    return 0;
  } catch (error) {
    if (io.signal.aborted && io.signal.reason instanceof MeshError) return ERRORS[io.signal.reason.code].exit;
    throw error;
  }
}

type Settings = Pick<TopState, 'view' | 'sort' | 'intervalMs' | 'service'>;

interface Watching {
  readonly sample: () => Promise<Traffic>;
  readonly first: Settings;
  readonly style: Style;
}

async function printed(
  from: Traffic,
  { sample, first, style, once, json }: Watching & { readonly once: boolean; readonly json: boolean },
  io: Io,
): Promise<void> {
  let before = from;
  const width = io.terminal.stdoutIsTty ? io.terminal.columns : undefined;
  for (let n = 0; ; n++) {
    await delay(first.intervalMs, undefined, { signal: io.signal });
    const after = await sample();
    const state = stateOf(before, after, first);
    before = after;
    if (json) io.out(`${JSON.stringify(topJson(state))}\n`);
    else io.out(`${n === 0 ? '' : '\n'}${once ? '' : `${style.dim(clockTime(after.at))}\n`}${tableOf(state, style, width)}\n`);
    if (once) return;
  }
}

function tableOf(state: TopState, style: Style, width: number | undefined): string {
  const { rows = [] } = state;
  return rows.length === 0 ? 'No sidecar has counted anything yet' : topTable(rows, state, style, width);
}

function stateOf(before: Traffic, after: Traffic, settings: Settings): TopState {
  const { boundsMs, at } = after;
  const rows = rowsOf(countedBetween(before, after), settings, boundsMs);
  return { ...settings, at, rows, boundsMs, paused: false };
}

/** Until `q`, or the signal. An agent that goes away for a while is waited for. */
async function live(
  screen: FullScreen,
  from: Traffic,
  { sample, first, style, signal }: Watching & { readonly signal: AbortSignal },
): Promise<void> {
  const quit = new AbortController();
  const either = AbortSignal.any([signal, quit.signal]);
  let settings = first;
  let samples: readonly [before: Traffic, after: Traffic] | undefined;
  let paused = false;
  let problem: string | undefined;
  const draw = (): void => {
    const seen = samples ? stateOf(...samples, settings) : { ...settings, at: from.at, rows: undefined, boundsMs: from.boundsMs, paused };
    screen.draw(topFrame({ ...seen, paused, ...(problem === undefined ? {} : { problem }) }, screen.size, style));
  };
  screen.onChange(draw);
  screen.onKey((key) => {
    if (key === 'q') quit.abort();
    else if (key === ' ') paused = !paused;
    else if (key === 'b') settings = { ...settings, view: after(VIEWS, settings.view) };
    else if (key === 's') settings = { ...settings, sort: after(SORTS, settings.sort) };
    else return;
    draw();
  });
  try {
    draw();
    for (;;) {
      await delay(first.intervalMs, undefined, { signal: either });
      if (paused) continue;
      try {
        const next = await sample();
        samples = [samples?.[1] ?? from, next];
        problem = undefined;
      } catch (error) {
        if (signal.aborted) throw error;
        problem = messageOf(error);
      }
      draw();
    }
  } catch (error) {
    if (!quit.signal.aborted) throw error;
  } finally {
    screen.close();
  }
}

const after = <const T>(all: readonly T[], one: T): T => all[(all.indexOf(one) + 1) % all.length]!;
