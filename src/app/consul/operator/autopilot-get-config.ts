import type { Command } from '../command.ts';
import { JSON_FLAGS, printJson, wantsJson } from '../json.ts';
import { readAutopilotConfig } from './autopilot.ts';

export const autopilotGetConfig: Command = {
  name: 'operator autopilot get-config',
  synopsis: 'Print the configuration',
  usage: [''],
  description: 'Prints the configuration of autopilot.',
  examples: ['operator autopilot get-config'],
  flags: JSON_FLAGS,
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const config = await readAutopilotConfig(api);
    if (json) {
      printJson(io, config);
      return 0;
    }
    io.out(`CleanupDeadServers = ${config.CleanupDeadServers}\n`);
    io.out(`LastContactThreshold = ${config.LastContactThreshold}\n`);
    io.out(`MaxTrailingLogs = ${config.MaxTrailingLogs}\n`);
    io.out(`MinQuorum = ${config.MinQuorum}\n`);
    io.out(`ServerStabilizationTime = ${config.ServerStabilizationTime}\n`);
    io.out(`RedundancyZoneTag = ${JSON.stringify(config.RedundancyZoneTag ?? '')}\n`);
    io.out(`DisableUpgradeMigration = ${config.DisableUpgradeMigration ?? false}\n`);
    io.out(`UpgradeVersionTag = ${JSON.stringify(config.UpgradeVersionTag ?? '')}\n`);
    return 0;
  },
};
