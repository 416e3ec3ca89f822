/** Fields whose values let somebody in. Nothing that people read has them. */
const SECRET = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-consul-token', 'x-vault-token', 'x-api-key']);

export const REDACTED = '(redacted)';

export function isSecretField(lowerName: string): boolean {
  return SECRET.has(lowerName);
}

/** name, value, name, value, …, with secret values taken out. */
export function redacted(fields: readonly string[]): string[] {
  return fields.map((text, i) => (i % 2 === 1 && isSecretField(fields[i - 1]!.toLowerCase()) ? REDACTED : text));
}
