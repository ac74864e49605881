"use client";

import {
  CircleDashed,
  FileWarning,
  House,
  ListChecks,
  LogOut,
  type LucideIcon,
  Menu,
  Package,
  TextAlignStart,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { initialsOf } from "#components/format/identifier.ts";
import type { PlainAction } from "#components/ui/form-action.ts";

type Person = { email: string; signOut: PlainAction };
/** `refused`: whether refused usage events wait to be seen to; their room is shown only then. */
type Given = { person: Person; refused: boolean };

/** The seller's rooms, in the side bar. */
export function SideBar({ person, refused, brand }: Given & { brand: React.ReactNode }) {
  return (
    <aside className="side" aria-label="Rooms and account">
      {brand}
      <Rooms refused={refused} />
      <SignedIn person={person} />
    </aside>
  );
}

/** The same rooms behind a button on small screens. Moving to another page closes it. */
export function Burger({ person, refused }: Given) {
  const path = usePathname();
  return (
    <aside className="burger" aria-label="Rooms and account">
      <details key={path}>
        <summary aria-label="Menu">
          <Menu className="i" />
        </summary>
        <div>
          <Rooms refused={refused} />
          <SignedIn person={person} />
        </div>
      </details>
    </aside>
  );
}

type Door = { name: string; href: string; icon: LucideIcon };
const DOORS: Record<"records" | "unsealed" | "operations" | "refused" | "products", Door> = {
  records: { name: "Records", href: "/admin/metering/records", icon: TextAlignStart },
  unsealed: { name: "Unsealed units", href: "/admin/metering/unsealed", icon: CircleDashed },
  operations: { name: "Operations", href: "/admin/metering/operations", icon: ListChecks },
  refused: { name: "Refused events", href: "/admin/metering/refused", icon: FileWarning },
  products: { name: "Products", href: "/admin/products", icon: Package },
};

function Rooms({ refused }: { refused: boolean }) {
  const path = usePathname();
  return (
    <nav className="menu" aria-label="Main">
      <Link href="/admin" aria-current={path === "/admin" ? "page" : undefined}>
        <House className="i" />
        Overview
      </Link>
      <p>Metering</p>
      <Room {...DOORS.records} />
      <Room {...DOORS.unsealed} />
      <Room {...DOORS.operations} />
      {refused && <Room {...DOORS.refused} />}
      <p>Portal</p>
      <Room {...DOORS.products} />
    </nav>
  );
}

function Room({ name, href, icon: Icon }: Door) {
  const path = usePathname();
  return (
    <Link href={href} aria-current={path.startsWith(href) ? "page" : undefined}>
      <Icon className="i" />
      {name}
    </Link>
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
