import Link from "next/link";

/** The last line of every page a buyer sees: who bills, and what is worth knowing. */
export function BuyerFoot({ here }: { here?: "privacy" | "terms" | "help" }) {
  return (
    <footer className="b-foot">
      <span>Billed by AWS on your AWS invoice. No card is asked for here.</span>
      <nav aria-label="About this portal">
        <Link href="/privacy" prefetch={false} aria-current={here === "privacy" ? "page" : undefined}>
          Privacy
        </Link>
        <Link href="/terms" prefetch={false} aria-current={here === "terms" ? "page" : undefined}>
          Terms
        </Link>
        <Link href="/help" prefetch={false} aria-current={here === "help" ? "page" : undefined}>
          Help
        </Link>
      </nav>
    </footer>
  );
}
