import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Workspace } from './harness.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'examples/ci');

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
}

const workflow = parse(readFileSync(join(EXAMPLE, '.github/workflows/mesh.yml'), 'utf8')) as {
  readonly jobs: { readonly mesh: { readonly steps: readonly Step[]; readonly env: Readonly<Record<string, string>> } };
};
const { steps } = workflow.jobs.mesh;

/** Runs the steps of the job as a runner does, but for the installation: in order, each in a shell that ends at the first failure. */
async function runJob(mesh: Workspace): Promise<ReadonlyMap<string, { readonly code: number | null; readonly output: string }>> {
  const outcomes = new Map<string, { code: number | null; output: string }>();
  let failed = false;
  for (const { name = '', run, if: condition } of steps) {
    if (run === undefined || run === 'npm ci') continue;
    if (condition === undefined ? failed : condition === 'failure()' && !failed) continue;
    const { code, stdout, stderr } = await mesh.exec('bash', ['-eo', 'pipefail', '-c', run]);
    outcomes.set(name, { code, output: stdout + stderr });
    failed ||= code !== 0;
  }
  return outcomes;
}

/** The example as a runner has it after `npm ci`; its ports are those that are free here, and what is expected in vain is not expected for long. */
function checkedOut(): Workspace {
  const mesh = new Workspace({ CI: 'true' });
  cpSync(EXAMPLE, mesh.cwd, { recursive: true });
  mkdirSync(join(mesh.cwd, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(ROOT, 'bin/mesh.js'), join(mesh.cwd, 'node_modules/.bin/mesh'));
  writeFileSync(
    join(mesh.cwd, '.mesh.hcl'),
    'defaults {\n  run {\n    ports     = "auto"\n    http_port = 0\n  }\n  test {\n    step_timeout = "3s"\n  }\n}\n',
  );
  return mesh;
}

const canRun = ['bash', 'curl', 'npx'].every((program) => spawnSync(program, ['--version']).status === 0);

describe('the workflow for CI', { timeout: 60_000 }, () => {
  it('has steps that can be run here, and a home that a runner replaces', () => {
    expect(workflow.jobs.mesh.env).toEqual({ MESH_HOME: expect.stringMatching(/^\$\{\{ runner\.temp \}\}\/mesh$/) });
    expect(steps.every(({ if: condition }) => [undefined, 'failure()', 'always()'].includes(condition))).toBe(true);
    expect(JSON.stringify(steps)).not.toMatch(/\$\{\{/);
  });

  it.skipIf(!canRun)('passes, and leaves nothing (needs bash, curl, npx)', async () => {
    await using mesh = checkedOut();
    const outcomes = await runJob(mesh);
    for (const [name, { code, output }] of outcomes) expect(code, `${name}\n${output}`).toBe(0);
    expect([...outcomes.keys()]).toEqual(['Look before', 'Scenarios', 'Start the mesh', 'Tests', 'Who may call whom', 'Leave nothing']);
    expect(mesh.processes()).toEqual([]);
  });

  it.skipIf(!canRun)('fails where a rule is lost, tells of it, and leaves nothing (needs bash, curl, npx)', async () => {
    await using mesh = checkedOut();
    const file = join(mesh.cwd, 'shop/main.hcl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"/v1/"', '"/v2/"'));
    const outcomes = await runJob(mesh);
    expect(outcomes.get('Scenarios')).toMatchObject({ code: 1, output: expect.stringContaining('403') });
    expect([...outcomes.keys()]).toEqual(['Look before', 'Scenarios', 'What went wrong', 'Leave nothing']);
    expect(mesh.processes()).toEqual([]);
  });
});
