import { ChevronRight } from "lucide-react";
import Link from "next/link";

export type Crumb = { name: string; href?: string };

/** Where the reader is. The last crumb is this page. */
export function TopBar({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <header className="top">
      <nav className="crumbs" aria-label="Where you are">
        <ol>
          {crumbs.map(({ name, href }, at) => {
            const last = at === crumbs.length - 1;
            return (
              <li key={name} className={last || href ? undefined : "wide"}>
                {last ? (
                  <b className="trunc" aria-current="page">
                    {name}
                  </b>
                ) : href ? (
                  <Link href={href}>{name}</Link>
                ) : (
                  name
                )}
                {!last && <ChevronRight className="i" />}
              </li>
            );
          })}
        </ol>
      </nav>
    </header>
  );
}
