import { describeType, type Located } from '../../schema/located.ts';
import { textValue, toText } from './convert.ts';
import { type FunctionFailure, failure, type HclFunction } from './scope.ts';

/** The functions that need nothing but their arguments. */
export const PURE_FUNCTIONS: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ['len', { parameters: ['value'], call: ([value]) => length(value!) }],
  ['lower', { parameters: ['text'], call: (args) => withText(args, 0, (text) => textValue(text.toLowerCase())) }],
  ['upper', { parameters: ['text'], call: (args) => withText(args, 0, (text) => textValue(text.toUpperCase())) }],
  ['join', { parameters: ['separator', 'list'], call: (args) => withText(args, 0, (separator) => join(separator, args[1]!)) }],
  [
    'split',
    {
      parameters: ['separator', 'text'],
      call: (args) => withText(args, 0, (separator) => withText(args, 1, (text) => split(separator, text))),
    },
  ],
]);

/** Runs `then` with an argument as text, or fails at that argument. */
function withText(args: readonly Located[], index: number, then: (text: string) => Located | FunctionFailure): Located | FunctionFailure {
  const text = toText(args[index]!);
  return text === undefined ? failure(`expected a string, not ${describeType(args[index]!)}`, index) : then(text);
}

/** Items of a list, entries of an object, characters of a string. */
function length(value: Located): Located | FunctionFailure {
  if (value.type === 'list') return { type: 'number', value: value.items.length };
  if (value.type === 'map') return { type: 'number', value: new Set(value.entries.map((entry) => entry.key)).size };
  if (value.type === 'string') return { type: 'number', value: Array.from(value.value).length };
  return failure(`expected a list, an object or a string, not ${describeType(value)}`, 0);
}

function join(separator: string, list: Located): Located | FunctionFailure {
  if (list.type !== 'list') return failure(`expected a list, not ${describeType(list)}`, 1);
  const texts: string[] = [];
  for (const [i, item] of list.items.entries()) {
    const text = toText(item);
    if (text === undefined) return failure(`item ${i} of the list is ${describeType(item)}, not a string`, 1);
    texts.push(text);
  }
  return textValue(texts.join(separator));
}

function split(separator: string, text: string): Located {
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  return { type: 'list', items: parts.map((part) => textValue(part)) };
}
