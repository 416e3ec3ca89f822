import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation, SentCall } from '../../src/api/explanation.ts';
import { Workspace } from './harness.ts';

type Explained = Explanation & { readonly sent: SentCall };

let mesh: Workspace;
beforeAll(async () => {
  mesh = new Workspace();
  await mesh.run('v5');
}, 60_000);
afterAll(() => mesh[Symbol.asyncDispose]());

async function explain(...args: string[]): Promise<Explained & { readonly code: number | null }> {
  const { code, stdout, stderr } = await mesh.mesh('explain', 'web', 'payments', '--send', '--json', ...args);
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as Explained), code };
}

const agreed = ({ sent }: Explained) => sent.findings.map(({ kind, agrees }) => [kind, agrees]);

describe('mesh explain --send on a canary', { timeout: 60_000 }, () => {
  it('says where who asks for v2 goes, and he does', async () => {
    const said = await explain('-H', 'X-Group: dev');
    expect(said).toMatchObject({ code: 0, verdict: 'passes', ways: [{ subset: 'v2', route: '/* x-group=dev' }] });
    expect(said.sent).toMatchObject({ result: 'answered', status: 200, route: '/* x-group=dev', endpoint: said.ways[0]!.endpoints[0] });
    expect(agreed(said)).toEqual(['answer', 'route', 'split', 'endpoints'].map((kind) => [kind, true]));
    const router = said.steps.find(({ kind }) => kind === 'route')!.origin!;
    expect(router.of).toBe('Routes[1] of service-router payments');
    expect(router.file).toMatchObject({ path: expect.stringMatching(/\/v4\/consul_config\/payments_router\.hcl$/), line: 2 });
  });

  it('says which rule refuses him, and it does', async () => {
    expect((await mesh.mesh('intention', 'create', '-deny', 'web', 'payments')).code).toBe(0);
    const said = await explain('-H', 'X-Group: dev');
    const rule = 'intention deny web => payments (precedence 9)';
    expect(said).toMatchObject({ code: 1, verdict: 'denied', summary: rule, sent: { status: 403, rule } });
    expect(agreed(said).every(([, agrees]) => agrees)).toBe(true);
    expect(said.fix).toMatch(/^mesh config write -cas -modify-index \d+ - <<'EOF'\n/);
    expect((await mesh.shell(said.fix!)).code).toBe(0);
    expect((await explain('-H', 'X-Group: dev')).code).toBe(0);
  });
});
