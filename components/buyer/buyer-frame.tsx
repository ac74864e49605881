import { LogOut } from "lucide-react";
import { Brand } from "#components/brand.tsx";
import { initialsOf } from "#components/format/identifier.ts";
import type { PlainAction } from "#components/ui/form-action.ts";

/** The buyer's room: brand, who is signed in, the page, and one line about money. */
export function BuyerFrame({
  brand,
  home,
  person,
  className = "",
  children,
}: {
  brand: string;
  home: string;
  person?: { name: string; signOut: PlainAction };
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
        {person && (
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
        )}
      </header>
      <main className={`b-main ${className}`} id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="b-foot">Billed by AWS on your AWS invoice. No card is asked for here.</footer>
    </div>
  );
}
