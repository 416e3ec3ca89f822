import { readdir, readFile } from 'node:fs/promises';
import { applyRecord, emptyState, type JournalRecord } from '../../blueprints/state.ts';
import type { Home } from '../home.ts';

/**
 * True if an agent that is gone has left something: resources in its journal, or processes. Only reads: another agent may be
 * starting at this moment.
 */
export async function hasSavedState(home: Home): Promise<boolean> {
  const processes = (await readdir(home.runDir).catch(() => [])).some((name) => name.endsWith('.pid'));
  if (processes) return true;
  const content = await readFile(home.journalPath).catch(() => undefined);
  if (!content) return false;
  const { scan } = await import('../../store/record.ts');
  const { resources, blueprints } = (scan(content).records as readonly JournalRecord[]).reduce(applyRecord, emptyState);
  return resources.size > 0 || blueprints.size > 0;
}
