import { describe, expect, it } from 'vitest';
import { refused } from './prepare.ts';

describe('proxy-defaults', () => {
  it.each([
    [{ AccessLogs: { Type: 'x' } }, 'invalid access log type: x'],
    [{ AccessLogs: { Type: 'file' } }, 'path must be specified when using file type access logs'],
    [{ AccessLogs: { Path: '/x' } }, 'path is only valid for file type access logs'],
    [{ AccessLogs: { JSONFormat: '{}', TextFormat: 'x' } }, 'cannot specify both access log JSONFormat and TextFormat'],
  ])('%j', (fields, message) => {
    expect(refused('proxy-defaults', fields)).toBe(message);
  });
});
