import { readdir, readFile } from 'node:fs/promises';
import { applyRecords, emptyState, type JournalRecord, type State } from '../../blueprints/state.ts';
import { type Applied, appliedIn } from '../applied.ts';
import type { Home } from '../home.ts';

/**
 * True if an agent that is gone has left something: resources in its journal, or processes. Only reads: another agent may be
 * starting at this moment.
 */
export async function hasSavedState(home: Home): Promise<boolean> {
  const processes = (await readdir(home.runDir).catch(() => [])).some((name) => name.endsWith('.pid'));
  if (processes) return true;
  const { resources, blueprints } = await savedState(home);
  return resources.size > 0 || blueprints.size > 0;
}

/** What the next agent will find applied, as its journal has it. */
export async function savedState(home: Home): Promise<State> {
  const content = await readFile(home.journalPath).catch(() => undefined);
  if (!content) return emptyState;
  const { scan } = await import('../../store/record.ts');
  return applyRecords(emptyState, scan(content).records as readonly JournalRecord[]);
}

/** The same in the form in which an agent tells it. */
export async function savedApplied(home: Home): Promise<Applied> {
  const { rememberedAddresses } = await import('../../drivers/process/address-book.ts');
  return appliedIn(await savedState(home), rememberedAddresses(home.runDir));
}
