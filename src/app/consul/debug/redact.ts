const SECRET = /secret|token|password|passphrase|private_?key|encrypt(?!ion)|credential|auth(?!or|enticat|method)|bearer/i;
/** Switches and numbers about secrets are none: `EncryptVerifyIncoming`, `TokenTTL`. */
const HARMLESS = /ttl$|enabled$|^enable|policy$|verify|replication$|persistence$|file$|path$/i;

export const HIDDEN = 'hidden';

/** The same without what could be a secret: texts below a name that says so, keys in PEM, and user names in addresses. */
export function redact(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => redact(one, name));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(inner, isSecret(name) ? name : key)]));
  if (typeof value !== 'string' || value === '') return value;
  return isSecret(name) ? HIDDEN : redactText(value);
}

const isSecret = (name: string): boolean => SECRET.test(name) && !HARMLESS.test(name);

/** For lines of a log, too. */
export function redactText(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN)
    .replace(/\/\/[^/\s:@]+:[^/\s@]+@/g, `//${HIDDEN}@`)
    .replace(/([?&]token=)[^&\s"]+/gi, `$1${HIDDEN}`)
    .replace(/(X-Consul-Token|Authorization)(["']?\s*[:=]\s*["']?)(?:Bearer\s+|Basic\s+)?[^\s"',}]+/gi, `$1$2${HIDDEN}`);
}
