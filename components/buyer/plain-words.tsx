import { BuyerFrame } from "./buyer-frame.tsx";

/** A page of plain words that anybody may read: a title, what it comes to, and a few questions with their answers. */
export function PlainWords({
  here,
  title,
  lead,
  children,
}: {
  here: "privacy" | "terms" | "help";
  title: string;
  lead: string;
  children: React.ReactNode;
}) {
  return (
    <BuyerFrame brand="Seller portal" home="/" here={here} className="ex words">
      <h1 className="b-h">{title}</h1>
      <p className="b-lead">{lead}</p>
      {children}
    </BuyerFrame>
  );
}

/** One question and its answer. */
export function Words({ about, children }: { about: string; children: React.ReactNode }) {
  return (
    <section>
      <h2>{about}</h2>
      {children}
    </section>
  );
}
