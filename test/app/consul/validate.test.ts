import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

let cwd: string;
const file = (path: string, text: string) => writeFileSync(join(cwd, path), text);
const HEAD = 'data_dir = "/tmp/x"\nbind_addr = "127.0.0.1"\n';

beforeEach(() => {
  cwd = temporaryFolder();
  mkdirSync(join(cwd, 'dir'));
  mkdirSync(join(cwd, 'empty'));
  file('good.hcl', HEAD);
  file('bad.hcl', 'datacenter = "a');
  file('list.json', '[1]');
  file('empty.json', '');
  file('other.txt', 'server = true');
  file('warn.hcl', `${HEAD}node_name = "a b"`);
  file('dir/a.hcl', HEAD);
  file('dir/b.txt', 'garbage');
  file('dir/c.json', '{"datacenter": "x y"}');
  file('dir/d.hcl', '');
});

async function validate(...argv: string[]) {
  const io = { ...testIo(), cwd };
  const code = await runConsul(['validate', ...argv], io, 'consul');
  return { code, ...io.written };
}

describe('validate', () => {
  it.each([
    [[], 'Must specify at least one config file or directory\n'],
    [['nosuch'], 'Config validation failed: config: Open failed on nosuch. open nosuch: no such file or directory\n'],
    [['bad.hcl'], 'Config validation failed: failed to parse bad.hcl: At 1:16: literal not terminated\n'],
    [['empty'], 'Config validation failed: data_dir cannot be empty\n'],
    [['dir'], 'Config validation failed: datacenter cannot be "x y". Please use only [a-z0-9-_]\n'],
    [['empty.json'], 'Config validation failed: data_dir cannot be empty\n'],
    [['other.txt'], 'Config validation failed: data_dir cannot be empty\n'],
    [
      ['-config-format=json', 'other.txt'],
      "Config validation failed: failed to parse other.txt: invalid character 's' looking for beginning of value\n",
    ],
    [
      ['list.json'],
      'Config validation failed: failed to parse list.json: json: cannot unmarshal array into Go value of type map[string]interface {}\n',
    ],
    [['-config-format', 'x', 'good.hcl'], "-config-format must be either 'hcl' or 'json\n"],
  ])('refuses %j', async (argv, err) => {
    expect(await validate(...argv)).toEqual({ code: 1, out: '', err });
  });

  it('takes files together, and says what is odd about them', async () => {
    expect(await validate('good.hcl')).toEqual({ code: 0, out: 'Configuration is valid!\n', err: '' });
    expect(await validate('-quiet', 'warn.hcl')).toEqual({ code: 0, out: '', err: '' });
    const { code, err } = await validate('warn.hcl');
    expect([code, err]).toEqual([0, expect.stringMatching(/^Node name "a b" will not be discoverable via DNS .*dashes\.\n$/)]);
  });
});
