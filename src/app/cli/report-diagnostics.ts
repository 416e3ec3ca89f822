import { type Diagnostic, diagnosticToJson, hasErrors, renderBriefly, renderDiagnostic, type Severity } from '../../base/diagnostic.ts';
import { MeshError } from '../../base/errors.ts';
import type { LoadResult } from '../../blueprints/load.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';

/** Shows diagnostics in full on stderr, with a blank line behind each. */
export async function showDiagnostics(diagnostics: readonly Diagnostic[], io: Io): Promise<void> {
  const style = await styleOf(io.terminal.colour);
  for (const diagnostic of diagnostics) io.err(`${renderDiagnostic(diagnostic, style)}\n\n`);
}

export function countOf(severity: Severity, diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Warnings go to stderr, unless there is nothing that the user could change (a shipped blueprint); errors end the command
 * with all of them. `begun`: a part of the blueprint has been applied already.
 */
export async function reportDiagnostics(
  { diagnostics }: LoadResult,
  { json, quiet, begun }: { json: boolean; quiet: boolean; begun?: boolean },
  io: Io,
): Promise<void> {
  if (hasErrors(diagnostics)) {
    if (!json) await showDiagnostics(diagnostics, io);
    const errors = `the blueprint has ${counted(countOf('error', diagnostics), 'error')}`;
    const message = begun ? `${errors} that only what was applied has shown; the rest of it waits` : `${errors}; nothing was changed`;
    throw new MeshError(begun ? 'incomplete' : 'invalid', message, json ? { diagnostics: diagnostics.map(diagnosticToJson) } : {});
  }
  // Warnings are many words for something that works.
  if (!json && !quiet) for (const diagnostic of diagnostics) io.err(`${renderBriefly(diagnostic)}\n`);
}
