import { describe, expect, it } from 'vitest';
import { emptySnapshot, type Snapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import type { Op } from '../../../src/catalog/types.ts';
import { eventsOfChange } from '../../../src/control/history/of-change.ts';
import { check, drop, put, register, service, sidecar } from '../../catalog/registrations.ts';

/** What people are told of the last of these. */
function told(...ops: readonly Op[]) {
  let before: Snapshot = emptySnapshot(['dc1']);
  for (const op of ops.slice(0, -1)) before = transact(before, op).snapshot;
  const { snapshot: after, changed } = transact(before, ops.at(-1)!);
  return eventsOfChange({ before, after, changed }).map(({ kind, subject, text, level }) => ({ kind, subject, text, level }));
}

const web = (status: 'passing' | 'critical') =>
  register('n1', [service('web'), sidecar('web')], [check('up', { Status: status, ServiceID: 'web', ServiceName: 'web' })]);

describe('what a change of the catalog means', () => {
  it('tells of entries that were written, changed and deleted', () => {
    const http = put('service-defaults', 'web', { Protocol: 'http' });
    const event = { kind: 'config', subject: 'service-defaults/web', level: 'info' };
    expect(told(http)).toEqual([{ ...event, text: 'service-defaults web was written' }]);
    expect(told(http, put('service-defaults', 'web', { Protocol: 'grpc' }))).toEqual([
      { ...event, text: 'service-defaults web was changed' },
    ]);
    expect(told(http, drop('service-defaults', 'web'))).toEqual([{ ...event, text: 'service-defaults web was deleted' }]);
  });

  it('tells of each intention that came, changed or went, and of no other of its entry', () => {
    const intentions = (...Sources: object[]) => put('service-intentions', 'payments', { Sources });
    const api = { Name: 'api', Action: 'allow' };
    expect(told(intentions(api), intentions(api, { Name: 'web', Action: 'deny' }))).toEqual([
      { kind: 'intention', subject: 'web => payments', text: 'intention web => payments denies, and is new', level: 'info' },
    ]);
    const permissions = { Name: 'api', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' } }] };
    expect(told(intentions(api), intentions(permissions)).map(({ text }) => text)).toEqual([
      'intention api => payments decides by one permission',
    ]);
    expect(told(intentions(api, { Name: 'web', Action: 'deny' }), intentions(api)).map(({ text }) => text)).toEqual([
      'intention web => payments was deleted',
    ]);
  });

  it('tells of instances, but not of their sidecars, and of checks that changed', () => {
    expect(told(web('passing'))).toEqual([
      { kind: 'service', subject: 'web', text: 'an instance of web has come: web on n1', level: 'info' },
    ]);
    expect(told(web('passing'), web('critical'))).toEqual([
      { kind: 'health', subject: 'web', text: expect.stringMatching(/^check ".*" of web is critical, was passing$/), level: 'error' },
    ]);
    expect(told(web('passing'), web('passing'))).toEqual([]);
    expect(told(web('passing'), { type: 'deregister', dc: 'dc1', node: 'n1' }).map(({ text }) => text)).toEqual([
      'an instance of web has gone: web on n1',
    ]);
  });
});
