import { describe, expect, it } from 'vitest';
import { isSecret } from '../../src/blueprints/secret.ts';
import { changesBetween, locateWritten, spokenPath, type Written, writtenOf } from '../../src/blueprints/written.ts';
import { bodyToLocated, parseHcl2 } from '../../src/hcl/hcl2/index.ts';
import { fromJson, type LocatedMap } from '../../src/schema/located.ts';

function located(text: string): LocatedMap {
  const { value, diagnostics } = bodyToLocated(parseHcl2({ name: 'a.hcl', text }).body, { variables: new Map(), functions: new Map() });
  expect(diagnostics).toEqual([]);
  return value;
}

const written = (text: string, files: Record<string, string> = {}): Written => writtenOf(located(text), new Map(Object.entries(files)));

describe('what is written', () => {
  it('is kept by its path', () => {
    const { attributes } = written(`
      command = ["a", "b"]
      env_var = { A = 1, B = true }
      empty   = {}
      image { name = "x" }
      env {
        key   = "MESSAGE"
        value = "hello"
      }
      port { local = 1 }
      port { local = 2 }
      network = [{ name = "network.local" }]
    `);
    expect(attributes).toEqual({
      command: ['a', 'b'],
      'env_var.A': 1,
      'env_var.B': true,
      empty: {},
      'image[0].name': 'x',
      'env.MESSAGE': 'hello',
      'port[0].local': 1,
      'port[1].local': 2,
      'network[0].name': 'network.local',
    });
  });

  it('is kept as a digest if it is long', () => {
    const { attributes } = written(`text = "${'x'.repeat(3000)}"`);
    expect(attributes).toEqual({ text: { long: 3000, digest: expect.stringMatching(/^[0-9a-f]{14}$/) } });
    expect(changesBetween({ attributes }, written(`text = "${'x'.repeat(2999)}y"`))).toHaveLength(1);
    expect(changesBetween({ attributes }, written(`text = "${'x'.repeat(3000)}"`))).toEqual([]);
  });

  it('may not be known yet', () => {
    const value: LocatedMap = { type: 'map', entries: [{ key: 'a', value: { type: 'unknown' } }] };
    expect(writtenOf(value, new Map())).toEqual({ attributes: { a: { unknown: true } } });
  });

  it('has a place', () => {
    const map = located('a = 1\nport { local = 1 }\nport {\n  local = 2\n}\n');
    const range = locateWritten(map, 'port[1].local');
    expect(range?.source.text.slice(range.start, range.end)).toBe('2');
    expect(locateWritten(map, 'port[2].local')).toBeUndefined();
    expect(locateWritten(fromJson({}) as LocatedMap, 'a')).toBeUndefined();
  });
});

describe('what has changed', () => {
  it('is told in the order of the file; what is gone comes last', () => {
    const before = written('a = 1\nb = 2\nc = 3\n', { '/x': '1', '/y': '1' });
    expect(changesBetween(before, written('d = 4\nb = 5\nc = 3\n', { '/x': '2', '/y': '1' }))).toEqual([
      { kind: 'attribute', path: 'd', after: 4 },
      { kind: 'attribute', path: 'b', before: 2, after: 5 },
      { kind: 'attribute', path: 'a', before: 1 },
      { kind: 'file', path: '/x' },
    ]);
  });

  it('is said without a number where there is only one', () => {
    const two = written('port {\n  local = 1\n}\nport {\n  local = 2\n}\nnetwork {\n  name = "a"\n}\n');
    expect(spokenPath('network[0].name', two)).toBe('network.name');
    expect(spokenPath('port[0].local', two)).toBe('port[0].local');
    expect(spokenPath('port[1].local', two)).toBe('port[1].local');
  });
});

describe('a secret', () => {
  it.each([
    ['env_var.DB_PASSWORD', 'x'],
    ['env.apiToken', 'x'],
    ['env_var.AWS_SECRET_ACCESS_KEY', 'x'],
    ['image.password', 'x'],
    ['ca_key', 'x'],
    ['env_var.AUTH', 'x'],
    ['env_var.DATABASE_URL', 'postgres://shop:hunter2@db/shop'],
    ['command', ['server', '--token=abc']],
    ['command', ['server', '--db-password', 'abc']],
  ])('%s is one (%j)', (path, value) => {
    expect(isSecret(path, [undefined, value])).toBe(true);
  });

  it.each([
    ['env_var.MESSAGE', 'the password is in the vault'],
    ['env_var.KEYBOARD', 'x'],
    ['env_var.MONKEY', 'x'],
    ['env_var.AUTHOR', 'x'],
    ['env_var.URL', 'http://localhost:9090/a@b'],
    ['image.name', 'nicholasjackson/fake-service:v0.24.2'],
    ['command', ['server', '--port', '80']],
  ])('%s is none (%j)', (path, value) => {
    expect(isSecret(path, [undefined, value])).toBe(false);
  });
});
