/** Go's strconv, as far as Consul shows it to its users. Undefined: a syntax error. */

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False', '']);

/** strconv.ParseBool, and "" for false as mapstructure has it. */
export function parseGoBool(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/** strconv.ParseInt with base 0, and "" for 0. */
export function parseGoInt(text: string): number | undefined {
  if (text === '') return 0;
  const parts = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9]\d*|0)$/.exec(text);
  if (!parts) return undefined;
  const digits = parts[2]!.replace(/^0[oO]?(?=[0-7])/, '0o');
  return Number(digits) * (parts[1] === '-' ? -1 : 1);
}

/** strconv.ParseFloat, and "" for 0. */
export function parseGoFloat(text: string): number | undefined {
  if (text === '') return 0;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
