import { beforeEach, describe, expect, it } from 'vitest';
import { Registry } from '../../src/app/agent/registry.ts';
import type { DesiredResource } from '../../src/blueprints/graph.ts';
import type { ConfigEntrySpec } from '../../src/blueprints/resources/config-entry.ts';
import type { EntryBase } from '../../src/entries/kind.ts';
import { FakeBackend } from '../app/agent/fake-backend.ts';
import { reach } from '../app/agent/registrations.ts';
import { ManualClock } from '../drivers/supervise/manual-clock.ts';
import { type Bench, bench, graphOf } from './engine-harness.ts';
import { RecordingContext } from './recording-context.ts';

/** Runs blueprints that write config entries into the real catalog. */
class Town {
  readonly backend = new FakeBackend();
  readonly registry = new Registry({ backend: this.backend, reach, clock: new ManualClock(), isIdle: () => false });
  readonly bench: Bench = bench([], { world: Object.assign(new RecordingContext(), { registry: this.registry }) });

  run(blueprint: string, ...resources: DesiredResource[]): Promise<void> {
    return this.bench.run(graphOf(blueprint, ...resources));
  }

  destroy(...blueprints: string[]): Promise<string[]> {
    return this.bench.destroy(blueprints.map((name) => `/${name}`));
  }

  /** As `mesh config write` does. */
  write(message: string): Promise<void> {
    return this.registry.putEntries([entry(message)]);
  }

  get present(): unknown {
    return (this.backend.entry('dc1', 'proxy-defaults', 'global') as { Config?: { message: string } } | undefined)?.Config?.message;
  }
}

const entry = (message: string): EntryBase & { Config: object } => ({ Kind: 'proxy-defaults', Name: 'global', Config: { message } });

function resource(name: string, message: string, more: Partial<ConfigEntrySpec> = {}): DesiredResource {
  const spec: ConfigEntrySpec = { entries: [entry(message)], ...more };
  return { key: `config_entry.${name}`, type: 'config_entry', name, dependsOn: [], spec, definedAt: `main.hcl:${name}` };
}

let town: Town;
beforeEach(() => {
  town = new Town();
});

describe('a config entry of a blueprint', () => {
  it('gives its place back to the one below it, and that to what was written by hand', async () => {
    await town.write('by hand');
    await town.run('a', resource('a', 'of a'));
    await town.run('b', resource('b', 'of b'));
    expect(town.present).toBe('of b');
    await town.destroy('b');
    expect(town.present).toBe('of a');
    await town.destroy('a');
    expect(town.present).toBe('by hand');
  });

  it('goes from below another one without touching it, and does not come back', async () => {
    await town.run('a', resource('a', 'of a'));
    await town.run('b', resource('b', 'of b'));
    await town.destroy('a');
    expect(town.present).toBe('of b');
    await town.destroy('b');
    expect(town.present).toBeUndefined();
  });

  it('stays for another one that says the same', async () => {
    await town.run('a', resource('a', 'of both'));
    await town.run('b', resource('b', 'of both'));
    await town.destroy('a');
    expect(town.present).toBe('of both');
    await town.destroy('b');
    expect(town.present).toBeUndefined();
  });

  it('that changes below another one is seen when that goes', async () => {
    await town.run('a', resource('a', 'of a'));
    await town.run('b', resource('b', 'of b'));
    await town.run('a', resource('a', 'of a, later'));
    expect(town.present).toBe('of b');
    await town.destroy('b');
    expect(town.present).toBe('of a, later');
  });

  it('that changes still knows what was there before', async () => {
    await town.write('by hand');
    await town.run('a', resource('a', 'of a'));
    await town.run('a', resource('a', 'of a, later'));
    expect(town.present).toBe('of a, later');
    await town.run('a', resource('a', '', { entries: [] }));
    expect(town.present).toBe('by hand');
    await town.run('a', resource('a', 'of a, again'));
    await town.destroy('a');
    expect(town.present).toBe('by hand');
  });

  it('stays where somebody has changed it since, unless it is meant to be changed', async () => {
    await town.run('a', resource('a', 'of a'));
    await town.run('b', resource('b', 'of b', { force: true }));
    await town.write('changed');
    await town.destroy('b');
    expect(town.present).toBe('of a');
    await town.write('changed');
    await town.destroy('a');
    expect(town.present).toBe('changed');
  });

  it('that is meant to be changed leaves alone what stands on top of it', async () => {
    await town.run('a', resource('a', 'of a', { force: true }));
    await town.run('b', resource('b', 'of b'));
    await town.destroy('a');
    expect(town.present).toBe('of b');
  });

  it('that an earlier version applied, without knowing what was there, goes', async () => {
    await town.run('a', resource('a', 'of a'));
    const records = town.bench.log.records.map((record) => {
      if (record.type !== 'resource') return record;
      const { reservation: _, ...rest } = record.record;
      return { ...record, record: rest };
    });
    const world = Object.assign(new RecordingContext(), { registry: town.registry });
    await bench(records, { world }).destroy(['/a']);
    expect(town.present).toBeUndefined();
  });
});
