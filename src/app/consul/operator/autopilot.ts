import type { ApiClient } from '../client.ts';
import { attempt } from '../command.ts';
import { parseJson } from '../json.ts';

/** The configuration of autopilot, as the API writes it. */
export interface AutopilotConfig {
  readonly CleanupDeadServers: boolean;
  readonly LastContactThreshold: string;
  readonly MaxTrailingLogs: number;
  readonly MinQuorum: number;
  readonly ServerStabilizationTime: string;
  readonly RedundancyZoneTag: string;
  readonly DisableUpgradeMigration: boolean;
  readonly UpgradeVersionTag: string;
  readonly ModifyIndex: number;
}

export const CONFIGURATION = '/v1/operator/autopilot/configuration';

export const readAutopilotConfig = (api: ApiClient): Promise<AutopilotConfig> =>
  attempt('Error querying Autopilot configuration', api.expectOk('GET', CONFIGURATION).then(parseJson<AutopilotConfig>));
