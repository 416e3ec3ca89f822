const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Kubernetes' quantities: `500m`, `1.5`, `128Mi`, `1e3`. Undefined for anything else. */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+|[a-zA-Z]{0,2})$/.exec(text);
  if (!match) return undefined;
  const [, number = '', suffix = ''] = match;
  if (/^[eE][+-]?\d+$/.test(suffix)) return Number(number + suffix);
  return Object.hasOwn(SUFFIXES, suffix) ? Number(number) * SUFFIXES[suffix]! : undefined;
}
