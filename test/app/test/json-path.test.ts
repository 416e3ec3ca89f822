import { describe, expect, it } from 'vitest';
import { readJsonPath } from '../../../src/app/test/json-path.ts';

const document = {
  Config: { Env: ['a=1', 'b=2'], Image: 'web:1' },
  State: { Running: true, Pid: 12 },
  Ports: { '8500/tcp': [{ HostPort: '8500' }], '8501/tcp': null },
  Mounts: [
    { Source: '/a', Destination: '/x' },
    { Source: '/b', Destination: '/y' },
  ],
};

describe('readJsonPath', () => {
  it.each([
    ['{.Config.Image}', 'web:1'],
    ['{.Config.Env}', '["a=1","b=2"]'],
    ['{.Config.Env[1]}', 'b=2'],
    ['{.Config.Env[*]}', 'a=1 b=2'],
    ["{.Ports['8500/tcp'][0].HostPort}", '8500'],
    ["{.Ports['8501/tcp']}", 'null'],
    ['{.State.Running}', 'true'],
    ['{$.State.Pid}', '12'],
    ['.State.Pid', '12'],
    ['{..Source}', '/a /b'],
    ["{.Mounts[?(@.Destination=='/y')].Source}", '/b'],
    ['{.State.Missing}', undefined],
  ])('%s', (path, value) => {
    expect(readJsonPath(path, document)).toEqual({ ok: true, value });
  });

  it('runs no code', () => {
    const state = globalThis as { reached?: boolean };
    delete state.reached;
    for (const script of [
      "constructor.constructor('globalThis.reached=true')()",
      "[].constructor.constructor('globalThis.reached=true')()",
      'globalThis.reached=true',
    ])
      readJsonPath(`{.Mounts[?(${script})]}`, document);
    expect(state.reached).toBeUndefined();
  });

  it('says what is no path', () => {
    expect(readJsonPath('Config.Env', document)).toEqual({ ok: false, error: 'it has the form {.Config.Env}' });
  });
});
