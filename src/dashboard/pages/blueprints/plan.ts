import type { DiagnosticJson } from '../../../base/diagnostic.ts';

/** What `mesh plan --json` prints, as far as it is shown here. */
export interface Plan {
  readonly first?: readonly { readonly blueprint: { readonly name: string }; readonly changes: readonly Change[] }[];
  readonly changes: readonly Change[];
  readonly deferred?: readonly { readonly key: string; readonly dependsOn: readonly string[] }[];
}

export interface Change {
  readonly action: string;
  readonly key: string;
  readonly causes?: readonly Cause[];
}

interface Cause {
  readonly kind: string;
  readonly path?: string;
}

/** What a command prints with `--json` when it fails. */
export interface Failure {
  readonly message: string;
  readonly hint?: string;
  readonly diagnostics?: readonly DiagnosticJson[];
}

export interface Step {
  readonly key: string;
  readonly action: string;
  /** Which attributes differ, where that is why. */
  readonly why: string;
}

const WORDS: Readonly<Record<string, string>> = {
  create: 'create',
  update: 'change',
  replace: 'replace',
  swap: 'replace',
  destroy: 'remove',
  share: 'share',
  disown: 'leave to others',
};

const LATER = 'know later';

/** What a run would do, in order; what stays as it is is left out. */
export function stepsOf({ first = [], changes, deferred = [] }: Plan): Step[] {
  const later = deferred.map(({ key, dependsOn }) => ({ key, action: LATER, why: `it comes after ${dependsOn.join(', ')}` }));
  return [...first.flatMap((one) => stepsIn(one.changes)), ...stepsIn(changes), ...later];
}

const stepsIn = (changes: readonly Change[]): Step[] =>
  changes
    .filter(({ action }) => action !== 'keep')
    .map(({ action, key, causes = [] }) => ({
      key,
      action: WORDS[action] ?? action,
      why: causes.map(({ kind, path }) => path ?? kind).join(', '),
    }));

/** `2 to create, 1 to replace`; empty: nothing. */
export function summaryOf(steps: readonly Step[]): string {
  const counts = new Map<string, number>();
  for (const { action } of steps) counts.set(action, (counts.get(action) ?? 0) + 1);
  return Array.from(counts, ([action, count]) => `${count} to ${action}`).join(', ');
}

/** The error in what a command printed. */
export function failureOf(value: unknown): Failure | undefined {
  const { error } = (value ?? {}) as { error?: Failure };
  return typeof error?.message === 'string' ? error : undefined;
}
