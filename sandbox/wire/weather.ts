import type { Database } from "../state/database.ts";
import { type FaultName, strikes } from "../state/faults.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./services.ts";

export type BadWeather = {
  fault: FaultName;
  answer: Refusal | { status: number; body: string; contentType: string };
};

/** What a load balancer says when nothing stands behind it: HTML where every client expects JSON. */
const HTML_503 = "<html><body><b>Http/1.1 Service Unavailable</b></body> </html>";

/** The fault that keeps this call from being performed, if one strikes. */
export function badWeather(
  db: Database,
  operation: string,
  service: Service | undefined,
): BadWeather | undefined {
  if (strikes(db, "throttle", operation)) {
    return { fault: "throttle", answer: new Refusal("ThrottlingException", "Rate exceeded", "") };
  }
  if (strikes(db, "error500", operation)) {
    const code = service?.ownFault ?? "InternalServiceErrorException";
    const words = "An internal error has occurred. Retry your request.";
    return { fault: "error500", answer: new Refusal(code, words, "", 500) };
  }
  if (strikes(db, "html503", operation)) {
    return { fault: "html503", answer: { status: 503, body: HTML_503, contentType: "text/html" } };
  }
  if (strikes(db, "expiredCredentials", operation)) {
    const words = "The security token included in the request is expired";
    return { fault: "expiredCredentials", answer: new Refusal("ExpiredTokenException", words, "") };
  }
  if (strikes(db, "denied", operation)) {
    const words = `User is not authorized to perform: aws-marketplace:${operation}`;
    return { fault: "denied", answer: new Refusal("AccessDeniedException", words, "") };
  }
  if (strikes(db, "disabledRegion", operation)) {
    const words = "The API is disabled in the Region.";
    return { fault: "disabledRegion", answer: new Refusal("DisabledApiException", words, 51) };
  }
  return undefined;
}
