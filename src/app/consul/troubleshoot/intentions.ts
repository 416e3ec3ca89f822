import { sameName } from '../../../base/same-name.ts';
import { shellWord } from '../../../base/shell-word.ts';
import type { ApiClient } from '../client.ts';
import { bad, doubtful, good, type Message } from './report.ts';

/** Of `/v1/connect/intentions/match`: in order of precedence. */
interface IntentionJson {
  readonly SourceName: string;
  readonly DestinationName: string;
  readonly Action?: string;
  readonly Permissions?: readonly object[] | null;
  readonly Precedence: number;
}

/** Which intention decides about calls of a source, beyond Consul's, whose command does not look. */
export async function validateIntentions(api: ApiClient, source: string, destination: string): Promise<Message[]> {
  const query = { by: 'destination', name: destination };
  const answer = await api.send('GET', '/v1/connect/intentions/match', { query });
  if (answer.status !== 200) return [doubtful(`Intentions for ${JSON.stringify(destination)} can't be read: ${answer.body.trim()}`)];
  const all = (JSON.parse(answer.body) as Record<string, IntentionJson[] | null>)[destination] ?? [];
  const deciding = all.find(({ SourceName: name }) => name === '*' || sameName(name, source));
  if (!deciding) return [await byDefault(api, source, destination)];
  const { SourceName, DestinationName, Action, Permissions, Precedence } = deciding;
  const rule = `Intention "${SourceName} => ${DestinationName}" (precedence ${Precedence})`;
  if (Permissions?.length) {
    const look = `mesh explain ${shellWord(source)} ${shellWord(destination)} --path /… tells which decides for a request`;
    return [
      doubtful(`${rule} decides request by request, by ${Permissions.length} permission${Permissions.length === 1 ? '' : 's'}`, look),
    ];
  }
  if (Action === 'allow') return [good(`${rule} allows`)];
  return [bad(`${rule} denies`, allow(source, destination))];
}

async function byDefault(api: ApiClient, source: string, destination: string): Promise<Message> {
  const query = { source, destination, 'source-type': 'consul' };
  const answer = await api.send('GET', '/v1/connect/intentions/check', { query });
  const allowed = answer.status === 200 && (JSON.parse(answer.body) as { Allowed: boolean }).Allowed;
  const text = `No intention speaks of "${source} => ${destination}": the default ${allowed ? 'allows' : 'denies'}`;
  return allowed ? good(text) : bad(text, allow(source, destination));
}

const allow = (source: string, destination: string): string =>
  `mesh intention create -allow -replace ${shellWord(source)} ${shellWord(destination)}`;
