import { describe, expect, it } from 'vitest';
import type { DesiredResource } from '../../src/blueprints/graph.ts';
import { byRules } from '../../src/blueprints/rules.ts';

const resource = (key: string, ...dependsOn: string[]): DesiredResource => {
  const [type = '', name = ''] = key.split('.');
  return { key, type, name, dependsOn, spec: {}, definedAt: 'main.hcl:1' };
};

const split = (...all: DesiredResource[]) => {
  const { rules, ruled, rest } = byRules(all, (one) => one);
  const keys = (some: Iterable<DesiredResource>) => Array.from(some, ({ key }) => key);
  return { rules: keys(rules), ruled: keys(ruled), rest: keys(rest) };
};

describe('rules', () => {
  it('stand apart from what they may be about', () => {
    expect(split(resource('network.local'), resource('process.web', 'network.local'), resource('intention.deny'))).toEqual({
      rules: ['intention.deny'],
      ruled: ['network.local', 'process.web'],
      rest: ['intention.deny'],
    });
  });

  it('leave alone what they need, directly or not: they can not be there before it', () => {
    expect(
      split(
        resource('network.local'),
        resource('container.consul', 'network.local'),
        resource('process.web'),
        resource('config_entry.x', 'container.consul'),
      ),
    ).toEqual({
      rules: ['config_entry.x'],
      ruled: ['process.web'],
      rest: ['network.local', 'container.consul', 'config_entry.x'],
    });
  });

  it('that are not there change nothing', () => {
    expect(split(resource('process.web'))).toEqual({ rules: [], ruled: [], rest: ['process.web'] });
  });
});
