import type { ComponentChildren } from 'preact';

/** The heading of a page with what stands beside it, and its content. */
export function PageFrame({
  title,
  aside,
  children,
}: {
  readonly title: ComponentChildren;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <>
      <div class="page-head">
        <h1>{title}</h1>
        {aside !== undefined && <div class="page-aside">{aside}</div>}
      </div>
      {children}
    </>
  );
}

/** A part of a page in a frame of its own. */
export function Card({
  title,
  aside,
  children,
}: {
  readonly title?: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="card" aria-label={title}>
      {title !== undefined && (
        <header>
          <h2>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
