import { describe, expect, it } from 'vitest';
import { errorFromJson, errorToJson, MeshError } from '../../src/base/errors.ts';
import { renderError } from '../../src/ui/errors.ts';

async function rendered(error: unknown, options: { json?: boolean; colour?: boolean } = {}): Promise<{ out: string; err: string }> {
  const written = { out: '', err: '' };
  const write = (stream: 'out' | 'err') => (text: string) => {
    written[stream] += text;
  };
  await renderError(error, { json: false, colour: false, version: '1.2.3', ...options, out: write('out'), err: write('err') });
  return written;
}

const taken = new MeshError('environment', 'port 9090 is taken', {
  hint: 'stop it, or use `--ports auto`',
  cause: new Error('secret inner'),
});

describe('an error of the user’s', () => {
  it('is one line and what to do next, on standard error', async () => {
    expect(await rendered(taken)).toEqual({ out: '', err: 'error: port 9090 is taken\nhint: stop it, or use `--ports auto`\n' });
  });

  it('has no hint line without a hint', async () => {
    expect((await rendered(new MeshError('failed', 'no'))).err).toBe('error: no\n');
  });

  it('shows its places first, each with its line', async () => {
    const diagnostics = [
      {
        severity: 'error' as const,
        summary: 'unsupported attribute "verson"',
        file: 'web.hcl',
        line: 3,
        column: 5,
        excerpt: '  verson = 1',
        hint: 'did you mean "version"?',
      },
      { severity: 'warning' as const, summary: 'nothing uses this network', detail: 'it is made all the same' },
    ];
    expect((await rendered(new MeshError('invalid', 'the blueprint has 1 error', { diagnostics }))).err).toBe(
      `web.hcl:3:5: error: unsupported attribute "verson"
  3 |   verson = 1
  hint: did you mean "version"?
warning: nothing uses this network
  it is made all the same
error: the blueprint has 1 error
`,
    );
  });

  it('is coloured only when asked to', async () => {
    expect((await rendered(taken)).err).not.toContain('\u001b');
    expect((await rendered(taken, { colour: true })).err).toContain('\u001b[31merror:\u001b[39m port');
  });
});

describe('a bug', () => {
  it('says so, with the version and the stack', async () => {
    const bug = new TypeError('x is undefined');
    const { out, err } = await rendered(bug);
    expect(out).toBe('');
    expect(err).toBe(`This is a bug in mesh 1.2.3. Please report it with this:\n${bug.stack}\n`);
  });

  it('in the agent shows the stack of the agent, not of the command line', async () => {
    const bug = new TypeError('x is undefined');
    const { err } = await rendered(errorFromJson(errorToJson(bug)));
    expect(err).toContain(bug.stack);
    expect(err).not.toContain('errorFromJson');
  });

  it('may be anything that was thrown', async () => {
    expect((await rendered('a string')).err).toContain('\na string\n');
    expect((await rendered(undefined)).err).toContain('\nundefined\n');
  });
});

describe('as JSON', () => {
  it('an error is an object on standard output, and standard error stays silent', async () => {
    const { out, err } = await rendered(taken, { json: true, colour: true });
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual({
      error: { code: 'environment', message: 'port 9090 is taken', hint: 'stop it, or use `--ports auto`' },
    });
  });

  it('a bug has its stack', async () => {
    const bug = new TypeError('x is undefined');
    expect(JSON.parse((await rendered(bug, { json: true })).out)).toEqual({
      error: { code: 'bug', message: 'x is undefined', stack: bug.stack },
    });
  });
});
