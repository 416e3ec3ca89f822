import { describe, expect, it } from 'vitest';
import { prepare, refused, stored } from '../prepare.ts';

const extension = (Name: string, Arguments: object = {}) => ({ EnvoyExtensions: [{ Name, Arguments }] });
const limit = { ProxyType: 'connect-proxy', MaxTokens: 1, FillInterval: 1 };
const patch = { ResourceFilter: { ResourceType: 'cluster', TrafficDirection: 'outbound' }, Op: 'add', Path: '/name', Value: 'x' };

describe('extensions of Envoy', () => {
  it.each([
    [extension(''), 'EnvoyExtensions[0]: Name is required'],
    [extension('builtin/luna'), 'EnvoyExtensions[0][builtin/luna]: name "builtin/luna" is not a built-in extension'],
    [
      extension('builtin/http/localratelimit', { ...limit, MaxTokens: 0 }),
      'EnvoyExtensions[0][builtin/http/localratelimit]: MaxTokens must be greater than 0, got 0',
    ],
    [
      extension('builtin/http/localratelimit', { MaxTokens: 1, FillInterval: 1 }),
      'EnvoyExtensions[0][builtin/http/localratelimit]: unexpected ProxyType ""',
    ],
    [extension('builtin/fault-injection'), 'EnvoyExtensions[0][builtin/fault-injection]: Config is required'],
    [
      extension('builtin/fault-injection', { Config: { Abort: { HttpStatus: 100, Percentage: 1 } } }),
      'EnvoyExtensions[0][builtin/fault-injection]: Config.Abort.HttpStatus must be between 200 and 599',
    ],
    [
      extension('builtin/fault-injection', { Config: { Delay: { Duration: 0, Percentage: 1 } } }),
      'EnvoyExtensions[0][builtin/fault-injection]: Config.Delay.Duration must be a number of milliseconds greater than 0',
    ],
    [extension('builtin/property-override'), 'EnvoyExtensions[0][builtin/property-override]: at least one patch is required'],
    [
      extension('builtin/property-override', { Patches: [{ ...patch, Op: 'replace' }] }),
      'EnvoyExtensions[0][builtin/property-override]: invalid Patches[0]: invalid Op "replace"',
    ],
    [
      extension('builtin/property-override', { Patches: [{ ...patch, Op: 'remove' }] }),
      'EnvoyExtensions[0][builtin/property-override]: invalid Patches[0]: field Value is not supported for remove operation',
    ],
  ])('are refused in the words of Consul: %j', (fields, message) => {
    const text = `1 error occurred:\n\t* invalid ${message}\n\n`;
    expect([refused('service-defaults', fields), refused('proxy-defaults', fields)]).toEqual([text, text]);
  });

  it('that need an Envoy are kept, with a word of warning where they stand', () => {
    const { entry, problems } = prepare('service-defaults', { EnvoyExtensions: [{ Name: 'builtin/lua', Required: true }] });
    expect(entry).toMatchObject({ EnvoyExtensions: [{ Name: 'builtin/lua', Required: true }] });
    expect(problems).toMatchObject([
      { severity: 'warning', path: 'EnvoyExtensions[0].Name', summary: 'builtin/lua is required, but it is not served here' },
    ]);
    expect(prepare('proxy-defaults', extension('builtin/ext-authz')).problems).toMatchObject([
      { severity: 'warning', summary: 'builtin/ext-authz is stored, but not served here' },
    ]);
  });

  it('patch what is not served with a word of warning', () => {
    const policy = { ...patch, Path: '/load_balancing_policy/policies', Value: [] };
    const { problems } = prepare('service-defaults', extension('builtin/property-override', { Patches: [policy, patch] }));
    expect(problems).toMatchObject([
      {
        severity: 'warning',
        path: 'EnvoyExtensions[0].Arguments.Patches[1]',
        summary: 'the patch of /name is stored, but has no effect here',
      },
    ]);
  });

  it('may be written with blocks, and numbers as texts', () => {
    const text = stored(`
      Kind = "service-defaults"
      Name = "web"
      EnvoyExtensions {
        Name = "builtin/fault-injection"
        Arguments {
          Config {
            Delay { Duration = "500", Percentage = 50 }
          }
        }
      }`);
    expect(JSON.parse(text)).toMatchObject({ EnvoyExtensions: [{ Name: 'builtin/fault-injection' }] });
  });
});
