import { escapeJson } from '../../../base/go-json.ts';
import type { Located } from '../../../schema/located.ts';
import { readJson } from '../../json.ts';
import { textValue, toText } from '../convert.ts';
import { entriesOf } from '../navigate.ts';
import { type FunctionFailure, failure } from '../scope.ts';
import { parseCsv } from './csv.ts';
import { define, type FunctionTable } from './define.ts';
import { listValue, objectValue } from './values.ts';

export const ENCODING: FunctionTable = {
  csvdecode: define(
    {
      parameters: { text: 'text' },
      doc: 'A list of objects from CSV, whose first line holds the keys; all values are strings.',
      example: ['csvdecode("name,port\\nweb,9090\\n")', [{ name: 'web', port: '9090' }]],
    },
    ({ text }) => csvDecode(text),
  ),
  jsondecode: define(
    {
      parameters: { text: 'text' },
      doc: 'The value that a text is in JSON.',
      example: ['jsondecode("{\\"a\\": [1, null]}")', { a: [1, null] }],
    },
    ({ text }) => {
      const { value, goError } = readJson({ name: 'jsondecode', text });
      return value ? withoutPlace(value) : failure(`this is not JSON: ${goError}`, 0);
    },
  ),
  jsonencode: define(
    {
      parameters: { value: 'any' },
      doc: 'The value in JSON, with sorted keys.',
      example: ['jsonencode({ b = 1.50, a = [null, "x"] })', '{"a":[null,"x"],"b":1.5}'],
    },
    ({ value }) => textValue(encodeJson(value)),
  ),
};

/** As cty writes it: exact numbers, sorted keys, and `<`, `>`, `&` escaped. */
export function encodeJson(value: Located): string {
  if (value.type === 'list') return `[${value.items.map(encodeJson).join(',')}]`;
  if (value.type === 'map') return `{${Array.from(entriesOf(value), ([key, item]) => `${quote(key)}:${encodeJson(item)}`).join(',')}}`;
  if (value.type === 'string') return quote(value.value);
  return toText(value) ?? 'null';
}

const quote = (text: string): string => escapeJson(JSON.stringify(text));

/** Its places are of the decoded text, which nobody has written into a file. */
function withoutPlace(value: Located): Located {
  if (value.type === 'list') return listValue(value.items.map(withoutPlace));
  if (value.type === 'map') return objectValue(value.entries.map(({ key, value: item }) => [key, withoutPlace(item)]));
  const { range: _, ...rest } = value;
  return rest;
}

function csvDecode(text: string): Located | FunctionFailure {
  const parsed = parseCsv(text);
  if (!parsed.ok) return failure(parsed.error, 0);
  const [header, ...records] = parsed.value;
  if (!header) return failure('the first line with the keys is missing', 0);
  const repeated = header.fields.find((name, i) => header.fields.indexOf(name) !== i);
  if (repeated !== undefined) return failure(`the key ${JSON.stringify(repeated)} stands twice in the first line`, 0);
  const wrong = records.find(({ fields }) => fields.length !== header.fields.length);
  if (wrong) return failure(`line ${wrong.line} has ${wrong.fields.length} fields, the first line ${header.fields.length}`, 0);
  return listValue(records.map(({ fields }) => objectValue(header.fields.map((name, i) => [name, textValue(fields[i]!)]))));
}
