import type { Finding } from '../api/finding.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { cautions, contradictions } from './contradictions.ts';
import { inOrder } from './finding.ts';
import { gatewayTroubles } from './gateways.ts';
import { unhealthyServices } from './health.ts';
import { strayIntentions } from './intentions.ts';
import type { Looked } from './names.ts';
import { strayReferences, unusedEntries, unusedSubsets } from './unused.ts';
import { upstreamTroubles } from './upstreams.ts';

type Look = (looked: Looked) => Finding[];

/** What can be told of config entries alone. */
const OF_ENTRIES: readonly Look[] = [contradictions, cautions, unusedSubsets];

/** What needs to know which services there are. */
const OF_SERVICES: readonly Look[] = [
  unhealthyServices,
  upstreamTroubles,
  gatewayTroubles,
  strayReferences,
  strayIntentions,
  unusedEntries,
];

/** Everything that can't work in the datacenters of a catalog, or has no effect. The worst first. */
export function findingsOf(s: Snapshot): Finding[] {
  const looks = [...OF_ENTRIES, ...OF_SERVICES];
  return inOrder([...s.datacenters.keys()].flatMap((dc) => looks.flatMap((look) => look({ s, dc, registered: true }))));
}

/** The same of config entries of which nobody knows yet to which services they will come. */
export function entryFindings(s: Snapshot): Finding[] {
  return inOrder([...s.datacenters.keys()].flatMap((dc) => OF_ENTRIES.flatMap((look) => look({ s, dc, registered: false }))));
}
