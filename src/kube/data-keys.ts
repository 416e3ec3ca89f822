import type { Diagnostic } from '../base/diagnostic.ts';
import { errorAtKey, errorHere, type Place, under } from '../schema/place.ts';

/** Keys of a ConfigMap or Secret become file names: letters, digits, `-`, `_` and `.`, at most 253. */
export function validateKeys(data: Readonly<Record<string, string>>, at: Place): Diagnostic[] {
  return Object.keys(data)
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === '.' || key === '..')
    .map((key) =>
      errorAtKey(under(at, key), `${JSON.stringify(key)} can't be a key here`, { detail: "expected letters, digits, '-', '_' or '.'" }),
    );
}

export function validateBase64(data: Readonly<Record<string, string>>, at: Place): Diagnostic[] {
  return Object.entries(data)
    .filter(([, text]) => decodeBase64(text) === undefined)
    .map(([key]) =>
      errorHere(under(at, key), `the value of "${key}" is not base64`, {
        hint: `encode it, or write it as text under ${at.path.at(-1) === 'data' ? 'stringData' : 'data'}`,
      }),
    );
}

/** Standard alphabet with padding, as Go's decoder wants it; line breaks are skipped. Undefined if it is anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const packed = text.replace(/[\r\n]/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return Buffer.from(packed, 'base64');
}
