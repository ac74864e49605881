import { agoText } from "#components/format/duration.ts";
import { awsAccountText, initialsOf } from "#components/format/identifier.ts";

export type NewBuyer = {
  licenseId: string;
  companyName: string | null;
  productName: string | null;
  awsAccountId: string | null;
  at: string;
  completed: boolean;
};

/** Who came last, and whether they finished their set-up. */
export function NewestBuyers({ buyers, now }: { buyers: NewBuyer[]; now: string }) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>New buyers</h2>
        <span className="count">newest first</span>
      </div>
      {buyers.length === 0 ? (
        <p className="panel-empty">
          Nobody has subscribed yet. A buyer appears here when they press Set up your account in AWS
          Marketplace.
        </p>
      ) : (
        <ul className="lines tall">
          {buyers.map((buyer) => (
            <li key={buyer.licenseId}>
              <span className="avatar sq" aria-hidden="true">
                {initialsOf(buyer.companyName ?? "") || "…"}
              </span>
              <span className="bn">
                <b className="trunc">{buyer.companyName ?? accountName(buyer.awsAccountId)}</b>
                <span className="faint trunc">
                  {buyer.completed
                    ? (buyer.productName ?? "A product without a name yet")
                    : "Set-up not finished"}
                </span>
              </span>
              <span className="bs faint">{agoText(buyer.at, now)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function accountName(account: string | null): string {
  return account === null ? "A new buyer" : `AWS account ${awsAccountText(account)}`;
}
