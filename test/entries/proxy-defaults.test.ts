import { describe, expect, it } from 'vitest';
import { prepare, refused } from './prepare.ts';

describe('proxy-defaults', () => {
  it.each([
    [{ AccessLogs: { Type: 'x' } }, 'invalid access log type: x'],
    [{ AccessLogs: { Type: 'file' } }, 'path must be specified when using file type access logs'],
    [{ AccessLogs: { Path: '/x' } }, 'path is only valid for file type access logs'],
    [{ AccessLogs: { JSONFormat: '{}', TextFormat: 'x' } }, 'cannot specify both access log JSONFormat and TextFormat'],
  ])('%j', (fields, message) => {
    expect(refused('proxy-defaults', fields)).toBe(message);
  });

  it('may name operators that sidecars do not have, with a word', () => {
    const { entry, problems } = prepare('proxy-defaults', { AccessLogs: { TextFormat: '%PROTOCOL% %HOSTNAME% %TRACE_ID(x)%' } });
    expect(entry).toBeDefined();
    expect(problems.map(({ severity, summary }) => `${severity}: ${summary}`)).toEqual([
      'warning: %HOSTNAME% %TRACE_ID(x)% is not known to sidecars: a line has - in its place',
    ]);
  });
});
