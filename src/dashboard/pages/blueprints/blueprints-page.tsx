import { useState } from 'preact/hooks';
import type { AppliedInfo, Blueprints } from '../../../api/blueprints.ts';
import { usePoll } from '../../client/live.ts';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import type { PageProps } from '../pages.ts';
import { Applied } from './applied.tsx';
import { Available } from './available.tsx';
import { DestroyDialog } from './destroy-dialog.tsx';
import { RunDialog } from './run-dialog.tsx';

const EVERY_MS = 2000;

/** What is applied, with its resources; what could be; and plan, run and destroy as the command line does them. */
export default function BlueprintsPage(_props: PageProps) {
  const [gone, setGone] = useState<string | undefined>();
  const { data, error } = usePoll<Blueprints>(gone === undefined ? '/v1/mesh/blueprints' : undefined, EVERY_MS);
  const [running, setRunning] = useState<{ readonly id: string; readonly name: string } | undefined>();
  const [destroying, setDestroying] = useState<{ readonly blueprint: AppliedInfo; readonly isLast: boolean } | undefined>();
  if (gone !== undefined) return <Gone name={gone} />;
  const applied = data?.applied ?? [];
  const isLast = data?.endsWithLast === true && applied.length === 1;
  return (
    <PageFrame title="Blueprints">
      {error && <ErrorBanner text={error.message} />}
      {!data && !error && <Loading />}
      {data && applied.length === 0 && (
        <Empty title="No blueprint is applied">
          <p>Run one of those below.</p>
        </Empty>
      )}
      {applied.map((one) => (
        <Applied key={one.id} blueprint={one} onRun={() => setRunning(one)} onDestroy={() => setDestroying({ blueprint: one, isLast })} />
      ))}
      {data && <Available blueprints={data.available} onRun={setRunning} />}
      {running && <RunDialog id={running.id} name={running.name} others={others(applied, running)} onClose={() => setRunning(undefined)} />}
      {destroying && (
        <DestroyDialog {...destroying} onGone={() => setGone(destroying.blueprint.name)} onClose={() => setDestroying(undefined)} />
      )}
    </PageFrame>
  );
}

function Gone({ name }: { readonly name: string }) {
  return (
    <Empty title="The mesh is gone">
      <p>
        {name} was its last blueprint, and the agent has ended with it. <code>mesh run {name}</code> starts another one, and{' '}
        <code>mesh ui</code> opens its page.
      </p>
    </Empty>
  );
}

/** Whose place it could take: neither its own, nor of what it builds on or what builds on it. */
const others = (applied: readonly AppliedInfo[], one: { readonly id: string; readonly name: string }): readonly AppliedInfo[] => {
  const below = applied.find(({ id }) => id === one.id)?.buildsOn ?? [];
  return applied.filter(({ id, name, buildsOn }) => id !== one.id && !below.includes(name) && !buildsOn.includes(one.name));
};
