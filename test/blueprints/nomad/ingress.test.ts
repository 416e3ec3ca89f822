import { describe, expect, it } from 'vitest';
import { describeRange } from '../../../src/base/source.ts';
import type { IngressSpec } from '../../../src/blueprints/ingress/lifecycle.ts';
import { CLUSTER, JOBS, job, lowered } from './workspace.ts';

const files = { 'jobs/web.nomad': job('web', { static: 19090 }), 'jobs/api.nomad': job('api', { group: 'rest' }) };
const port = (remote: string) => `  port {\n    remote = ${remote}\n    host = 8080\n  }\n`;
const ingress = (target: string, remote = '"http"') => `nomad_ingress "x" {\n  cluster = "nomad_cluster.dev"\n${target}${port(remote)}}\n`;
const legacy = (remote: string) => `ingress "x" {\n  target = "nomad_cluster.dev"\n${port(remote)}}\n`;

const load = (block: string, jobs = JOBS) => lowered({ ...files, 'main.hcl': CLUSTER + jobs + block });

describe('an ingress to a job', () => {
  it.each([
    ['a label', ingress('  job = "web"\n  group = "web"\n  task = "main"\n'), 'web/group/web'],
    ['a number', ingress('  job = "web"\n  group = "web"\n', '9090'), 'web/group/web'],
    ['the port that a node would have', ingress('  job = "web"\n  group = "web"\n', '19090'), 'web/group/web'],
    ['no group, as there is one', ingress('  job = "api"\n'), 'api/group/rest'],
    ['the cluster alone', legacy('19090'), 'web/group/web'],
  ])('is named by %s', async (_, block, target) => {
    const { spec, summaries } = await load(block);
    expect(summaries).toEqual([]);
    const key = block.startsWith('nomad') ? 'nomad_ingress.x' : 'ingress.x';
    expect(spec<IngressSpec>(key)).toEqual({ target: `nomad_cluster.dev/${target}`, ports: [{ local: 9090, target: 9090, host: 8080 }] });
  });

  it('may come before its job, with a number', async () => {
    const { spec, summaries } = await load(ingress('  job = "web"\n', '9090'), '');
    expect(summaries).toEqual([]);
    expect(spec<IngressSpec>('nomad_ingress.x').target).toBe('nomad_cluster.dev/web/group/web');
  });

  it.each([
    ['an unknown job', ingress('  job = "wbe"\n'), 'main.hcl:8:9 nomad_cluster.dev has no job "wbe"', 'did you mean "web"?'],
    ['an unknown group', ingress('  job = "api"\n  group = "rst"\n'), 'main.hcl:9:11 job "api" has no group "rst"', 'did you mean "rest"?'],
    ['an unknown task', ingress('  job = "web"\n  task = "man"\n'), 'main.hcl:9:10 group "web" has no task "man"', 'did you mean "main"?'],
    ['an unknown port', ingress('  job = "web"\n', '"htp"'), 'main.hcl:10:14 there is no port "htp"', 'did you mean "http"?'],
    [
      'a port that no node would have',
      legacy('4646'),
      'main.hcl:9:14 no job of nomad_cluster.dev has the port 4646',
      'nomad_ingress leads to a job by its name: job = "web", group = "web"',
    ],
  ])('is told of %s', async (_, block, place, hint) => {
    const { diagnostics } = await load(block);
    expect(diagnostics.map(({ subject, summary }) => `${describeRange(subject!)} ${summary}`)).toEqual([place]);
    expect(diagnostics[0]!.hint).toBe(hint);
  });

  it('needs a number where nothing is known of the job', async () => {
    const { summaries } = await load(ingress('  job = "web"\n'), '');
    expect(summaries).toEqual(['there is no port "http"']);
  });
});
