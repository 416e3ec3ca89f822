import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configCommand } from '../../../src/app/consul/config.ts';
import { openShell, type Ran, type Shell } from './run.ts';

const transcript = (name: string): string => readFileSync(new URL(`../../fixtures/consul-1.8.7/${name}.txt`, import.meta.url), 'utf8');

/*
 * What a real Consul 1.8.7 made of entries in its HCL: `--- title`, the text, `  => rc=N: <what it said>`, and what was stored.
 * Each text is written by our command line to our agent (`compat: '1.8'`).
 */
describe('texts in HCL', () => {
  interface Case {
    readonly title: string;
    readonly text: string;
    readonly code: number;
    readonly said: string;
    readonly stored: string | undefined;
  }

  /** What is stored or said otherwise, with the reason. */
  const DIFFERENT: Readonly<Record<string, Partial<Case>>> = {
    // 1.8 writes the namespace into destinations of routes that have methods, and into no others.
    'router nested blocks in list': {
      stored:
        '{"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"PathPrefix":"/admin","Header":[{"Name":"x-debug","Exact":"1"}],"QueryParam":[{"Name":"q","Present":true}],"Methods":["GET","POST"]}},"Destination":{"RequestTimeout":"30s","Service":"admin","PrefixRewrite":"/","NumRetries":3,"RetryOnConnectFailure":true,"RetryOnStatusCodes":[502,503]}},{"Match":{"HTTP":{"PathExact":"/x"}}}]}',
    },
    // The transcript asked for "web" of before: what was written is called "web\n", which no URL can name.
    'comments and heredoc': {
      stored: undefined,
    },
    // The transcript asked with a dollar sign that its shell took away.
    'interpolation text': {
      stored: JSON.stringify({ Kind: 'service-defaults', Name: `web-$\{x}`, Protocol: 'http', MeshGateway: {}, Expose: {} }),
    },
    // 1.8's command line sends it, and its agent refuses it; here it is refused before it is sent.
    'namespace field in OSS': {
      said: 'Failed to decode config entry input: 1 error occurred:\n\t* invalid config key "Namespace", namespaces are a consul enterprise feature\n\n',
    },
  };

  const cases = transcript('hcl-decode')
    .split(/^--- /m)
    .slice(1)
    .map((part): Case => {
      const [, title = '', body = ''] = /^(.*)\n([\s\S]*)$/.exec(part) ?? [];
      const [, written = '', code = '', said = '', stored] =
        /^([\s\S]*?)\n {2}=> rc=(\d): ([\s\S]*)\n {5}\n(?: {2}stored: (.*)|parse error: .*)?/.exec(`${body}\n`) ?? [];
      return {
        title,
        text: written.replace(/^ {4}/gm, ''),
        code: Number(code),
        said: said.replace(/^ {5}/gm, ''),
        stored,
        ...DIFFERENT[title],
      };
    });

  let shell: Shell;
  beforeAll(async () => {
    shell = await openShell(configCommand, { compat: '1.8' });
  });
  afterAll(() => shell[Symbol.asyncDispose]());

  it('has all of them', () => {
    expect(cases.length).toBe(transcript('hcl-decode').match(/^--- /gm)!.length);
    expect(cases.filter(({ text, said }) => text === '' || said === '')).toEqual([]);
    expect(Object.keys(DIFFERENT).filter((title) => !cases.some((one) => one.title === title))).toEqual([]);
  });

  it.each(cases)('$title', async ({ text, code, said, stored }) => {
    const ran = await shell.run('write -', { stdin: () => Promise.resolve(text) });
    const output = code === 0 ? ran.out : ran.err;
    expect([ran.code, output.trimEnd()]).toEqual([code, said.trimEnd()]);
    if (stored === undefined) return;
    const { Kind, Name } = JSON.parse(stored) as { Kind: string; Name: string };
    const { json } = await shell.api.call(`/v1/config/${Kind}/${encodeURIComponent(Name)}`);
    const { CreateIndex: _, ModifyIndex: __, ...bare } = json as Record<string, unknown>;
    expect(bare).toEqual(JSON.parse(stored));
  });
});

/* The commands themselves: `$ consul config …`, its output (`1| `), its errors (`2| `) and its exit code. */
describe('commands', () => {
  const FILES: Readonly<Record<string, string>> = {
    'bad.hcl': 'Kind = "service-defaults',
    'bad2.hcl': 'Kind = "service-defaults"\nName =',
    'bad3.hcl': 'Kind = "service-resolver"\nSubsets = [\n  1\n',
    'empty.hcl': '',
    'nokind.hcl': 'Name = "web"',
    'unk.hcl': 'Kind = "service-defults"\nName = "web"',
    'badfield.hcl': 'Kind = "service-defaults"\nName = "web"\nProtocl = "http"',
    'badtype.hcl': 'Kind = "service-defaults"\nName = "web"\nProtocol = 5',
    'badtype2.hcl': 'Kind = "service-defaults"\nName = "web"\nExpose { Checks = "maybe" }',
    'noname.hcl': 'Kind = "service-defaults"',
    'sd_web.hcl': 'Kind = "service-defaults"\nName = "web"\nProtocol = "http"',
    'sd_web.json': '{"Kind":"service-defaults","Name":"web","Protocol":"http"}',
    'sd_api.hcl': 'Kind = "service-defaults"\nName = "api"\nProtocol = "tcp"',
    'router_tcp.hcl': 'Kind = "service-router"\nName = "api"\nRoutes = []',
    'splitter_tcp.hcl': 'Kind = "service-splitter"\nName = "api"\nSplits = [{ Weight = 100 }]',
    'splitter_bad.hcl': 'Kind = "service-splitter"\nName = "web"\nSplits = [{ Weight = 80 }, { Weight = 10, ServiceSubset = "v1" }]',
    'pd.hcl': 'Kind = "proxy-defaults"\nName = "other"',
    'pd_ok.hcl': 'Kind = "proxy-defaults"\nName = "global"',
  };
  /** With what is not said in the same words, and why. */
  const DIFFERENT: Readonly<Record<string, string>> = {
    config: 'its own help',
    'config write bad2.hcl': 'an attribute without a value at the end of the file is an error here: 1.8 reads it as empty',
    'config write pd.hcl': '1.8 stores it as proxy-defaults/global and says other: newer ones refuse it',
    'config write -modify-index=abc sd_web.hcl': 'the listing of flags is our own',
    'config write -nosuchflag sd_web.hcl': 'the listing of flags is our own',
  };

  interface Step {
    readonly line: string;
    readonly stdin: string | undefined;
    readonly expected: Ran;
  }
  const steps = transcript('cli-config')
    .split(/^\$ consul /m)
    .slice(1)
    .map((part): Step => {
      const [command = '', ...rest] = part.trimEnd().split('\n');
      const of = (stream: string): string => rest.flatMap((line) => (line.startsWith(stream) ? [`${line.slice(3)}\n`] : [])).join('');
      const [line = '', input] = command.split(' <<< ');
      return {
        line: line.trim(),
        stdin: input && unquoted(input),
        expected: { code: Number(/^rc=(\d+)$/m.exec(part)?.[1]), out: of('1| '), err: of('2| ') },
      };
    });

  let shell: Shell;
  beforeAll(async () => {
    shell = await openShell(configCommand, { compat: '1.8' });
    for (const [name, text] of Object.entries(FILES)) await shell.file(name, text);
  });
  afterAll(() => shell[Symbol.asyncDispose]());

  it.each(steps)('consul $line', async ({ line, stdin, expected }) => {
    const address = expected.err.includes('127.0.0.1:1/')
      ? '127.0.0.1:1'
      : expected.err.includes('badscheme')
        ? 'badscheme://x'
        : undefined;
    const ran = await shell.run(line.replace(/^config ?/, ''), {
      ...(stdin === undefined ? {} : { stdin: () => Promise.resolve(stdin) }),
      ...(address === undefined ? {} : { env: { CONSUL_HTTP_ADDR: address } }),
    });
    if (DIFFERENT[line] !== undefined) {
      expect(ran.code).toBe(expected.code === 0 ? 1 : expected.code);
      return;
    }
    expect(withoutIndexes(ran)).toEqual(withoutIndexes(expected));
  });
});

const withoutIndexes = ({ code, out, err }: Ran): Ran => ({ code, err: err.trimEnd(), out: out.replace(/Index": \d+/g, 'Index": N') });

/** As bash would: `$'a\nb'`, `''` or backslashes. */
function unquoted(word: string): string {
  const ansi = /^\$'(.*)'$/.exec(word)?.[1];
  if (ansi !== undefined) return ansi.replaceAll('\\n', '\n');
  return word === "''" ? '' : word.replace(/\\(.)/g, '$1');
}
