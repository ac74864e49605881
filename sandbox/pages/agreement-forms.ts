import { Hono } from "hono";
import { z } from "zod";
import { refusalWords } from "../control/agreement-doors.ts";
import { ChangeVerb } from "../control/requests.ts";
import { type Change, changeOf } from "../lifecycle/change-agreement.ts";
import { subscribe } from "../lifecycle/subscribe.ts";
import { findAgreement } from "../state/agreements.ts";
import type { Market } from "../state/market.ts";
import type { Notices } from "./notices.ts";
import { offersOf, TICKETS } from "./offer-tickets.ts";
import { shopPath } from "./shop-page.ts";

const WEEK_SECONDS = 7 * 86_400;

const Checked = z
  .literal("yes")
  .optional()
  .transform((value) => value === "yes");
const SubscribeForm = z.object({
  buyer: z.union([z.literal("new"), z.string().regex(/^\d{12}$/)]),
  product: z.string(),
  offer: z.enum(TICKETS),
  autoRenew: Checked,
  startsLater: Checked,
  channelPartner: Checked,
  paymentFails: Checked,
});
const AmendForm = z.record(z.string(), z.string());

/** The forms of the shop and of the agreements: buy, and everything after. */
export function agreementForms(market: Market, notices: Notices): Hono {
  const forms = new Hono();

  forms.post("/subscribe", async (context) => {
    const back = (words: string) => context.redirect(shopPath(undefined, notices.leave(words)), 303);
    const form = SubscribeForm.safeParse(await context.req.parseBody());
    if (!form.success) return back("Choose a buyer, then press Subscribe.");
    const { buyer, product, offer: ticket, startsLater, ...terms } = form.data;
    let accountId = buyer === "new" ? undefined : buyer;
    let path = "/";
    for (const offer of offersOf(ticket)) {
      const startsAfterSeconds = startsLater ? WEEK_SECONDS : 0;
      const bought = subscribe(market, {
        ...terms,
        accountId,
        productCode: product,
        offer,
        startsAfterSeconds,
      });
      if (!bought.ok) return back("The market does not sell this product.");
      // The second of two at once goes to the same buyer.
      accountId = bought.agreement.accountId;
      path = shopPath(bought.agreement);
    }
    return context.redirect(path, 303);
  });

  forms.post("/agreements/:id/:verb", async (context) => {
    const verb = ChangeVerb.safeParse(context.req.param("verb"));
    if (!verb.success) return context.redirect("/agreements", 303);
    const fields = AmendForm.safeParse(await context.req.parseBody()).data ?? {};
    const id = context.req.param("id");
    const change = { ...wishesIn(fields), ...contractFor(market, id, verb.data), verb: verb.data } as Change;
    const changed = changeOf(market, id, change);
    if (changed.ok) return context.redirect("/agreements", 303);
    const words = `${refusalWords(changed.reason).replace("The agreement", "This agreement")}.`;
    return context.redirect(`/agreements?notice=${notices.leave(words)}`, 303);
  });
  return forms;
}

/** What an amendment asks for. A number that is none is left out. */
function wishesIn(fields: Record<string, string>): {
  autoRenew?: boolean;
  quantities?: Record<string, number>;
} {
  const quantities = Object.entries(fields)
    .filter(([name, value]) => name.startsWith("quantity.") && /^\d{1,10}$/.test(value))
    .map(([name, value]): [string, number] => [
      name.slice("quantity.".length),
      Math.min(Number(value), 2_147_483_647),
    ]);
  return {
    ...(fields.autoRenew === undefined ? {} : { autoRenew: fields.autoRenew === "yes" }),
    ...(quantities.length === 0 ? {} : { quantities: Object.fromEntries(quantities) }),
  };
}

/** A pay-as-you-go agreement is replaced by a contract; a contract by the same anew. */
function contractFor(market: Market, id: string, verb: string): { offer?: "contract_with_consumption" } {
  if (verb !== "replace" || findAgreement(market.db, id)?.endsAt !== null) return {};
  return { offer: "contract_with_consumption" };
}
