import { messageOf } from '../../base/errors.ts';
import { goJson } from '../../base/go-json.ts';
import { attempt, type Command, Failure } from './command.ts';
import { KIND, NAME, required } from './config-flags.ts';

export const configRead: Command = {
  name: 'config read',
  synopsis: 'Read a config entry',
  usage: ['-kind <config kind> -name <config name>'],
  description: 'Prints one config entry as JSON.',
  examples: ['config read -kind service-defaults -name payments', 'config read -kind proxy-defaults -name global'],
  flags: [KIND, NAME],
  run: async ({ io, flags, client }) => {
    const kind = required(flags, KIND);
    const name = required(flags, NAME);
    const what = `Error reading config entry ${kind}/${name}`;
    const api = await client();
    const path = `/v1/config/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
    const body = await attempt(
      what,
      api.expectOk('GET', path).catch((error: unknown) => explainKind(kind, error)),
    );
    // Consul's command line does not know of digests.
    const { Hash: _, ...entry } = (await attempt(what, Promise.resolve(body).then(JSON.parse))) as Record<string, unknown>;
    io.out(`${goJson(entry, '    ')}\n`);
    return 0;
  },
};

/** Consul's command line knows the kinds itself. The table of them is only loaded once something has gone wrong. */
async function explainKind(kind: string, error: unknown): Promise<never> {
  const { isKnownKind } = await import('../../entries/table.ts');
  if (!isKnownKind(kind)) throw new Error(`invalid config entry kind: ${kind}`, { cause: error });
  throw error instanceof Error ? error : new Failure(messageOf(error));
}
