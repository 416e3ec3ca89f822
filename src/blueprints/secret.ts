import type { WrittenValue } from './written.ts';

const SECRET = /(?:^|[._-])(?:pass(?:word|wd|phrase)?|secrets?|tokens?|keys?|credentials?|auth)(?:$|[._=[-])/;

/** By what it is called, or because a URL has a password in it. */
export function isSecret(path: string, values: readonly (WrittenValue | undefined)[]): boolean {
  return (
    isSecretName(path) ||
    values.some((value) => texts(value).some((text) => isSecretName(text.split(/[\s=]/, 1)[0]!) || /:\/\/[^/\s:@]*:[^/\s@]+@/.test(text)))
  );
}

const isSecretName = (name: string): boolean => SECRET.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());

/** A text may hold a password in a URL; of a list, also what follows `--token`. */
function texts(value: WrittenValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
