import { expectTypeOf, it } from 'vitest';
import type { ConfigEntry, ServiceRouterEntry, ServiceSplitterEntry } from '../../src/library/config-entries.ts';
import type { ServiceContext } from '../../src/library/types.ts';
import { configEntry, intention, service, startMesh } from '../../src/main/library.ts';

// Held by the compiler: each line below that is marked must be an error.

it('entries are told apart by their kind', () => {
  expectTypeOf<Extract<ConfigEntry, { Kind: 'service-splitter' }>>().toEqualTypeOf<ServiceSplitterEntry>();
  expectTypeOf<NonNullable<ServiceRouterEntry['Routes']>[number]['Destination']>().not.toBeAny();
});

it('what no entry has is refused before anything runs', () => {
  const wrong = [
    // @ts-expect-error no such kind
    () => configEntry({ Kind: 'service-spliter', Name: 'payments' }),
    // @ts-expect-error no such field
    () => configEntry({ Kind: 'service-splitter', Name: 'payments', Split: [] }),
    // @ts-expect-error no such field, further inside
    () => configEntry({ Kind: 'service-splitter', Name: 'payments', Splits: [{ Weigth: 100 }] }),
    // @ts-expect-error a field of another kind
    () => configEntry({ Kind: 'service-resolver', Name: 'payments', Splits: [] }),
    // @ts-expect-error a number is wanted
    () => configEntry({ Kind: 'service-splitter', Name: 'payments', Splits: [{ Weight: '100' }] }),
    // @ts-expect-error no such protocol
    () => configEntry({ Kind: 'service-defaults', Name: 'payments', Protocol: 'htpp' }),
    // @ts-expect-error an entry needs a name
    () => configEntry({ Kind: 'service-defaults', Protocol: 'http' }),
    // @ts-expect-error and this one has another
    () => configEntry({ Kind: 'proxy-defaults', Name: 'local' }),
    // @ts-expect-error neither allow nor deny
    () => intention('web', 'payments', 'maybe'),
    // @ts-expect-error no handler
    () => service('web'),
    // @ts-expect-error an answer is a Response
    () => service('web', () => 'text'),
    // @ts-expect-error no such option
    () => service('web', () => new Response(), { upstream: ['payments'] }),
    // @ts-expect-error no such option
    () => startMesh({ service: [] }),
  ];
  expectTypeOf(wrong).toBeArray();
});

it('handlers know what they are given', () => {
  service('web', (request, context) => {
    expectTypeOf(request).toEqualTypeOf<Request>();
    expectTypeOf(context).toEqualTypeOf<ServiceContext>();
    return new Response();
  });
});
