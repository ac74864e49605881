import { Hono } from "hono";
import { type Change, type Changed, changeOf } from "../lifecycle/change-agreement.ts";
import { settle } from "../lifecycle/settle.ts";
import { subscribe } from "../lifecycle/subscribe.ts";
import { isLegacy } from "../lifecycle/tell.ts";
import { findAgreementByLicense, listAgreements } from "../state/agreements.ts";
import { customerIdentifierOf } from "../state/buyers.ts";
import type { Market } from "../state/market.ts";
import { agreementItem } from "./items.ts";
import { withBody } from "./json-body.ts";
import { CancelRequest, ChangeRequest, ChangeVerb, SubscribeRequest } from "./requests.ts";

/** Selling, and everything that can happen to what was sold. */
export function agreementDoors(market: Market): Hono {
  const doors = new Hono();
  const { db } = market;

  doors.post("/subscribe", (context) =>
    withBody(context, SubscribeRequest, ({ customerAwsAccountId, ...wishes }) => {
      const bought = subscribe(market, { ...wishes, accountId: customerAwsAccountId });
      if (!bought.ok)
        return context.json({ error: "productCode: the market does not sell this product" }, 400);
      const { agreement, registrationToken } = bought;
      return context.json({
        registrationToken,
        licenseArn: agreement.licenseArn,
        customerAwsAccountId: agreement.accountId,
        ...(isLegacy(market, agreement)
          ? { customerIdentifier: customerIdentifierOf(db, agreement.accountId) }
          : {}),
        productCode: agreement.productCode,
        agreementId: agreement.id,
      });
    }),
  );

  doors.get("/agreements", (context) => {
    settle(market);
    return context.json({ items: listAgreements(db).map((agreement) => agreementItem(market, agreement)) });
  });

  doors.post("/agreements/:id/:verb", async (context) => {
    const verb = ChangeVerb.safeParse(context.req.param("verb"));
    if (!verb.success) return context.json({ error: "There is no such door" }, 404);
    return withBody(context, ChangeRequest, (wishes) => {
      const change = { ...wishes, verb: verb.data } as Change;
      const changed = changeOf(market, context.req.param("id") ?? "", change);
      if (changed.ok) return context.json(agreementItem(market, changed.agreement));
      const error = refusalWords(changed.reason);
      return context.json({ error }, changed.reason === "unknown_agreement" ? 404 : 409);
    });
  });

  doors.post("/cancel", (context) =>
    withBody(context, CancelRequest, ({ licenseArn }) => {
      const agreement = findAgreementByLicense(db, licenseArn);
      if (!agreement) return context.json({ error: "There is no such license" }, 404);
      const cancelled = changeOf(market, agreement.id, { verb: "cancel" });
      if (!cancelled.ok) return context.json({ error: refusalWords(cancelled.reason) }, 409);
      return context.json({ agreementId: agreement.id, licenseArn, status: cancelled.agreement.endStatus });
    }),
  );
  return doors;
}

/** Why a change was not made, in one sentence. */
export function refusalWords(reason: Extract<Changed, { ok: false }>["reason"]): string {
  switch (reason) {
    case "unknown_agreement":
      return "There is no such agreement";
    case "already_ended":
      return "The agreement has ended already";
    case "no_end_to_renew":
      return "The agreement has no end that it could be renewed at";
    case "already_renewed":
      return "The agreement is renewed already";
    case "no_such_request":
      return "A request to cancel is under way already, or there is none";
    case "nothing_to_change":
      return "There is nothing to change";
  }
}
