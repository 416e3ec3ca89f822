import { renderDiagnostic } from '../../base/diagnostic.ts';
import type { EntryChange } from '../../entries/apply-plan.ts';
import { diffEntries } from '../../entries/entry-diff.ts';
import type { Io } from '../io.ts';
import { type ApplyOutcome, applyEntries } from './apply-client.ts';
import { afterWrite, attempt, type Command, Failure } from './command.ts';
import { loadEntrySet } from './entry-set.ts';
import type { Flag } from './flags.ts';
import { prepareSet } from './prepared-set.ts';

const SET: Flag = {
  name: 'set',
  kind: 'string',
  value: 'string',
  doc: 'Name of the set: written into the Meta of its entries, as mesh.apply/set.',
};
const PRUNE: Flag = {
  name: 'prune',
  kind: 'bool',
  doc: 'Delete what an earlier apply of the same set wrote and the files do not name any more. The set is called "default" without -set.',
};
const DRY_RUN: Flag = { name: 'dry-run', kind: 'bool', doc: 'Only show what would change, field by field, or why it can not.' };
const JSON_FLAG: Flag = { name: 'json', kind: 'bool', doc: 'Print the changes as JSON.' };
const EXIT_CODE: Flag = { name: 'detailed-exitcode', kind: 'bool', doc: 'Exit with 10 when something differs, with 0 when nothing does.' };

const DIFFERENT = 10;

export const configApply: Command = {
  name: 'config apply',
  synopsis: 'Write many config entries, all or none',
  usage: ['<folder>|<file>|-…'],
  completes: ['file'],
  description:
    'Makes the config entries of the datacenter those of files: all of them are written, or none is. Only what they lead to together\nhas to make sense, so that protocols and names can change which single writes can not change.\nA file holds one entry, several documents behind "---", a JSON list, blocks by kind (service-defaults "web" { … }) or what an agent\nhas under config_entries. Of a folder, all files below it are read.\nA Consul server has no such write: then entries are written one after the other, which is said.',
  examples: [
    'config apply consul/',
    'config apply -dry-run consul/',
    'config apply -set shop -prune consul/',
    'config apply - < entries.hcl',
  ],
  flags: [SET, PRUNE, DRY_RUN, JSON_FLAG],
  run: async ({ io, flags, args, client }) => {
    if (args.length === 0) throw new Failure('Must provide at least one file or folder with config entries, or - for standard input');
    const { entries, origins, warnings } = prepareSet(await loadEntrySet(args, io), io);
    const [prune, dryRun] = [flags.bool('prune'), flags.bool('dry-run')];
    const set = flags.string('set') || (prune ? 'default' : '');
    const api = await client();
    const outcome = await attempt('Error applying config entries', applyEntries(api, { entries, origins, set, prune, dryRun }));
    if (flags.bool('json')) io.out(asJson({ Applied: !dryRun, Atomic: outcome.atomic, Changes: jsonOf(outcome) }));
    else report(io, outcome, dryRun);
    for (const warning of warnings) io.err(`${warning}\n`);
    if (io.diagnostics) for (const caution of outcome.cautions) io.err(`${renderDiagnostic(caution)}\n`);
    if (!dryRun) await afterWrite(io, api);
    return 0;
  },
};

export const configDiff: Command = {
  name: 'config diff',
  synopsis: 'Show how config entries of files differ from those of the datacenter',
  usage: ['<folder>|<file>|-…'],
  completes: ['file'],
  description: 'What config apply would change, field by field; or why it can not.',
  examples: ['config diff consul/', 'config diff -set shop -prune -detailed-exitcode consul/'],
  flags: [SET, PRUNE, JSON_FLAG, EXIT_CODE],
  run: async (context) => {
    const { flags, io } = context;
    const { entries } = prepareSet(await loadEntrySet(context.args, io), io);
    const prune = flags.bool('prune');
    const set = flags.string('set') || (prune ? 'default' : '');
    const work = applyEntries(await context.client(), { entries, set, prune, dryRun: true });
    const outcome = await attempt('Error comparing config entries', work);
    if (flags.bool('json')) io.out(asJson({ Changes: jsonOf(outcome) }));
    else report(io, outcome, true);
    return flags.bool('detailed-exitcode') && outcome.changes.some(isChange) ? DIFFERENT : 0;
  },
};

const jsonOf = ({ changes }: ApplyOutcome): object[] =>
  changes.map(({ action, kind, name, before, after }) => ({ action, kind, name, before, after }));
const asJson = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

const isChange = ({ action }: EntryChange): boolean => action !== 'unchanged';
const SIGNS = { create: '+', update: '~', delete: '-', unchanged: ' ' } as const;

function report(io: Io, { changes, atomic, index }: ApplyOutcome, dryRun: boolean): void {
  for (const change of changes.filter(isChange)) {
    io.out(`${SIGNS[change.action]} ${change.kind}/${change.name}\n`);
    if (change.action === 'update' || (dryRun && change.action === 'create')) io.out(fieldLines(change));
  }
  const count = (action: EntryChange['action'], word: string): string[] => {
    const n = changes.filter((change) => change.action === action).length;
    return n === 0 ? [] : [`${n} ${word}`];
  };
  const parts = [
    ...count('create', 'created'),
    ...count('update', 'updated'),
    ...count('delete', 'deleted'),
    ...count('unchanged', 'unchanged'),
  ];
  const when = dryRun ? ' (nothing was written)' : index === undefined ? '' : ` (index ${index})`;
  io.out(`${parts.join(', ') || 'no config entries'}${when}\n`);
  if (atomic) return;
  io.err(
    dryRun
      ? 'this agent has no write of many entries: whether they fit together is not known\n'
      : 'this agent has no write of many entries: they were written one after the other\n',
  );
}

function fieldLines({ before, after }: EntryChange): string {
  const shown = (value: unknown): string => JSON.stringify(value);
  return diffEntries(before ?? {}, after ?? {})
    .filter(({ path, after: now }) => before || !(path === 'Kind' || path === 'Name' || saysNothing(now)))
    .map(({ path, before: old, after: now }) => {
      if (old === undefined) return `    + ${path}: ${shown(now)}\n`;
      return now === undefined ? `    - ${path}: ${shown(old)}\n` : `    ~ ${path}: ${shown(old)} -> ${shown(now)}\n`;
    })
    .join('');
}

const saysNothing = (value: unknown): boolean => value === null || value === '' || JSON.stringify(value) === '{}';
