import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, Workspace } from './harness.ts';

interface Found {
  readonly section: string;
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly hint?: string;
}

const shop = (upstream: string, config = '') => `service {
  name = "shop"
  port = 7777
  connect { sidecar_service { proxy { upstreams = [{ destination_name = "${upstream}", local_bind_port = 7778${config} }] } } }
}
`;

describe('mesh doctor', () => {
  it('finds what was broken in a mesh that runs, and what it says mends it', async () => {
    await using mesh = new Workspace();
    const doctor = async () => {
      const { code, stdout } = await mesh.mesh('doctor', '--json');
      const { findings } = JSON.parse(stdout) as { findings: Found[] };
      // What this machine has besides is no business of this test.
      return { code, wrong: findings.filter(({ state, section }) => state !== 'ok' && section !== 'This machine') };
    };
    const names = async () => (await doctor()).wrong.map(({ name, state }) => `${state} ${name}`);
    const proxy = (...words: string[]) => mesh.mesh('troubleshoot', 'proxy', '-upstream-envoy-id', 'payments', '-sidecar', 'web', ...words);
    await mesh.run('v2');
    expect(await names()).toEqual([]);
    const proven = await proxy();
    expect(proven).toMatchObject({ code: 0, stderr: '' });
    expect(proven.stdout).toMatch(/^==> Validation\n ✓ Certificates are valid\n ✓ Sidecar has 0 rejected configurations\n/);
    expect(proven.stdout).toMatch(
      /\n ✓ Mutual TLS with "payments" is proven up to its application: spiffe:.*\/svc\/web and spiffe:.*\/svc\/payments\n/,
    );

    // An upstream with a slip of the pen, then one that speaks otherwise.
    const register = async (text: string) => {
      writeFileSync(join(mesh.cwd, 'shop.hcl'), text);
      expect(await mesh.mesh('services', 'register', 'shop.hcl')).toMatchObject({ code: 0 });
    };
    await register(shop('paymnets'));
    const slip = await eventually(doctor, ({ wrong }) => wrong.some(({ name }) => name === 'upstream'));
    expect(slip.code).toBe(1);
    const { found, hint } = slip.wrong.find(({ name }) => name === 'upstream')!;
    expect([found, hint]).toEqual([
      'upstream paymnets of shop leads nowhere: no service paymnets is registered',
      'register paymnets, or correct the name (did you mean payments?)',
    ]);
    await register(shop('payments', ', config { protocol = "http" }'));
    const differs = await eventually(doctor, ({ wrong }) => wrong.some(({ name }) => name === 'protocol'));
    expect(differs.wrong.some(({ name }) => name === 'upstream')).toBe(false);
    const command = differs.wrong.find(({ name }) => name === 'protocol')!.hint!;
    expect(command).toBe(`echo '{"Kind":"service-defaults","Name":"payments","Protocol":"http"}' | mesh config write -`);
    expect(await mesh.shell(command)).toMatchObject({ code: 0 });
    expect(await names()).not.toContain('warn protocol');

    // An intention of nobody.
    expect(await mesh.mesh('intention', 'create', '-deny', 'wbe', 'payments')).toMatchObject({ code: 0 });
    const never = (await doctor()).wrong.find(({ name }) => name === 'intention')!;
    expect(never.found).toBe(
      'intention wbe => payments never matches: no service wbe is registered (did you mean web?), so it never calls',
    );
    expect(await mesh.shell(never.hint!)).toMatchObject({ code: 0 });
    expect(await names()).not.toContain('warn intention');

    // One that refuses: said by the rule, and by the sidecar that was asked.
    expect(await mesh.mesh('intention', 'create', '-deny', 'web', 'payments')).toMatchObject({ code: 0 });
    const denied = await proxy();
    expect(denied.code).toBe(1);
    expect(denied.stdout).toContain(
      ' ! Intention "web => payments" (precedence 9) denies\n  -> mesh intention create -allow -replace web payments\n',
    );
    expect(denied.stdout).toContain(' ! Mutual TLS with "payments" works, and the sidecar behind it refuses web');
    expect(await mesh.shell('mesh intention create -allow -replace web payments')).toMatchObject({ code: 0 });
    expect(await proxy('-json')).toMatchObject({ code: 0 });

    // A workload that ends again and again, until it waits for its next start.
    const ended = await eventually(
      async () => {
        const pid = (await mesh.status()).workloads.find(({ name }) => name === 'payments')?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        const { code, wrong } = await doctor();
        return { code, wrong, said: (await proxy()).stdout };
      },
      ({ wrong, said }) => wrong.some(({ name }) => name === 'unhealthy') && said.includes(' ! No healthy endpoints'),
      40_000,
    );
    expect(ended.code).toBe(1);
    const foundOf = (name: string) => ended.wrong.find((one) => one.name === name)?.found;
    expect(foundOf('workloads')).toMatch(/^payments .*signal 9 \(SIGKILL\)/);
    expect(foundOf('unhealthy')).toMatch(/^payments: its instance is not healthy: payments: check /);
    expect(ended.said).toMatch(
      / ! No healthy endpoints for cluster "payments\.[^\n]*\n {2}-> upstream payments of web leads nowhere: no instance of payments is healthy: /,
    );
  }, 90_000);
});
