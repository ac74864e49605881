import { Brand } from "./brand.tsx";

/** A small page that stands alone in the middle: sign-in, not found, errors. */
export function StandAlone({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <main className="si">
      <div className="si-c">
        <Brand name="Seller portal" href="/" />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
