import { checkSnsSignature, confirmSnsSubscription, SnsMessage } from "#lib/aws/sns.ts";
import { businessNow } from "#lib/database/clock.ts";
import { isPinned } from "#lib/licensing/pinned-topics.ts";
import { receiveNotice } from "#lib/licensing/receive-lifecycle-event.ts";
import { log } from "#lib/log.ts";
import { guarded } from "../../door.ts";
import { onlyBy, problem } from "../../problem.ts";
import { readJson } from "../../read-body.ts";

const MOST_BYTES = 512 * 1024;

/** POST /api/events/sns: notices of listings of the older style. SNS signs; only pinned topics are listened to. */
export const POST = guarded(async (request: Request) => {
  if (request.headers.get("x-amz-sns-rawdelivery") === "true")
    return problem(
      403,
      "unsigned",
      "Raw delivery carries no signature: switch it off for this subscription.",
    );
  const body = await readJson(request, SnsMessage, MOST_BYTES, ["application/json", "text/plain"]);
  if (!body.ok) return body.response;
  const message = body.value;
  if (!isPinned(message.TopicArn))
    return problem(403, "unknown_topic", "Add this topic's ARN to SELLER_SNS_TOPICS to listen to it.");
  const checked = await checkSnsSignature(message);
  if (!checked.ok && checked.reason === "unreachable")
    return problem(503, "certificate_unreachable", "Send it again.", { "retry-after": "30" });
  if (!checked.ok) return problem(403, "bad_signature", `This is not from SNS: ${checked.message}.`);
  return message.Type === "Notification" ? take(message) : confirm(message);
});

const refuse = onlyBy("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };

async function take(message: SnsMessage): Promise<Response> {
  const { isNew } = await receiveNotice({
    messageId: message.MessageId,
    source: message.TopicArn,
    text: message.Message,
    sentAt: new Date(message.Timestamp),
    now: await businessNow(),
  });
  return Response.json({ id: message.MessageId, isNew }, { status: 202 });
}

/** Somebody subscribed this door to a topic of ours, or took it off; only the first wants an answer. */
async function confirm(message: SnsMessage): Promise<Response> {
  if (message.Type === "UnsubscribeConfirmation") {
    log.warn("events.sns_unsubscribed", { topic: message.TopicArn });
    return Response.json({ id: message.MessageId }, { status: 202 });
  }
  if (!(await confirmSnsSubscription(message)))
    return problem(503, "not_confirmed", "SNS did not take our yes. Send it again.", { "retry-after": "30" });
  log.info("events.sns_subscribed", { topic: message.TopicArn });
  return Response.json({ id: message.MessageId }, { status: 202 });
}
