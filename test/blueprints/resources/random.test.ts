import { describe, expect, it } from 'vitest';
import type { ChosenSpec } from '../../../src/blueprints/random/chosen.ts';
import { choosePassword } from '../../../src/blueprints/random/password.ts';
import { resourceTypeOf } from '../../../src/blueprints/resources/index.ts';
import { load, runningOf } from '../fixture.ts';
import { workspace } from '../workspace.ts';

const MAIN = `
random_number "n" {
  minimum = 5
  maximum = 7
}
random_id "i" {
  byte_length = 4
}
random_uuid "u" {}
random_creature "c" {}
random_password "p" {
  length           = 12
  special          = false
  min_numeric      = 3
}
`;

type Resource = { readonly key: string; readonly type: string; readonly spec: unknown };

async function read(text: string, before: readonly (Resource & { stale?: true })[] = []): Promise<Resource[]> {
  const folder = workspace({ 'main.hcl': text });
  const { graph, diagnostics } = await load(folder, [], { running: () => Promise.resolve(runningOf(before)) });
  expect(diagnostics).toEqual([]);
  return [...graph!.resources];
}

const outputs = ({ type, spec }: Resource) => resourceTypeOf(type)!.outputs!.of(spec, undefined) as Record<string, string & number>;
const find = (resources: readonly Resource[], key: string) => outputs(resources.find((one) => one.key === key)!);

describe('random_*', () => {
  it('are known before anything is applied', async () => {
    const made = await read(MAIN);
    expect([5, 6, 7]).toContain(find(made, 'random_number.n')['value']);
    const { hex, dec, base64 } = find(made, 'random_id.i');
    expect(hex).toMatch(/^[\da-f]{8}$/);
    expect(BigInt(dec!)).toBe(BigInt(`0x${hex}`));
    expect(Buffer.from(base64!, 'base64').toString('hex')).toBe(hex);
    expect(find(made, 'random_uuid.u')['value']).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(find(made, 'random_creature.c')['value']).toMatch(/^[a-z]+-[a-z]+$/);
    expect(find(made, 'random_password.p')['value']).toMatch(/^(?=(.*\d){3})[a-zA-Z\d]{12}$/);
  });

  it('stay the same as long as their own attributes do, and are not tainted', async () => {
    const first = await read(MAIN);
    const same = await read(MAIN.replace('maximum = 7', 'maximum = 1000000000'), first);
    const values = (resources: readonly Resource[]) => Object.fromEntries(resources.map((one) => [one.key, outputs(one)]));
    const [{ 'random_number.n': before, ...kept }, { 'random_number.n': after, ...still }] = [values(first), values(same)];
    expect(still).toEqual(kept);
    expect(after).not.toEqual(before);
    const tainted = await read(
      MAIN,
      first.map((one) => ({ ...one, stale: true })),
    );
    for (const key of ['random_id.i', 'random_uuid.u', 'random_password.p']) expect(find(tainted, key)).not.toEqual(find(first, key));
  });

  it('a password stands only where what is shown passes it over', async () => {
    const spec = (await read(MAIN)).find(({ key }) => key === 'random_password.p')!.spec as ChosenSpec;
    expect(spec).toEqual({ asked: expect.anything(), secret: { value: expect.any(String) } });
    expect(JSON.stringify(spec.asked)).not.toContain(spec.secret!['value'] as string);
  });

  it('a password has exactly its minima when they fill it', async () => {
    const alphabets = [
      { name: 'numeric', characters: '1', minimum: 2 },
      { name: 'lower', characters: 'a', minimum: 3 },
    ];
    const made = await Promise.all(Array.from({ length: 50 }, () => choosePassword(5, alphabets)));
    for (const one of made) expect(one.split('').toSorted().join('')).toBe('11aaa');
    expect(new Set(made).size).toBeGreaterThan(1);
  });
});
