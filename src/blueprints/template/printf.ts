import { formatted, type Value } from './value.ts';

/** Go's Sprintf for the verbs that templates use: v s d q t f e g x X and %%, with width, precision and the flags - + 0 and #. */
export function sprintf(format: string, args: readonly Value[]): string {
  let used = 0;
  const text = format.replace(
    /%([-+#0 ]*)(\d*)(?:\.(\d+))?([A-Za-z%]|$)/g,
    (_whole, flags: string, width: string, precision, verb: string) => {
      if (verb === '%') return '%';
      if (verb === '') return '%!(NOVERB)';
      if (used >= args.length) return `%!${verb}(MISSING)`;
      const value = args[used++]!;
      const plain = convert(verb, value, precision as string | undefined);
      if (plain === undefined) return `%!${verb}(${goType(value)}=${formatted(value)})`;
      const signed = flags.includes('+') && typeof value === 'number' && value >= 0 ? `+${plain}` : plain;
      return pad(signed, { flags, width: Number(width), numeric: typeof value === 'number' });
    },
  );
  if (used >= args.length) return text;
  const extra = args.slice(used).map((value) => `${goType(value)}=${formatted(value)}`);
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

/** Undefined: the verb does not fit the value. */
function convert(verb: string, value: Value, precision: string | undefined): string | undefined {
  const places = precision === undefined ? 6 : Number(precision);
  if (verb === 'v') return formatted(value);
  if (typeof value === 'string') {
    const cut = precision === undefined ? value : Array.from(value).slice(0, places).join('');
    if (verb === 's') return cut;
    if (verb === 'q') return JSON.stringify(cut);
    if (verb === 'x' || verb === 'X') return inCase(Buffer.from(cut).toString('hex'), verb);
    return undefined;
  }
  if (typeof value === 'boolean') return verb === 't' ? String(value) : undefined;
  // Strings inside, as Go does it: %s and %q reach into lists.
  if (Array.isArray(value) && (verb === 's' || verb === 'q')) {
    const items = value.map((item) => convert(verb, item, precision));
    return items.includes(undefined) ? undefined : `[${items.join(' ')}]`;
  }
  if (typeof value !== 'number') return undefined;
  if (verb === 'd') return Number.isInteger(value) ? String(value) : undefined;
  if (verb === 'f') return value.toFixed(places);
  if (verb === 'e') return value.toExponential(places).replace(/e([+-])(\d)$/, 'e$10$2');
  if (verb === 'g') return formatted(value);
  if ((verb === 'x' || verb === 'X') && Number.isInteger(value)) return inCase(value.toString(16), verb);
  return undefined;
}

const inCase = (text: string, verb: string): string => (verb === 'X' ? text.toUpperCase() : text);

function pad(text: string, { flags, width, numeric }: { flags: string; width: number; numeric: boolean }): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !numeric) return text.padStart(width);
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function goType(value: Value): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return Number.isInteger(value) ? 'int' : 'float64';
}
