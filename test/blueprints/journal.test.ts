import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/blueprints/journal.ts';
import { applyRecord, emptyState, type JournalRecord, stateToRecords } from '../../src/blueprints/state.ts';
import { container, MemoryLog, network } from './engine-harness.ts';

const blueprint = { id: '/v2', name: 'v2' };
const records: JournalRecord[] = [
  { type: 'blueprint', blueprint, since: 1 },
  { type: 'resource', record: { resource: network(), owners: ['/v2'], status: 'creating', since: 2 } },
  { type: 'resource', record: { resource: container('web'), owners: ['/v2'], status: 'creating', since: 2 } },
  { type: 'resource', record: { resource: network(), owners: ['/v2'], status: 'created', since: 2, reservation: { a: 1 } } },
  { type: 'resource-gone', key: 'container.web' },
];

/** A disk that takes so many records, and then none. */
class FullLog extends MemoryLog {
  room: number;
  rewritable = false;

  constructor(room: number) {
    super();
    this.room = room;
  }

  override append(record: JournalRecord): Promise<void> {
    return this.room-- > 0 ? super.append(record) : Promise.reject(new Error('ENOSPC'));
  }

  override rewrite(all: readonly JournalRecord[]): Promise<void> {
    return this.rewritable ? super.rewrite(all) : Promise.reject(new Error('ENOSPC'));
  }
}

describe('the state', () => {
  it('is what the records say, the last one of each thing', () => {
    const state = records.reduce(applyRecord, emptyState);
    expect([...state.blueprints.values()]).toEqual([{ ...blueprint, since: 1 }]);
    expect([...state.resources.values()].map(({ resource, status }) => [resource.key, status])).toEqual([['network.local', 'created']]);
    expect([...applyRecord(state, { type: 'blueprint-gone', id: '/v2' }).blueprints]).toEqual([]);
    expect(emptyState).toEqual({ blueprints: new Map(), resources: new Map() });
  });

  it('is the same from fewer records', () => {
    const state = records.reduce(applyRecord, emptyState);
    const fewer = stateToRecords(state);
    expect(fewer).toHaveLength(2);
    expect(fewer.reduce(applyRecord, emptyState)).toEqual(state);
  });
});

describe('the journal', () => {
  it('begins with what the log holds, and goes on with what is written', async () => {
    const log = new MemoryLog(records.slice(0, 3));
    const journal = new Journal(log);
    await journal.write(...records.slice(3));
    expect(journal.state).toEqual(records.reduce(applyRecord, emptyState));
    expect(new Journal(new MemoryLog(log.records)).state).toEqual(journal.state);
  });

  it('believes only what was written', async () => {
    const journal = new Journal(new FullLog(1));
    await expect(journal.write(...records)).rejects.toThrow('ENOSPC');
    expect(journal.state).toEqual(emptyState);
  });

  it('gives up its history when there is room for the state alone', async () => {
    const log = new FullLog(1);
    log.rewritable = true;
    const journal = new Journal(log);
    await journal.write(...records);
    expect(new Journal(new MemoryLog(log.records)).state).toEqual(journal.state);
    expect(log.records).toHaveLength(2);
  });

  it('takes a removal for true even when it can not be written', async () => {
    const journal = new Journal(new FullLog(2));
    await journal.write(...records.slice(0, 2));
    await journal.writeIfPossible({ type: 'resource-gone', key: 'network.local' });
    expect(journal.state.resources.size).toBe(0);
  });
});
