/**
 * The dashboard at `/ui/`: a program for a browser that knows nothing but the HTTP API of its agent.
 *
 * - A page is a folder in `pages/` and a row in `pages/pages.ts`: an id (the first part of its address, `#/services/web`), a title,
 *   a key (`g s`) and where its code is, loaded when it is opened. It gets `PageProps`: what follows in the address, and its query.
 * - Data comes through `client/`: `useLive` (blocking queries, shared by all who ask for the same), `usePoll`, `useOnce`, `useStream` (NDJSON);
 *   `send` writes. Errors are an `ApiError`, whose text is for the user: `ErrorBanner` shows it. Nothing asks while the tab is hidden.
 *   A browser keeps six connections to an agent, for all of its tabs: a page has one or two blocking queries or streams, not more.
 * - Buttons that write are `WriteButton`s: disabled, with a hint, in a page that has no token. `withDatacenter` adds the chosen datacenter.
 * - What many pages need is in `components/`: Page, DataTable, Dialog, Tabs, Badge, Empty, ErrorBanner, Loading, toast.
 * - The policy of the page forbids `style` attributes in HTML; styles that are set by script (`style={{…}}` in JSX) are allowed.
 * - Colours are the variables of `style.css`, each for light and dark. A page's own rules are in a file in its folder, which
 *   `style.css` imports; its classes begin with the page's id.
 * - Keys of a page: `useKey('e', 'edit', …)`; help (`?`) lists them. An input with `data-search` is where `/` leads.
 * - Computing (layouts, rates, texts) is in `.ts` files without DOM, tested in `test/dashboard`; the rest is tested in Chromium.
 */
import { render } from 'preact';
import { App } from './shell/app.tsx';
import { followAddress } from './shell/router.ts';
import { applyTheme } from './shell/theme.ts';

followAddress();
applyTheme();
render(<App />, document.getElementById('app')!);
