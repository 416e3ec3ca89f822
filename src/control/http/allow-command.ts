import { shellWord } from '../../base/shell-word.ts';
import type { Allowance } from '../../explain/allowance.ts';
import { entryText } from './config-text.ts';

/** An allowance as a command that can be typed. An entry that somebody else has written meanwhile is not overwritten. */
export function allowCommand(allowance: Allowance, datacenter: string | undefined): string {
  const dc = datacenter === undefined ? '' : `-datacenter ${shellWord(datacenter)} `;
  if (allowance.type === 'intention') {
    const { source, destination, replaces } = allowance;
    return `mesh intention create ${dc}-allow ${replaces ? '-replace ' : ''}${shellWord(source)} ${shellWord(destination)}`;
  }
  return `mesh config write ${dc}-cas -modify-index ${allowance.before} - <<'EOF'\n${entryText(allowance.entry).trimEnd()}\nEOF`;
}
