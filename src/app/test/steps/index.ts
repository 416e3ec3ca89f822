import { blueprintSteps } from './blueprint.ts';
import { callSteps } from './calls.ts';
import { changeSteps } from './changes.ts';
import { commandSteps } from './commands.ts';
import { httpSteps } from './http.ts';
import { identitySteps } from './identity.ts';
import { infoSteps } from './info.ts';
import { registrySteps } from './registry.ts';
import { resourceSteps } from './resources.ts';
import type { MeshStep } from './step.ts';

/** Every step that feature files can have, in the order of the reference. A text is matched by one of them at most. */
export const STEPS: readonly MeshStep[] = [
  ...blueprintSteps,
  ...resourceSteps,
  ...infoSteps,
  ...httpSteps,
  ...commandSteps,
  ...callSteps,
  ...identitySteps,
  ...registrySteps,
  ...changeSteps,
];
