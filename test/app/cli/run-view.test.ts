import { describe, expect, it } from 'vitest';
import { runSummary, showEvents } from '../../../src/app/cli/run-view.ts';
import type { ApplyEvent } from '../../../src/blueprints/engine.ts';
import { styleOf } from '../../../src/ui/style.ts';
import { healthy } from './report.ts';

const style = await styleOf(false);

/** What an event becomes: a line that stays, or what is being done now. */
function shown(...events: ApplyEvent[]): string[] {
  const said: string[] = [];
  const progress = {
    doing: (text: string) => said.push(`doing: ${text}`),
    line: (text: string) => said.push(`line: ${text}`),
    stop: () => undefined,
  };
  const show = showEvents(progress, style);
  for (const event of events) show(event);
  return said;
}

describe('an event of a run', () => {
  it.each<[ApplyEvent, string]>([
    [{ type: 'queued' }, 'line: Waiting for another run or destroy to finish'],
    [{ type: 'nothing-to-do' }, 'line: Nothing to do: it runs already, as its files say'],
    [{ type: 'creating', key: 'container.web' }, 'doing: Waiting for container.web'],
    [{ type: 'created', key: 'container.web', ms: 1234 }, 'line:   ready    container.web  1.23 s'],
    [
      { type: 'skipped', key: 'container.web', missing: 'exec_local.seed' },
      'line:   skipped  container.web  since exec_local.seed is missing',
    ],
    [{ type: 'shared', key: 'network.dc1', ms: 0 }, 'line:   ready    network.dc1  runs already'],
    [{ type: 'failed', key: 'container.web' } as ApplyEvent, 'line:   failed   container.web'],
    [{ type: 'replacing', key: 'container.web', reason: 'env' }, 'line:   replace  container.web (env)'],
    [{ type: 'destroying', key: 'container.web' }, 'doing: Removing container.web'],
    [{ type: 'destroyed', key: 'container.web' }, 'line:   removed  container.web'],
  ])('%j', (event, text) => {
    expect(shown(event)).toEqual([text]);
  });
});

it('what is under way is what has begun and is not over', () => {
  const creating = (key: string): ApplyEvent => ({ type: 'creating', key });
  const created = (key: string): ApplyEvent => ({ type: 'created', key, ms: 0 });
  const events = [creating('a'), creating('b'), created('b'), creating('c'), creating('d'), creating('e'), created('a'), created('z')];
  expect(shown(...events).filter((text) => text.startsWith('doing'))).toEqual([
    'doing: Waiting for a',
    'doing: Waiting for a, b',
    'doing: Waiting for a',
    'doing: Waiting for a, c',
    'doing: Waiting for a, c, d',
    'doing: Waiting for a, c, d and 1 more',
    'doing: Waiting for c, d, e',
  ]);
});

describe('the summary of a run', () => {
  it('says where to look and what to type next', () => {
    expect(
      runSummary({ id: '/work/v2', name: 'v2' }, { status: healthy, browse: [], outputs: healthy.outputs }, 678, style),
    ).toBe(`v2 is ready, after 0.68 s
  ingress.web   http://localhost:9090
  URL           http://localhost:9090
  PORTS         [9090,8500]
Next: curl localhost:9090 · mesh status · mesh destroy v2
`);
  });

  it('calls the address that a blueprint below it has opened, if its outputs name one', () => {
    const result = { status: { ...healthy, ingresses: [] }, browse: [], outputs: { PORTS: [1], web: 'http://localhost:9090' } };
    expect(runSummary({ id: '/shop/v3', name: 'v3' }, result, 170, style)).toContain('Next: curl localhost:9090 · mesh status ·');
  });

  it('has its addresses in one column', () => {
    const [ingress] = healthy.ingresses;
    const status = {
      ...healthy,
      ingresses: [{ ...ingress!, id: 'container.front-door' }],
      resources: [{ ...healthy.resources[0]!, key: 'container.front-door' }],
    };
    const text = runSummary({ id: '/work/v2', name: 'v2' }, { status, browse: [], outputs: { web: 'http://localhost:9090' } }, 170, style);
    expect(text).toContain('\n  container.front-door  http://localhost:9090\n  web                   http://localhost:9090\n');
  });

  it('offers no curl where there is no ingress', () => {
    expect(
      runSummary({ id: '/shop/v1', name: 'v1' }, { status: { ...healthy, ingresses: [] }, browse: [], outputs: {} }, 1000, style),
    ).toBe('v1 is ready, after 1.00 s\nNext: mesh status · mesh destroy v1\n');
  });

  it('names its folder where another blueprint has the same name', () => {
    const blueprints = [...healthy.blueprints, { id: '/elsewhere/v2', name: 'v2', since: '2026-03-01T11:58:30.000Z' }];
    const result = { status: { ...healthy, ingresses: [], blueprints }, browse: [], outputs: {} };
    expect(runSummary({ id: '/my shop/v2', name: 'v2' }, result, 1000, style)).toContain("mesh destroy '/my shop/v2'\n");
  });
});
