import { Globe } from "lucide-react";
import Link from "next/link";
import { Brand } from "./brand.tsx";

/** A small page that stands alone in the middle: sign-in, not found, errors. */
export function StandAlone({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="si">
      <main className="si-c">
        <Brand name="Seller portal" href="/" />
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="si-f">
        <span>
          Trouble?{" "}
          <Link href="/help" prefetch={false}>
            How to get on
          </Link>
        </span>
        <span className="lang">
          <Globe className="i" />
          <span className="sr">Language: </span>
          English
        </span>
      </footer>
    </div>
  );
}
