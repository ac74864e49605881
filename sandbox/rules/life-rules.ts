import { assumed, known, type Rule } from "./rule.ts";

const EVENTS = "seller guide, EventBridge notifications";
const NOTIFICATIONS = "seller guide, SNS notifications";
const BUYER_API = "developer guide, Agreement API for buyers";
const MODEL = "service model of the Agreement service";

/** Registration, the life of an agreement with what AWS tells about it, and the Agreement service. */
export const LIFE_RULES: readonly Rule[] = [
  known(
    74,
    "The storefront posts a form: token, and free-trial where it is one",
    "seller guide, customer set-up and free trials",
  ),
  known(75, "The post comes from another site, without cookies", "field reports"),
  known(76, "Two posts of one token are one customer", "integration checklist"),
  known(77, "A purchase sends Created to the proposer, then License Updated to the manufacturer", EVENTS),
  known(78, "What a channel partner sold, the manufacturer hears as manufacturer", EVENTS),
  known(79, "A change of entitlements is a License Updated that says not what changed", EVENTS),
  known(80, "A cancellation is Ended without times and product, then License Deprovisioned", EVENTS),
  assumed(
    81,
    "A renewal is a new agreement under the same license, without a gap",
    `${EVENTS}; the old agreement's Ended is assumed`,
  ),
  known(82, "A replacement is one step: entitlements are never empty in between", BUYER_API),
  known(
    83,
    "Events spell the license as the guide's sample does, or as the API does",
    `${EVENTS}; seen in the field`,
  ),
  known(84, "An event's id is its own, and the same on every delivery; resources name the agreement", EVENTS),
  known(85, "Notifications of the older style have hyphenated members; raw or in an envelope", NOTIFICATIONS),
  known(
    86,
    "The older style leaves an hour between pending and success; who comes back stays",
    NOTIFICATIONS,
  ),
  known(87, "After subscribe-fail there is no access", NOTIFICATIONS),
  known(88, "Notifications are signed, with SHA1 or SHA256", "SNS guide, verifying signatures"),
  known(89, "A contract of the older style sends entitlement-updated too", NOTIFICATIONS),
  known(90, "A future-dated agreement is told at once and licensed at its start", BUYER_API),
  known(91, "DescribeAgreement knows its agreements and checks their ids", MODEL),
  assumed(
    92,
    "SearchAgreements needs AgreementType and PartyType, and finds by license",
    `${MODEL}; the code is assumed`,
  ),
  known(93, "The terms of a trial hold a free-trial term, those of a paid offer none", MODEL),
  known(94, "Pay-as-you-go has no end", MODEL),
  known(95, "The buyer's way to a token without a browser: it works for 30 minutes", BUYER_API),
];
