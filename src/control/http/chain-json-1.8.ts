import type { Chain } from '../../compile/chain-model.ts';
import { chainJson } from './chain-json.ts';

interface Shape {
  [key: string]: unknown;
  readonly Nodes: Record<string, { [key: string]: unknown; Routes?: Shape[]; Splits?: Shape[]; Resolver?: Record<string, unknown> }>;
  readonly Targets: Record<string, Record<string, unknown>>;
}

/** The same chain as Consul 1.8 answers it: without partitions, and without what it knew and did not say. */
export function chainJsonOf1_8(chain: Chain): object {
  const {
    Partition: _,
    Default: __,
    ServiceMeta: ___,
    EnvoyExtensions: ____,
    AutoVirtualIPs: _5,
    ManualVirtualIPs: _6,
    ...json
  } = withOldIds(chainJson(chain));
  for (const { Splits, Resolver } of Object.values(json.Nodes)) {
    for (const split of Splits ?? []) delete split['Definition'];
    if (Resolver) delete Resolver['RequestTimeout'];
  }
  for (const target of Object.values(json.Targets)) for (const field of ['ConnectTimeout', 'TransparentProxy']) delete target[field];
  return json;
}

/** `v1.payments.default.default.dc1` is `v1.payments.default.dc1`: ids are names of fields and values, and stand for nothing else. */
function withOldIds(json: object): Shape {
  const text = JSON.stringify(json).replaceAll(',"Partition":"default"', '').replaceAll('"Partition":"default",', '');
  return JSON.parse(text.replaceAll('.default.default', '.default')) as Shape;
}
