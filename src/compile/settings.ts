/** Reads opaque proxy settings as leniently as Consul does: a number may be written as a string. What makes no sense is ignored. */

type Settings = Readonly<Record<string, unknown>>;

export function textSetting(settings: Settings, name: string): string | undefined {
  const value = settings[name];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** A positive number; undefined for anything else, 0 included, which means "not set" throughout. */
export function positiveSetting(settings: Settings, name: string): number | undefined {
  const value = Number(settings[name]);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
