import { describe, expect, it } from 'vitest';
import type { Denial } from '../../../src/api/denial.ts';
import { originText } from '../../../src/app/cli/shown-place.ts';
import { renderDenials } from '../../../src/app/cli/why-denied-view.ts';
import { styleOf } from '../../../src/ui/style.ts';

const folders = { cwd: '/home/u/shop', shipped: '/usr/lib/node_modules/mesh/blueprints' };

it.each([
  [undefined, 'service-router payments'],
  ['/home/u/shop/routes.hcl', 'service-router payments, routes.hcl:8'],
  ['/home/u/other/routes.hcl', 'service-router payments, /home/u/other/routes.hcl:8'],
  ['/etc/r.hcl', 'service-router payments, /etc/r.hcl:8'],
  ['/usr/lib/node_modules/mesh/blueprints/v4/versions.hcl', 'service-router payments, shipped v4/versions.hcl:8'],
])('an entry of %s is shown as %s', (path, shown) => {
  const of = 'service-router payments';
  expect(originText(path === undefined ? { of } : { of, file: { path, line: 8 } }, folders)).toBe(shown);
});

describe('a refusal', () => {
  const denial: Denial = {
    proxy: 'dc1/local/payments-sidecar-proxy',
    source: 'web',
    sourceDatacenter: 'dc1',
    identity: '',
    destination: 'payments',
    destinationDatacenter: 'dc1',
    protocol: 'http',
    request: { method: 'GET', host: 'payments', path: '/' },
    status: 403,
    reason: 'intention deny web => payments (precedence 9)',
    origin: { of: 'service-intentions payments', file: { path: '/home/u/shop/main.hcl', line: 3 } },
    firstAt: 1_000,
    lastAt: 6_000,
    times: 2,
  };
  const shown = async (more: Partial<Denial>, width?: number): Promise<string> =>
    renderDenials([{ ...denial, ...more }], { ...folders, now: 9_000, style: await styleOf(false), width });

  it.each<[string, Partial<Denial>, string]>([
    [
      'that is over',
      { passes: true, decidesNow: 'intention allow web => payments (precedence 9)' },
      '  It would pass now: intention allow web => payments (precedence 9)',
    ],
    ['whose rule is kept back', {}, '  What would allow it is only shown to those who may read the entry (intention:read).'],
    ['of a token', { token: 'it has expired' }, '  To be let in, it has to carry such a token; no command replaces that.'],
    [
      'that a command ends',
      { decidesNow: denial.reason, fix: 'mesh intention create -allow web payments' },
      'To allow exactly this:\nmesh intention create -allow web payments',
    ],
    [
      'of another rule by now, that nothing so narrow ends',
      { decidesNow: 'intention deny * => * (precedence 5)', advice: 'payments carries bytes' },
      '  It would be refused now by: intention deny * => * (precedence 5)\n  No command allows this alone: payments carries bytes.',
    ],
    [
      'that a command ends, and a token',
      { decidesNow: denial.reason, fix: 'mesh config write -', advice: 'it has to carry a token of okta as well' },
      '  Then it has to carry a token of okta as well.\nTo allow exactly this:\nmesh config write -',
    ],
  ])('%s says what comes next', async (_, more, last) => {
    const head = 'web -> payments GET /: 403, 2 times, last 3s ago\n  intention deny web => payments (precedence 9)\n';
    expect(await shown(more)).toBe(`${head}  of service-intentions payments, main.hcl:3\n${last}\n`);
  });

  it('breaks its lines where a terminal is narrow, but for the command', async () => {
    const fix = 'mesh intention create -allow -datacenter somewhere web payments';
    expect((await shown({ decidesNow: denial.reason, fix }, 40)).split('\n')).toEqual([
      'web -> payments GET /:',
      '  403, 2 times, last 3s ago',
      '  intention deny web => payments',
      '  (precedence 9)',
      '  of service-intentions payments,',
      '  main.hcl:3',
      'To allow exactly this:',
      fix,
      '',
    ]);
  });
});
