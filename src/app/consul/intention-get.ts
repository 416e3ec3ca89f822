import { goJson } from '../../base/go-json.ts';
import { sortedEntries } from '../../base/order.ts';
import { type ApiClient, type ApiResponse, unexpected } from './client.ts';
import { columns } from './columns.ts';
import { attempt, type Command, Failure } from './command.ts';
import { isOldConsul } from './compat.ts';
import { destinationOf, type Intention, sourceOf } from './intention-model.ts';
import { JSON_FLAGS, printJson, wantsJson } from './json.ts';

export const intentionGet: Command = {
  name: 'intention get',
  synopsis: 'Show one intention',
  usage: ['SRC DST', 'ID'],
  completes: ['service', 'service'],
  description: 'Shows the intention with exactly these names, "*" taken literally, or of an id.',
  examples: ['intention get web db'],
  flags: JSON_FLAGS,
  run: async ({ io, flags, args, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const intention = await find(api, args, isOldConsul(io));
    if (json) {
      printJson(io, intention);
      return 0;
    }
    const facts: string[][] = [
      ['Source:', sourceOf(intention)],
      ['Destination:', destinationOf(intention)],
    ];
    if (intention.Action) facts.push(['Action:', intention.Action]);
    if (intention.ID) facts.push(['ID:', intention.ID]);
    if (intention.Description) facts.push(['Description:', intention.Description]);
    for (const [key, value] of sortedEntries(intention.Meta ?? {})) facts.push([`Meta[${key}]:`, value]);
    facts.push(['Created At:', rfc850(intention.CreatedAt)]);
    io.out(`${columns(facts)}\n`);
    if (intention.Permissions?.length) io.out(`Permissions:\n${goJson(intention.Permissions, '  ')}\n`);
    return 0;
  },
};

async function find(api: ApiClient, args: readonly string[], old: boolean): Promise<Intention> {
  const [first = '', second] = args;
  if (args.length !== 1 && args.length !== 2) throw new Failure('Error: command requires exactly 1 or 2 arguments');
  const reading = 'Error reading the intention';
  if (second === undefined) {
    const { status, body } = await attempt(reading, api.send('GET', `/v1/connect/intentions/${encodeURIComponent(first)}`));
    if (status === 404) throw new Failure(`Intention not found with ID ${JSON.stringify(first)}`);
    // Consul words this one differently from all its other answers.
    if (status !== 200) throw new Failure(`${reading}: Unexpected response ${status}: ${body}`);
    return JSON.parse(body) as Intention;
  }
  const intention = await attempt(reading, old ? findByNames(api, first, second) : getExact(api, first, second));
  if (!intention) throw new Failure(`Intention not found with source ${JSON.stringify(first)} and destination ${JSON.stringify(second)}`);
  return intention;
}

/** The intention with exactly these names; undefined when there is none. */
export async function getExact(api: ApiClient, source: string, destination: string): Promise<Intention | undefined> {
  const response = await api.send('GET', '/v1/connect/intentions/exact', { query: { source, destination } });
  if (response.status === 404) return undefined;
  if (knowsNoNames(response)) return findByNames(api, source, destination);
  if (response.status !== 200) throw new Error(unexpected(response));
  return JSON.parse(response.body) as Intention;
}

/** A server before 1.9 takes "exact" for an id. */
export const knowsNoNames = ({ status, body }: Pick<ApiResponse, 'status' | 'body'>): boolean =>
  status >= 400 && body.includes('UUID must be 36 characters');

/** As its command line does it. Rejects with a Failure in the words of its own command line when there is none. */
export async function findByNames(api: ApiClient, source: string, destination: string): Promise<Intention> {
  const all = JSON.parse(await api.expectOk('GET', '/v1/connect/intentions')) as readonly Intention[];
  const found = all.find((intention) => sourceOf(intention) === source && destinationOf(intention) === destination);
  if (found) return found;
  const which = `source ${JSON.stringify(source)} and destination ${JSON.stringify(destination)}`;
  throw new Failure(`Error: Intention with ${which} not found.`);
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Go's zero time, which Consul prints where there is none. */
const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Go's time.RFC850, in UTC: `Sunday, 22-Nov-26 03:45:54 UTC`. */
function rfc850(text: string = ZERO_TIME): string {
  // toUTCString: `Sun, 22 Nov 2026 03:45:54 GMT`
  const time = new Date(text);
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${DAYS[time.getUTCDay()]}, ${day}-${month}-${year?.slice(-2)} ${clock} UTC`;
}
