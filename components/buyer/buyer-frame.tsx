import { Globe, LogOut } from "lucide-react";
import { Brand } from "#components/brand.tsx";
import { initialsOf } from "#components/format/identifier.ts";
import type { PlainAction } from "#components/ui/form-action.ts";
import { BuyerFoot } from "./buyer-links.tsx";

/** The buyer's room: brand, who is signed in (else the page's language), the page, and what is worth knowing. */
export function BuyerFrame({
  brand,
  home,
  person,
  here,
  className = "",
  children,
}: {
  brand: string;
  home: string;
  person?: { name: string; signOut: PlainAction };
  /** Which of the footer's pages this is. */
  here?: React.ComponentProps<typeof BuyerFoot>["here"];
  className?: string;
  children: React.ReactNode;
}) {
  return (
    <div className="buyer">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="b-top">
        <Brand name={brand} href={home} />
        {person ? (
          <div className="acts">
            <span className="nm">
              <span className="avatar" aria-hidden="true">
                {initialsOf(person.name)}
              </span>
              <span>{person.name}</span>
            </span>
            <form action={person.signOut}>
              <button className="btn btn-quiet" type="submit">
                <LogOut className="i" />
                Sign out
              </button>
            </form>
          </div>
        ) : (
          <span className="b-lang">
            <Globe className="i" />
            <span className="sr">Language: </span>
            English
          </span>
        )}
      </header>
      <main className={`b-main ${className}`} id="main" tabIndex={-1}>
        {children}
      </main>
      <BuyerFoot {...(here ? { here } : {})} />
    </div>
  );
}
