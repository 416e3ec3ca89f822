import { formatDuration } from '../../../base/duration.ts';
import { attempt, type Command, Failure } from '../command.ts';
import type { Flag, FlagValues } from '../flags.ts';
import { type AutopilotConfig, CONFIGURATION, readAutopilotConfig } from './autopilot.ts';

type Setting = Flag & { readonly field: keyof AutopilotConfig };

const SETTINGS: readonly Setting[] = [
  {
    name: 'cleanup-dead-servers',
    kind: 'bool',
    explains: true,
    field: 'CleanupDeadServers',
    doc: 'Remove dead servers when new ones are there: true or false.',
  },
  {
    name: 'disable-upgrade-migration',
    kind: 'bool',
    explains: true,
    field: 'DisableUpgradeMigration',
    doc: 'A Consul Enterprise feature: true or false.',
  },
  {
    name: 'last-contact-threshold',
    kind: 'duration',
    explains: true,
    value: 'duration',
    field: 'LastContactThreshold',
    doc: 'How long a server may be out of touch and count as healthy.',
  },
  {
    name: 'max-trailing-logs',
    kind: 'uint',
    explains: true,
    value: 'uint',
    field: 'MaxTrailingLogs',
    doc: 'How many entries a server may be behind and count as healthy.',
  },
  {
    name: 'min-quorum',
    kind: 'uint',
    explains: true,
    value: 'uint',
    field: 'MinQuorum',
    doc: 'How many servers there must be before dead ones are removed.',
  },
  {
    name: 'redundancy-zone-tag',
    kind: 'string',
    value: 'string',
    field: 'RedundancyZoneTag',
    doc: 'Metadata that names the zone of a server: a Consul Enterprise feature.',
  },
  {
    name: 'server-stabilization-time',
    kind: 'duration',
    explains: true,
    value: 'duration',
    field: 'ServerStabilizationTime',
    doc: 'How long a server must be healthy before it counts.',
  },
  {
    name: 'upgrade-version-tag',
    kind: 'string',
    value: 'string',
    field: 'UpgradeVersionTag',
    doc: 'Metadata that holds the version of a server: a Consul Enterprise feature.',
  },
];

export const autopilotSetConfig: Command = {
  name: 'operator autopilot set-config',
  synopsis: 'Change the configuration',
  usage: [''],
  description: 'Changes the settings of autopilot that are given; the others stay.',
  examples: ['operator autopilot set-config -cleanup-dead-servers=false', 'operator autopilot set-config -last-contact-threshold=300ms'],
  flags: SETTINGS,
  run: async ({ io, flags, client }) => {
    const api = await client();
    const before = await readAutopilotConfig(api);
    const changes = Object.fromEntries(
      SETTINGS.filter(({ name }) => flags.string(name) !== undefined).map((setting) => [setting.field, settingOf(setting, flags)]),
    );
    const query = { cas: String(before.ModifyIndex) };
    const written = api.expectOk('PUT', CONFIGURATION, { query, body: { ...before, ...changes } });
    const answer = await attempt('Error setting Autopilot configuration', written);
    if (!answer.includes('true')) throw new Failure('Configuration could not be atomically updated, please try again');
    io.out('Configuration updated!\n');
    return 0;
  },
};

function settingOf({ name, kind }: Setting, flags: FlagValues): string | number | boolean {
  if (kind === 'bool') return flags.bool(name);
  if (kind === 'uint') return flags.uint(name);
  return kind === 'duration' ? formatDuration(flags.durationMs(name) * 1e6) : (flags.string(name) ?? '');
}
