import type { Finding } from '../api/finding.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { jointCautions, ownCautions } from './cautions.ts';
import { contradictions } from './contradictions.ts';
import { deprecatedKinds, lonelyNames, unusedProviders } from './entries-alone.ts';
import { inOrder } from './finding.ts';
import { gatewayTroubles } from './gateways.ts';
import { unhealthyServices } from './health.ts';
import { strayIntentions } from './intentions.ts';
import type { Looked } from './names.ts';
import { strayReferences, unusedEntries, unusedSubsets } from './unused.ts';
import { upstreamTroubles } from './upstreams.ts';

type Look = (looked: Looked) => Finding[];

/** What can be told of config entries wherever they are. */
const OF_ENTRIES: readonly Look[] = [contradictions, jointCautions, unusedSubsets, unusedProviders];

/** What a catalog tells beyond that. */
const OF_CATALOG: readonly Look[] = [
  ownCautions,
  unhealthyServices,
  upstreamTroubles,
  gatewayTroubles,
  strayReferences,
  strayIntentions,
  unusedEntries,
];

/** What takes the place of that where nobody knows which services there are, as of files. */
const OF_FILES: readonly Look[] = [lonelyNames, deprecatedKinds];

/** Everything that can't work in the datacenters of a catalog, or has no effect. The worst first. */
export function findingsOf(s: Snapshot): Finding[] {
  return lookAt(s, [...OF_ENTRIES, ...OF_CATALOG], {});
}

/** The same of config entries that were read from files. What each of them is warned of by itself is not among it. */
export function entryFindings(s: Snapshot): Finding[] {
  return lookAt(s, [...OF_ENTRIES, ...OF_FILES], { ofFiles: true });
}

const lookAt = (s: Snapshot, looks: readonly Look[], more: Pick<Looked, 'ofFiles'>): Finding[] =>
  inOrder([...s.datacenters.keys()].flatMap((dc) => looks.flatMap((look) => look({ s, dc, ...more }))));
