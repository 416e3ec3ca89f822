import { describe, expect, it } from 'vitest';
import { MeshError } from '../../src/base/errors.ts';
import { runProgram } from '../../src/commands/program.ts';
import { testIo } from './io.ts';

/** How a wrong command line is answered: every one is a usage error (exit 2) that says what to type instead. */
const WRONG: readonly (readonly [argv: string, message: string, hint: string])[] = [
  ['rnu', "unknown command 'rnu'", 'did you mean `mesh run`?'],
  ['pu', "unknown command 'pu'", 'did you mean `mesh up`?'],
  ['xyzzy', "unknown command 'xyzzy'", 'mesh --help'],
  ['xyzzy --json', "unknown command 'xyzzy'", 'mesh --help'],
  ['help exti-codes', "unknown command 'exti-codes'", 'did you mean `mesh help exit-codes`?'],
  ['help rnu', "unknown command 'rnu'", 'did you mean `mesh run`?'],
  ['help agent stpo', "unknown command 'stpo'", 'did you mean `mesh agent stop`?'],
  ['help run v2', "unknown command 'v2'", 'mesh run --help'],
  ['agent stpo', "unknown command 'stpo'", 'did you mean `mesh agent stop`?'],
  ['agent xyzzy', "unknown command 'xyzzy'", 'mesh agent --help'],
  ['agent stop now', "too many arguments for 'stop'. Expected 0 arguments but got 1.", 'mesh agent stop --help'],
  ['blueprints copy', "missing required argument 'name'", 'mesh blueprints copy --help'],
  ['taint', "missing required argument 'resource'", 'mesh taint --help'],
  ['scale web', '"web" is not a number of pods', 'write it as: mesh scale web=3'],
  ['scale web=-1', '"web=-1" is not a number of pods', 'write it as: mesh scale web=3'],
  ['run a b', "too many arguments for 'run'. Expected 1 argument but got 2.", 'mesh run --help'],
  ['run --tmeout 3s', "unknown option '--tmeout'", 'did you mean --timeout? mesh run --help'],
  ['run -x', "unknown option '-x'", 'mesh run --help'],
  ['up --bogus', "unknown option '--bogus'", 'mesh run --help'],
  ['--bogus', "unknown option '--bogus'", 'mesh --help'],
  ['run --timeout', "option '--timeout <duration>' argument missing", 'mesh run --help'],
  ['run v2 --replace --http-port 0', "option '--replace <blueprint>' argument missing, found --http-port", 'mesh run --help'],
  ['logs web -n -f', "option '-n, --lines <count>' argument missing, found -f", 'mesh logs --help'],
  ['run --timeout soon', '--timeout is not a duration: "soon"', 'expected a number with a unit: 500ms, 30s, 2m'],
  ['run --timeout 0s', '--timeout is not a duration: "0s"', 'expected a number with a unit: 500ms, 30s, 2m'],
  ['run --http-port 65536', '--http-port is not a port: "65536"', 'expected a number from 0 to 65535; 0 takes any free port'],
  ['run --ports any', '--ports can\'t be "any"', 'one of: fixed, auto'],
  ['agent --ports maybe', '--ports can\'t be "maybe"', 'one of: fixed, auto'],
  ['logs agent -n many', '--lines is not a number: "many"', 'a number of lines, or "all"'],
];

describe('a wrong command line', () => {
  it.each(WRONG)('mesh %s', async (argv, message, hint) => {
    const io = testIo();
    const error = await runProgram(argv.split(' '), io).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MeshError);
    expect(error).toMatchObject({ code: 'usage', message, hint });
    expect(io.written).toEqual({ out: '', err: '' });
  });

  it('that is empty gets the overview on standard error', async () => {
    const io = testIo();
    expect(await runProgram([], io)).toBe(2);
    expect(io.written.out).toBe('');
    expect(io.written.err).toMatch(/^Usage: mesh <command>/);
  });
});

describe('a right one', () => {
  it('runs the command with its defaults, and returns its exit code', async () => {
    const io = testIo();
    expect(await runProgram(['blueprints', '--json'], io)).toBe(0);
    expect((JSON.parse(io.written.out) as { name: string }[]).map(({ name }) => name)).toEqual(['v1', 'v2', 'v3', 'v4', 'v5']);
  });

  it('collects what may be given several times, and knows what is not wanted', async () => {
    const refused = (argv: string) => runProgram(argv.split(' '), testIo()).catch((error: unknown) => error);
    expect(await refused('run --var a=1 --var b')).toMatchObject({ code: 'usage', message: '--var "b" is not a variable with a value' });
    expect(await refused('run /nonexistent --var a=1 --var b=x,y=z --no-browser')).toMatchObject({ code: 'invalid' });
  });

  it('may call a command by its alias', async () => {
    const io = testIo();
    expect(await runProgram(['down', 'v1'], io)).toBe(0);
    expect(io.written.out).toBe('v1 is not running: nothing to do\n');
  });

  it.each([
    ['config read -kind service-defaults', 'Must specify the -name parameter'],
    ['config read --help', 'Usage: mesh config read'],
    ['config write -cas -modify-index=3 /nonexistent/f.hcl', 'open /nonexistent/f.hcl: no such file'],
    ['config write -cas -modify-index=three f.hcl', 'invalid value "three" for flag -modify-index'],
    ['config -h', 'Usage: mesh config <subcommand>'],
    ['consul config read -kind service-defaults', 'Must specify the -name parameter'],
    ['consul --help', 'Usage: consul'],
    ['intention create -allow -deny web payments', 'allow'],
  ])('hands its words to Consul’s grammar untouched: mesh %s', async (argv, says) => {
    const io = testIo();
    await runProgram(argv.split(' '), io);
    expect(io.written.out + io.written.err).toContain(says);
  });
});
