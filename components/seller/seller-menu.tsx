"use client";

import { House, LogOut, Menu, TextAlignStart } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { initialsOf } from "#components/format/identifier.ts";
import type { PlainAction } from "#components/ui/form-action.ts";

type Person = { email: string; signOut: PlainAction };

/** The seller's rooms, in the side bar. */
export function SideBar({ person, brand }: { person: Person; brand: React.ReactNode }) {
  return (
    <aside className="side" aria-label="Rooms and account">
      {brand}
      <Rooms />
      <SignedIn person={person} />
    </aside>
  );
}

/** The same rooms behind a button on small screens. Moving to another page closes it. */
export function Burger({ person }: { person: Person }) {
  const path = usePathname();
  return (
    <aside className="burger" aria-label="Rooms and account">
      <details key={path}>
        <summary aria-label="Menu">
          <Menu className="i" />
        </summary>
        <div>
          <Rooms />
          <SignedIn person={person} />
        </div>
      </details>
    </aside>
  );
}

function Rooms() {
  const path = usePathname();
  return (
    <nav className="menu" aria-label="Main">
      <Link href="/admin" aria-current={path === "/admin" ? "page" : undefined}>
        <House className="i" />
        Overview
      </Link>
      <p>Metering</p>
      <Link
        href="/admin/metering/records"
        aria-current={path.startsWith("/admin/metering/records") ? "page" : undefined}
      >
        <TextAlignStart className="i" />
        Records
      </Link>
    </nav>
  );
}

function SignedIn({ person }: { person: Person }) {
  return (
    <div className="me">
      <span className="avatar" aria-hidden="true">
        {initialsOf(person.email)}
      </span>
      <span className="trunc">
        <b className="trunc" title={person.email}>
          {person.email}
        </b>
        Admin
      </span>
      <form action={person.signOut}>
        <button className="btn btn-quiet" type="submit" aria-label="Sign out" title="Sign out">
          <LogOut className="i" />
        </button>
      </form>
    </div>
  );
}
