/** One request of a transcript and what Consul answered. */
export interface Exchange {
  /** The line as it stands in the file, without `$ curl `: what differences name. */
  readonly line: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly status: number;
  /** Names in lower case. */
  readonly answered: ReadonlyMap<string, string>;
  readonly text: string;
}

/**
 * Reads a transcript: `$ curl [-X METHOD] [-H NAME: VALUE] /PATH [-d BODY]`, the answer as `curl -i` prints it, and a line
 * `----`. Nothing is quoted: a header ends before the path, a body at the end of the line.
 */
export function parseTranscript(text: string): Exchange[] {
  return text
    .split(/^----\n/m)
    .filter((part) => part.trim() !== '')
    .map(parseExchange);
}

function parseExchange(part: string): Exchange {
  const [, line = '', answer = ''] = /^\$ curl (.*)\n([\s\S]*)$/.exec(part.trimStart()) ?? [];
  const [, before = '', path = '', body] = /^(|.*? )(\/\S*)(?: -d (.*))?$/.exec(line) ?? [];
  const headers: Record<string, string> = {};
  for (const [, name = '', value = ''] of before.matchAll(/-H ([\w-]+): (.*?)(?= -\w |\s*$)/g)) headers[name] = value;
  const blank = answer.indexOf('\n\n');
  const [statusLine = '', ...fields] = answer.slice(0, blank).split('\n');
  const answered = new Map(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)]));
  return {
    line,
    method: /-X (\w+)/.exec(before)?.[1] ?? 'GET',
    path,
    headers,
    body,
    status: Number(statusLine.split(' ')[1]),
    answered,
    text: answer.slice(blank + 2).replace(/\n+$/, ''),
  };
}
