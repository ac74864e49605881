import { Hono } from "hono";
import type { Market } from "../state/market.ts";
import { signingKey } from "./signing-key.ts";
import { confirmSubscription } from "./subscriptions.ts";

const ID = "2bcfbf39-05c3-41de-beaa-fcfcc21c8f55";

/** SNS's own doors: the certificate that notifications are checked with, and the confirmation of a subscription. */
export function notificationDoors(market: Market): Hono {
  const doors = new Hono();
  doors.get("/SimpleNotificationService-sandbox.pem", (context) => {
    const { certificate } = market.db.transaction(() => signingKey(market.db));
    return context.body(certificate, 200, { "content-type": "application/x-pem-file" });
  });
  doors.get("/confirm", (context) => {
    const topic = context.req.query("TopicArn") ?? "";
    if (!confirmSubscription(market.db, topic, context.req.query("Token") ?? "")) {
      const error =
        "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code></Error></ErrorResponse>";
      return context.body(error, 400, { "content-type": "text/xml" });
    }
    market.wakeDeliveries();
    const done = `<ConfirmSubscriptionResponse><ConfirmSubscriptionResult><SubscriptionArn>${escaped(topic)}:sandbox</SubscriptionArn></ConfirmSubscriptionResult><ResponseMetadata><RequestId>${ID}</RequestId></ResponseMetadata></ConfirmSubscriptionResponse>`;
    return context.body(done, 200, { "content-type": "text/xml" });
  });
  return doors;
}

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
