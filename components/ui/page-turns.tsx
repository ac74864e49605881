import { ChevronRight } from "lucide-react";
import Link from "next/link";

/** Leads to a list's other pages: `older` is the address of the next one, `newest` of the first; null where one stands. */
export function PageTurns({ older, newest = null }: { older: string | null; newest?: string | null }) {
  if (!newest && !older) return null;
  return (
    <span className="acts">
      {newest && (
        <Link className="btn btn-second" href={newest}>
          Newest
        </Link>
      )}
      {older && (
        <Link className="btn btn-second" href={older}>
          Older
          <ChevronRight className="i" />
        </Link>
      )}
    </span>
  );
}
