import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MeshError } from '../../src/base/errors.ts';
import { runProgram } from '../../src/commands/program.ts';
import { temporaryFolder } from '../drivers/fixture/folder.ts';
import { testIo } from './io.ts';

/** A folder with a configuration file. */
function project(text: string) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, '.mesh.hcl'), text);
  return testIo({ cwd, env: { MESH_HOME: join(cwd, 'home'), HOME: '/nonexistent' } });
}

describe('defaults of a configuration file', () => {
  const JSON_LIST = 'defaults {\n  blueprints {\n    json = true\n  }\n}\n';

  it('are taken for what is not typed', async () => {
    const io = project(JSON_LIST);
    expect(await runProgram(['blueprints'], io)).toBe(0);
    expect(JSON.parse(io.written.out)).toHaveLength(5);
  });

  it('give way to what is typed, even if that is what the command does by itself', async () => {
    const wrong = 'defaults {\n  logs {\n    lines = "many"\n  }\n}\n';
    await expect(runProgram(['logs', 'agent'], project(wrong))).rejects.toMatchObject({ message: '--lines is not a number: "many"' });
    expect(await runProgram(['logs', 'agent', '-n', '100'], project(wrong))).toBe(0);
  });

  it('are refused as a whole with an error in the file, before the command does anything', async () => {
    const io = project('defaults {\n  blueprints {\n    jsn = true\n  }\n}\n');
    await expect(runProgram(['blueprints'], io)).rejects.toMatchObject({
      code: 'invalid',
      message: 'the configuration (.mesh.hcl) has 1 error; nothing was done',
    });
    expect(io.written).toEqual({
      out: '',
      err: expect.stringMatching(/^\.mesh\.hcl:3:5: error: unknown attribute "jsn" in "blueprints"[\s\S]*did you mean "json"\?/),
    });
  });

  it('that are wrong come as JSON with --json', async () => {
    const io = project('defaults {\n  blueprints {\n    jsn = true\n  }\n}\n');
    const error = await runProgram(['blueprints', '--json'], io).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MeshError);
    expect((error as MeshError).diagnostics).toMatchObject([{ file: '.mesh.hcl', line: 3, column: 5, hint: 'did you mean "json"?' }]);
    expect(io.written).toEqual({ out: '', err: '' });
  });

  it('are no concern of commands that have to work with a wrong file', async () => {
    const io = project('defaults {');
    expect(await runProgram(['version'], io)).toBe(0);
    await runProgram(['doctor'], io);
    expect(io.written.out).toMatch(/^FAIL {2}configuration +\.mesh\.hcl:1:10: /m);
  });

  it('are named by `mesh check`', async () => {
    const io = project(`${JSON_LIST}image "acme/api" { command = ["api"] }\n`);
    await runProgram(['check'], io);
    expect(io.written.out).toMatch(/^OK +configuration +\.mesh\.hcl \(the project's\): 1 option, 1 image$/m);
  });
});
