import { describe, expect, it } from 'vitest';
import { planSummary, planText, summaryText } from '../../../src/app/cli/plan-view.ts';
import type { PlannedChange, PlanReport } from '../../../src/blueprints/plan-report.ts';
import { styleOf } from '../../../src/ui/style.ts';

const change = (action: PlannedChange['action'], key: string, more: Partial<PlannedChange> = {}): PlannedChange => ({
  action,
  key,
  causes: [],
  others: [],
  ...more,
});

const report = (changes: readonly PlannedChange[], more: Partial<PlanReport> = {}): PlanReport => ({
  first: [],
  blueprint: { id: '/shop', name: 'shop' },
  changes,
  deferred: [],
  replaces: [],
  resumes: false,
  ...more,
});

const text = async (of: PlanReport, interactive = false): Promise<string[]> => {
  const placeOf = (_: string, cause: { kind: string }) => (cause.kind === 'attribute' ? 'shop/web.hcl:7:5' : undefined);
  return planText(of, { typed: './my shop', cwd: '/', placeOf, interactive }, await styleOf(false)).split('\n');
};

describe('a plan', () => {
  it('has a line for each resource that something happens to, with the reasons below', async () => {
    const changes = [
      change('destroy', 'container.old'),
      change('create', 'container.web', { definedAt: 'shop/web.hcl:1' }),
      change('update', 'k8s_config.web', { definedAt: 'shop/web.hcl:2', causes: [{ kind: 'file', path: '/k8s/web.yml' }] }),
      change('replace', 'container.db', {
        definedAt: 'shop/db.hcl:1',
        causes: [
          { kind: 'attribute', path: 'image.name', before: 'db:1', after: 'db:2' },
          { kind: 'attribute', path: 'env_var.PASSWORD', secret: true },
          { kind: 'attribute', path: 'port.host', after: 5432 },
          { kind: 'attribute', path: 'env_var.ID', before: 'x', after: { unknown: true } },
          { kind: 'attribute', path: 'script', before: 'a\nb\n', after: 'a\nc\n' },
          { kind: 'attribute', path: 'long', before: 'x'.repeat(100), after: { long: 4000, digest: '0' } },
          { kind: 'computed', path: 'workload.names' },
        ],
      }),
      change('replace', 'ingress.db', { definedAt: 'shop/db.hcl:9', causes: [{ kind: 'resource', key: 'container.db' }] }),
      change('replace', 'exec_local.seed', { causes: [{ kind: 'status', text: 'it is tainted' }] }),
      change('share', 'network.local', { others: ['base'] }),
      change('disown', 'network.wan', { others: ['base'] }),
      change('keep', 'output.x'),
    ];
    expect(await text(report(changes))).toEqual([
      '  - container.old    is not in shop any more',
      '  + container.web    shop/web.hcl:1',
      '  ~ k8s_config.web   shop/web.hcl:2',
      '      k8s/web.yml has changed',
      '-/+ container.db     shop/db.hcl:1',
      '      image.name: "db:1" -> "db:2"  shop/web.hcl:7:5',
      '      env_var.PASSWORD: changed (not shown)  shop/web.hcl:7:5',
      '      port.host: (none) -> 5432  shop/web.hcl:7:5',
      '      env_var.ID: "x" -> (known after apply)  shop/web.hcl:7:5',
      '      script: line 2: "b" -> "c"  shop/web.hcl:7:5',
      `      long: "${'x'.repeat(58)}… -> (4000 characters)  shop/web.hcl:7:5`,
      '      what is made of it has changed: workload.names',
      '-/+ ingress.db       shop/db.hcl:9  because container.db is replaced',
      '-/+ exec_local.seed',
      '      it is tainted',
      '  = network.local    runs already, of base: shared',
      '  = network.wan      stays for base',
      '',
      'Plan for shop: 1 to create, 1 to change, 3 to replace, 1 to remove, 2 shared; 1 stays as it is',
      '',
    ]);
  });

  it('says what takes the place of another blueprint, and what to type', async () => {
    const changes = [
      change('swap', 'container.web', { definedAt: 'shop/web.hcl:1', others: ['v1'] }),
      change('destroy', 'container.old', { others: ['v1'] }),
    ];
    expect(await text(report(changes, { replaces: ['v1'], resumes: true }), true)).toEqual([
      '+/- container.web  shop/web.hcl:1  takes the place of that of v1',
      '  - container.old  of v1',
      '      shop is paused, and starts again',
      '      v1 is removed when all of it is ready',
      '',
      'Plan for shop: 1 to replace, 1 to remove',
      "Next: mesh run './my shop' --replace v1",
      '',
    ]);
  });

  it('is one line if there is nothing to do', async () => {
    expect(await text(report([change('keep', 'container.web')]), true)).toEqual(['Nothing to do: shop runs already, as its files say', '']);
  });

  it('counts', () => {
    const changes = [change('keep', 'a'), change('keep', 'b'), change('swap', 'c'), change('replace', 'd'), change('create', 'e')];
    expect(planSummary(report(changes))).toEqual({ create: 1, change: 0, replace: 2, remove: 0, share: 0, keep: 2, later: 0 });
    expect(summaryText(planSummary(report(changes)))).toBe('1 to create, 2 to replace; 2 stay as they are');
  });
});

describe('what is known only after apply', () => {
  it('is told with what it comes after, and counts', async () => {
    const later = report([change('create', 'exec.setup', { definedAt: 'a.hcl:1' })], {
      deferred: [
        { key: 'template.config', dependsOn: ['exec.setup'] },
        { key: 'output.text', dependsOn: ['template.config'], anew: true },
      ],
    });
    const lines = await text(later);
    expect(lines).toContain('  ? template.config  (known after apply: it comes after exec.setup)');
    expect(lines).toContain('-/+ output.text      (made anew, known after apply: it comes after template.config)');
    expect(summaryText(planSummary(later))).toBe('1 to create, 2 known after apply');
  });
});
