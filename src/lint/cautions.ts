import type { Finding } from '../api/finding.ts';
import { shellWord } from '../base/shell-word.ts';
import { entries } from '../catalog/queries.ts';
import { entryCautions } from '../compile/check-cautions.ts';
import { entryKind } from '../entries/table.ts';
import { writesOf } from './contradictions.ts';
import { ofEntry } from './finding.ts';
import type { Looked } from './names.ts';

/** What single entries do otherwise than it seems. As a write of them is warned of. */
export function ownCautions({ s, dc }: Looked): Finding[] {
  return entries(s, dc).value.flatMap((one) =>
    (entryKind(one.Kind)?.validate(one) ?? [])
      .filter(({ severity }) => severity === 'warning')
      .map(
        ({ summary, hint, path }): Finding => ({
          code: 'caution',
          severity: 'warning',
          summary: `${one.Kind} ${one.Name}: ${summary}`,
          fix: hint ?? `mesh config read -kind ${one.Kind} -name ${shellWord(one.Name)}, and change it`,
          datacenter: dc,
          about: ofEntry(one),
          ...(path === undefined ? {} : { path }),
        }),
      ),
  );
}

/** What they do together. */
export function jointCautions(looked: Looked): Finding[] {
  return entryCautions(looked.s, writesOf(looked)).map(
    ({ summary, hint, about, path }): Finding => ({
      code: path?.startsWith('Sources') ? 'intention' : 'caution',
      severity: 'warning',
      summary,
      fix: hint,
      datacenter: looked.dc,
      about,
      ...(path === undefined ? {} : { path }),
    }),
  );
}
