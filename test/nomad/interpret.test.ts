import { describe, expect, it } from 'vitest';
import { describeRange } from '../../src/base/source.ts';
import { OPTIONS, outputsOf } from './jobs.ts';

const task = (body = '') => `task "main" {\n driver = "exec"\n config {\n command = "true"\n }\n${body}\n}`;
const job = (name: string, attributes: string, body = task()) => `job "${name}" {\n${attributes}\ngroup "${name}" {\n${body}\n}\n}\n`;
const interpreted = (text: string, options = OPTIONS) => outputsOf([{ name: 'web.nomad', text }], options);

describe('how often a group runs', () => {
  it.each([
    ['service', 'count = 3', 3, undefined],
    ['service', 'count = 0', 0, undefined],
    ['system', '', 4, undefined],
    ['batch', 'count = 3', undefined, 3],
    ['sysbatch', '', undefined, 4],
  ])('%s %s', (type, count, replicas, completions) => {
    const { sets, jobs, diagnostics } = interpreted(job('web', `type = "${type}"`, `${count}\n${task()}`), { ...OPTIONS, clients: 4 });
    expect(diagnostics).toEqual([]);
    expect(sets[0]?.replicas).toBe(replicas);
    expect(jobs[0]?.completions).toBe(completions);
  });

  it.each([
    ['', 3],
    ['restart {\n attempts = 1\n }', 1],
  ])('a failed batch is tried again: %s', (restart, backoffLimit) => {
    expect(interpreted(job('web', `type = "batch"\n${restart}`)).jobs[0]).toMatchObject({ backoffLimit });
  });
});

describe('where a job may run', () => {
  it.each([
    ['["dc1"]', 0],
    ['["dc*"]', 0],
    ['["*"]', 0],
    ['["east", "dc1"]', 0],
    ['["dc"]', 1],
    ['["d.1"]', 1],
  ])('%s', (datacenters, warnings) => {
    expect(interpreted(job('web', `datacenters = ${datacenters}`)).diagnostics).toHaveLength(warnings);
  });
});

it('tells of each job that is there twice, where it is', () => {
  const { diagnostics } = outputsOf(['a', 'b'].map((name) => ({ name: `${name}.nomad`, text: job('web', '') })));
  expect(diagnostics.map(({ summary }) => summary)).toEqual(['job "web" is defined twice']);
  expect(describeRange(diagnostics[0]!.subject!)).toBe('b.nomad:1:5');
  expect(describeRange(diagnostics[0]!.related!.range)).toBe('a.nomad:1:5');
});

it('makes a sidecar for each service that asks, with ports that count on', () => {
  const service = (name: string) => `service {\n name = "${name}"\n port = "9090"\n connect {\n sidecar_service {}\n }\n}`;
  const { sets } = interpreted(job('web', '', `network {\n mode = "bridge"\n}\n${service('a')}\n${service('b')}\n${task()}`));
  expect(sets[0]!.pod.services.map(({ name, port, sidecar }) => [name, port, sidecar?.port])).toEqual([
    ['a', 9090, 20000],
    ['b', 9090, 20001],
  ]);
});
