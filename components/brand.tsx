/** The mark: four strokes of a tally, the oldest way to write down what was used. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--color-accent)" />
      <path
        d="M7.5 6.5v11M12 6.5v11M16.5 6.5v11M4.8 15.2 19.2 8.8"
        stroke="#fff"
        strokeWidth="2"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  );
}

/** Mark and name, leading home. */
export function Brand({ name, href }: { name: string; href: string }) {
  return (
    <a className="brand" href={href}>
      <Mark />
      <span className="trunc">{name}</span>
    </a>
  );
}
