import { createSign } from "node:crypto";
import { findAgreement } from "../state/agreements.ts";
import type { LifecycleEvent } from "../state/events.ts";
import type { Market } from "../state/market.ts";
import { readSwitches } from "../state/switches.ts";
import { signingKey } from "./signing-key.ts";

/** The AWS account that owns the products' topics. */
const TOPIC_OWNER = "287250355862";

/** An SNS message as it is POSTed: AWS's own member names. */
export type Envelope = {
  Type: "Notification" | "SubscriptionConfirmation";
  MessageId: string;
  Token?: string;
  TopicArn: string;
  Message: string;
  SubscribeURL?: string;
  Timestamp: string;
  SignatureVersion: "1" | "2";
  Signature: string;
  SigningCertURL: string;
  UnsubscribeURL?: string;
};

/** The topic a notification goes out on. */
export function topicOf(market: Market, event: Pick<LifecycleEvent, "agreementId" | "channel">): string {
  const code = findAgreement(market.db, event.agreementId)?.productCode ?? "unknown";
  const kind = event.channel === "entitlement" ? "entitlement" : "subscription";
  return `arn:aws:sns:us-east-1:${TOPIC_OWNER}:aws-mp-${kind}-notification-${code}`;
}

/** A notification, signed. The same event makes the same bytes on every delivery. */
export function envelopeOf(
  market: Market,
  event: Pick<LifecycleEvent, "id" | "at" | "body">,
  topic: string,
): Envelope {
  const subscription = encodeURIComponent(`${topic}:sandbox`);
  return signed(market, {
    Type: "Notification",
    MessageId: event.id,
    TopicArn: topic,
    Message: event.body,
    Timestamp: new Date(event.at).toISOString(),
    UnsubscribeURL: `${market.url()}/_sns/unsubscribe?SubscriptionArn=${subscription}`,
  });
}

/** What SNS sends first: the subscriber says yes by opening `SubscribeURL`. */
export function confirmationOf(market: Market, id: string, topic: string, token: string): Envelope {
  const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: topic, Token: token });
  return signed(market, {
    Type: "SubscriptionConfirmation",
    MessageId: id,
    Token: token,
    TopicArn: topic,
    Message: `You have chosen to subscribe to the topic ${topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${market.url()}/_sns/confirm?${query}`,
    Timestamp: new Date(market.now()).toISOString(),
  });
}

type Unsigned = Omit<Envelope, "SignatureVersion" | "Signature" | "SigningCertURL">;

function signed(market: Market, message: Unsigned): Envelope {
  const { privateKey } = signingKey(market.db);
  const version = readSwitches(market.db).snsSignature;
  const sign = createSign(version === "1" ? "RSA-SHA1" : "RSA-SHA256");
  return {
    ...message,
    SignatureVersion: version,
    Signature: sign.update(stringToSign(message)).sign(privateKey, "base64"),
    SigningCertURL: `${market.url()}/_sns/SimpleNotificationService-sandbox.pem`,
  };
}

/** Names and values, each on its own line, in byte order (SNS guide, "Verifying the signatures of messages"). */
export function stringToSign(message: Unsigned): string {
  const names =
    message.Type === "Notification"
      ? (["Message", "MessageId", "Timestamp", "TopicArn", "Type"] as const)
      : (["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"] as const);
  return names.map((name) => `${name}\n${message[name]}\n`).join("");
}
