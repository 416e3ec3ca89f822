import type { Change } from './change.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed } from './types.ts';

/** How servers of a cluster look after each other. Here there is one; what is written is kept for who reads it. Times as texts. */
export interface AutopilotConfig extends Indexed {
  readonly CleanupDeadServers: boolean;
  readonly LastContactThreshold: string;
  readonly MaxTrailingLogs: number;
  readonly MinQuorum: number;
  readonly ServerStabilizationTime: string;
  readonly RedundancyZoneTag: string;
  readonly DisableUpgradeMigration: boolean;
  readonly UpgradeVersionTag: string;
}

export interface SetAutopilot {
  readonly type: 'set-autopilot';
  readonly dc: string;
  readonly config: Omit<AutopilotConfig, keyof Indexed>;
  /** Only if the present ModifyIndex equals it. */
  readonly cas?: number;
}

/** Consul's defaults. */
const DEFAULTS: AutopilotConfig = {
  CleanupDeadServers: true,
  LastContactThreshold: '200ms',
  MaxTrailingLogs: 250,
  MinQuorum: 0,
  ServerStabilizationTime: '10s',
  RedundancyZoneTag: '',
  DisableUpgradeMigration: false,
  UpgradeVersionTag: '',
  CreateIndex: 1,
  ModifyIndex: 1,
};

const ROW = 'autopilot';

export function autopilotConfig(s: Snapshot, dc: string): AutopilotConfig {
  const row = datacenter(s, dc).autopilot.get(ROW);
  // It was there from the beginning.
  return row ? { ...row, CreateIndex: DEFAULTS.CreateIndex } : DEFAULTS;
}

export function applySetAutopilot(change: Change, { config, cas }: SetAutopilot): boolean {
  const present = change.tables.autopilot.get(ROW) ?? DEFAULTS;
  if (cas !== undefined && cas !== present.ModifyIndex) return false;
  change.put('autopilot', ROW, config, { keys: [`${change.tables.name}/autopilot`] });
  return true;
}
