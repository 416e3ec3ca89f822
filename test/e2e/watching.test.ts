import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Denials } from '../../src/api/denial.ts';
import type { TappedRequest } from '../../src/compile/proxy-config.ts';
import { eventually, Workspace } from './harness.ts';

/** A mesh whose web may not call payments, watched as somebody at a shell would. */
let shell: Workspace;
/** Where web's application finds payments. */
let payments = '';
beforeAll(async () => {
  shell = new Workspace();
  await shell.run('v2');
  const { proxies } = await shell.status();
  payments = `http://${proxies.find(({ service }) => service === 'web')!.upstreams[0]!.listen}`;
  await typed(`mesh config write - <<'EOF'\nKind = "service-defaults"\nName = "payments"\nProtocol = "http"\nEOF`);
  await typed('mesh intention create -deny web payments');
}, 60_000);
afterAll(() => shell[Symbol.asyncDispose]());

async function typed(line: string): Promise<string> {
  const { code, stdout, stderr } = await shell.shell(line);
  expect(code, `${line}\n${stderr}`).toBe(0);
  return stdout;
}

const statusOf = async (path: string): Promise<number> => (await fetch(payments + path)).status;

describe('at a shell', () => {
  it('what mesh why-denied prints lets exactly that request pass', async () => {
    expect(
      await eventually(
        () => statusOf('/currency'),
        (status) => status === 403,
      ),
    ).toBe(403);
    expect(await typed('mesh why-denied web payments --since 5m')).toContain('intention deny web => payments (precedence 9)');
    const { denials } = JSON.parse(await typed('mesh why-denied web payments --json')) as Denials;
    await typed(denials.find(({ request }) => request?.path === '/currency')!.fix!);
    expect([await statusOf('/currency'), await statusOf('/other')]).toEqual([200, 403]);
  });

  it('mesh tap ends with the reader of its pipe', async () => {
    let over = false;
    const reading = shell.shell('mesh tap --to payments --path /currency --json | head -n 1').finally(() => (over = true));
    await eventually(
      () => statusOf('/currency'),
      () => over,
    );
    const { code, stdout, stderr } = await reading;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout) as TappedRequest).toMatchObject({ source: 'web', target: '/currency', status: 200 });
  });

  it('mesh events tells the story, and mesh logs what the two have said', async () => {
    const events = await typed('mesh events');
    for (const told of [
      /blueprint +v2 was applied: \d+ created$/m,
      /workload +payments is ready, pid \d+$/m,
      /config +service-defaults payments was written$/m,
      /intention +intention web => payments denies, and is new$/m,
      /sidecar +payments-sidecar-proxy serves index \d+$/m,
      /denied +web was refused GET \/currency of payments(?:, \d+ times by now)?: intention deny web => payments \(precedence 9\)$/m,
    ])
      expect(events).toMatch(told);
    const lines = (await typed('mesh logs web payments --json')).trim().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as { at: number; source: string });
    expect(new Set(logged.map(({ source }) => source)).size).toBe(2);
    expect(logged.map(({ at }) => at)).toEqual(logged.map(({ at }) => at).toSorted((a, b) => a - b));
  });
});
