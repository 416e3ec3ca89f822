import { renderDiagnostic } from '../../../base/diagnostic.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Io } from '../../io.ts';
import { Failure } from '../command.ts';

/** The body of a registration: as the API writes it. */
export interface Registration {
  readonly ID?: string;
  readonly Name?: string;
  readonly Tags?: readonly string[];
  readonly Meta?: Readonly<Record<string, string>>;
  readonly TaggedAddresses?: Readonly<Record<string, { readonly Address: string; readonly Port: number }>>;
  readonly [field: string]: unknown;
}

/** Files have an `id` in checks, the API has none: it is the CheckID. */
function withCheckIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCheckIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'Check') return [name, renamed(inner)];
      if (name === 'Checks') return [name, (inner as readonly unknown[]).map(renamed)];
      return [name, name === 'Connect' || name === 'SidecarService' ? withCheckIds(inner) : inner];
    }),
  );
}

function renamed(check: unknown): unknown {
  const { ID, ...rest } = check as { readonly ID?: string };
  return ID ? { CheckID: ID, ...rest } : rest;
}

/** The services in configuration files of an agent. Rejects with a Failure in Consul's words. */
export async function readDefinitions(paths: readonly string[], io: Io): Promise<readonly Registration[]> {
  const { loadSettings } = await import('../../agent-config/load.ts');
  const { ConfigRefused } = await import('../../agent-config/read.ts');
  try {
    const given = { paths, fragments: [], lists: {}, values: {}, dev: true, needsDataDir: false, cwd: io.cwd };
    const { settings, warnings } = await loadSettings(given);
    // That a file was passed over is all that concerns services; what an agent would say of the rest does not.
    for (const { summary } of warnings) if (summary.startsWith('skipping file')) io.err(`${summary}\n`);
    return settings.services.map((service) => withCheckIds(service) as unknown as Registration);
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    const line = `Error: ${messageOf(error)}`;
    const more = io.diagnostics ? error.diagnostics.map((one) => renderDiagnostic(one)).join('\n') : '';
    throw new Failure(more === '' ? line : `${line}\n${more}`);
  }
}
