/** Lines on a field of 24 by 24. */
const ICONS = {
  logo: 'M5 6l14 3M5 6l4 13M19 9L9 19M5 3.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM19 6.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM9 16.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  topology: 'M9 4h6v5H9zM3 15h6v5H3zM15 15h6v5h-6zM12 9v3M6 15v-3h12v3',
  services: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5',
  intentions: 'M12 3l7 3v6c0 4.4-3 7.6-7 9-4-1.4-7-4.6-7-9V6zM9 12l2 2 4-4',
  config: 'M4 7h10M18 7h2M4 17h2M10 17h10M14 5v4M6 15v4M16 7a2 2 0 1 0 0-.01zM8 17a2 2 0 1 0 0-.01z',
  kv: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01M12 7.5h4M12 16.5h4',
  nodes: 'M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01',
  certificates: 'M5 4h14v11H5zM8 8h8M8 11h5M14 15v6l2-1.5 2 1.5v-6',
  blueprints: 'M5 3h10l4 4v14H5zM15 3v4h4M8 12h8M8 16h6',
  findings: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  folder: 'M3 6h6l2 2h10v11H3z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l8-8M16 7l3 3M13.5 9.5l2 2',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  help: 'M9 9a3 3 0 1 1 4 2.8c-.7.3-1 .8-1 1.7M12 17h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  eye: 'M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  play: 'M7 5l11 7-11 7z',
  pause: 'M8 5v14M16 5v14',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  back: 'M14 6l-6 6 6 6',
  onward: 'M10 6l6 6-6 6',
} as const;

export type IconName = keyof typeof ICONS;

/** A picture beside a text that says the same. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={ICONS[name]} />
    </svg>
  );
}
