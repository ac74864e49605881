import { z } from "zod";
import type { Database } from "./database.ts";
import { readSetting, writeSetting } from "./settings.ts";

type Choice = {
  /** What it can be; the first one is the default. */
  values: readonly [string, string, ...string[]];
  rules: readonly number[];
  words: string;
};

/**
 * Where AWS's own texts disagree or are silent, the sandbox takes the newest reading, and lets you try the others.
 * Every switch names the rules it bends; the first value is the default.
 */
export const CHOICES = {
  contentType: {
    values: ["strict", "any"],
    rules: [2],
    words: "A content type of another protocol is refused, or read all the same",
  },
  errorNames: {
    values: ["plain", "namespaced", "header"],
    rules: [5],
    words: "How an error spells its name: bare, with AWS's namespace, or in the x-amzn-errortype header only",
  },
  unknownMembers: {
    values: ["ignored", "refused"],
    rules: [9],
    words: "Members that the service model does not know",
  },
  tokenLife: {
    values: ["4h", "1h", "30m"],
    rules: [12],
    words: "How long a registration token of the browser works",
  },
  tokenUse: {
    values: ["many", "once"],
    rules: [13],
    words: "A token resolved before answers the same again, or has expired",
  },
  customerIdentifier: {
    values: ["absent", "empty"],
    rules: [15],
    words: "CustomerIdentifier of concurrent agreements",
  },
  legacyLicenseArn: {
    values: ["present", "absent"],
    rules: [16],
    words: "LicenseArn in ResolveCustomer for products of the older style",
  },
  emptyEntitlements: {
    values: ["absent", "list"],
    rules: [27],
    words: "An answer without entitlements leaves the member out, or sends an empty list",
  },
  entitlementRegion: {
    values: ["us-east-1", "any"],
    rules: [32],
    words: "The entitlement service exists in one region; a call for another one is cut off",
  },
  emptyBatch: { values: ["accepted", "refused"], rules: [33], words: "A batch without records" },
  productCodeWithLicense: {
    values: ["refused", "billed-twice"],
    rules: [39, 40],
    words: "Product code and license together are refused, or (the billing trap) booked under each",
  },
  legacyByLicense: {
    values: ["refused", "accepted"],
    rules: [41],
    words:
      "Usage by license of products of the older style: refused, as before AWS switches the product over, or accepted",
  },
  refusedCallBooks: {
    values: ["nothing", "clean-records"],
    rules: [45],
    words: "A call refused for one record books nothing, or books the records before it was refused for",
  },
  meteringWindow: {
    values: ["24h", "24h-hours", "6h", "1h"],
    rules: [46],
    words:
      "How old usage may be: 24 hours, 24 hours counted from the start of the running hour, or what older texts say",
  },
  monthEnd: {
    values: ["06:00", "grace", "none"],
    rules: [47],
    words:
      "Usage of last month: until 06:00 on the 1st and not older than the window, until 06:00 however old, or no cut-off",
  },
  beforeActivation: {
    values: ["timestamp", "license"],
    rules: [48],
    words: "Usage from before the license: TimestampOutOfBounds or InvalidLicense",
  },
  activationHour: {
    values: ["whole", "exact"],
    rules: [48],
    words: "A moment of the license's first hour counts from the hour's start, or from the activation itself",
  },
  future: { values: ["5m", "none", "1h"], rules: [49], words: "How far ahead of AWS's clock usage may be" },
  untaggedShare: {
    values: ["accepted", "refused"],
    rules: [54],
    words: "An allocation without tags beside tagged ones",
  },
  identicalResend: {
    values: ["success", "duplicate"],
    rules: [57],
    words: "The same record again: Success with the same receipt, or DuplicateRecord",
  },
  contradiction: {
    values: ["second-duplicate", "refused"],
    rules: [60],
    words: "Two contradicting records in one batch",
  },
  unknownCustomer: {
    values: ["exception", "status"],
    rules: [64],
    words: "A customer who never bought refuses the call, or only the record",
  },
  beforeLicense: {
    values: ["status", "exception"],
    rules: [65],
    words: "Usage of a license that is not active yet: CustomerNotSubscribed or InvalidLicense",
  },
  finalWindowFrom: {
    values: ["deprovisioned", "ended"],
    rules: [68],
    words: "Which event opens the last hour of metering",
  },
  registrationHints: {
    values: ["off", "on"],
    rules: [74],
    words: "The registration form carries agreement and product id too",
  },
  endOrder: {
    values: ["ended-first", "deprovisioned-first"],
    rules: [80],
    words: "Which of the two events of an end comes first",
  },
  endEvents: {
    values: ["both", "ended-only", "deprovisioned-only"],
    rules: [80],
    words: "An end may tell only half of its story",
  },
  renewalEndsOld: {
    values: ["event", "silent"],
    rules: [81],
    words: "A renewal ends the old agreement with an event, or silently",
  },
  endNotices: {
    values: ["sent", "silent"],
    rules: [],
    words: "Whether the end of an agreement is announced 180, 120, 90, 60 and 30 days before",
  },
  replaceLicense: {
    values: ["kept", "new"],
    rules: [82],
    words: "A replacement keeps the license's ARN, or brings another",
  },
  licenseArnSpelling: { values: ["event", "api"], rules: [83], words: "How events spell the license's ARN" },
  snsSignature: {
    values: ["1", "2"],
    rules: [88],
    words: "SignatureVersion of notifications: SHA1 or SHA256",
  },
  snsDelivery: {
    values: ["enveloped", "raw"],
    rules: [85],
    words: "Notifications in the queue: in SNS's envelope, or raw",
  },
  delivery: {
    values: ["in-order", "swapped"],
    rules: [80, 84],
    words: "The order in which waiting events are delivered",
  },
  copies: { values: ["once", "twice"], rules: [80, 84], words: "How often an event is delivered" },
  quotas: { values: ["off", "on"], rules: [31, 50], words: "AWS's limits of calls per second" },
} as const satisfies Record<string, Choice>;

export type SwitchName = keyof typeof CHOICES;
export type SwitchValue<Name extends SwitchName> = (typeof CHOICES)[Name]["values"][number];

/** Numbers that can be set beside the choices. */
const NUMBERS = {
  deliveryDelaySeconds: z
    .int()
    .min(0)
    .max(30 * 86_400),
  deliveryLoss: z.number().min(0).max(1),
  deprovisionAfterSeconds: z.int().min(0).max(86_400),
  entitlementsAfterSeconds: z.int().min(0).max(86_400),
  seed: z.int().min(0).max(4_294_967_295).nullable(),
};
const NUMBER_DEFAULTS = {
  deliveryDelaySeconds: 0,
  deliveryLoss: 0,
  deprovisionAfterSeconds: 0,
  entitlementsAfterSeconds: 0,
  seed: null as number | null,
};
const ErrorCode = z.string().regex(/^[A-Za-z]{1,80}$/, "must be the name of an error");

export type Switches = { [Name in SwitchName]: SwitchValue<Name> } & typeof NUMBER_DEFAULTS & {
    /** Error codes to use instead of the documented ones, by the rule's number. */
    codes: Record<string, string>;
  };

const SWITCH_NAMES = Object.keys(CHOICES) as SwitchName[];

export const SwitchesPatch = z.strictObject({
  ...(Object.fromEntries(
    Object.entries(CHOICES).map(([name, { values }]) => [name, z.enum(values).optional()]),
  ) as unknown as {
    [Name in SwitchName]: z.ZodOptional<z.ZodEnum<Record<SwitchValue<Name>, SwitchValue<Name>>>>;
  }),
  ...(Object.fromEntries(Object.entries(NUMBERS).map(([name, schema]) => [name, schema.optional()])) as {
    [Name in keyof typeof NUMBERS]: z.ZodOptional<(typeof NUMBERS)[Name]>;
  }),
  codes: z.record(z.string().regex(/^\d{1,2}$/, "must be a rule's number"), ErrorCode.nullable()).optional(),
});
export type SwitchesPatch = z.output<typeof SwitchesPatch>;

export const SWITCH_DEFAULTS: Switches = Object.freeze({
  ...(Object.fromEntries(SWITCH_NAMES.map((name) => [name, CHOICES[name].values[0]])) as {
    [Name in SwitchName]: SwitchValue<Name>;
  }),
  ...NUMBER_DEFAULTS,
  codes: {},
});

const STORED = "switches";
/** Every call asks several times: the text is read each time, its meaning only when it changed. */
const understood = new WeakMap<Database, { text: string; switches: Switches }>();

/** How every switch stands. */
export function readSwitches(db: Database): Switches {
  const text = readSetting(db, STORED);
  if (text === undefined) return SWITCH_DEFAULTS;
  const known = understood.get(db);
  if (known?.text === text) return known.switches;
  const switches = { ...SWITCH_DEFAULTS, ...(JSON.parse(text) as Partial<Switches>) };
  understood.set(db, { text, switches });
  return switches;
}

/** Moves the switches that are named and leaves the others. A code set to null is the documented one again. */
export function changeSwitches(db: Database, patch: SwitchesPatch): Switches {
  const before = readSwitches(db);
  const codes = Object.entries({ ...before.codes, ...patch.codes }).filter(([, code]) => code !== null);
  // A key that stands there as undefined must not undo the value before it.
  const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const switches = { ...before, ...named, codes: Object.fromEntries(codes) } as Switches;
  writeSetting(db, STORED, JSON.stringify(switches));
  if (patch.seed !== undefined) writeSetting(db, "chance", String(patch.seed ?? ""));
  return switches;
}

/** Every switch as AWS's newest text has it. */
export function resetSwitches(db: Database): Switches {
  writeSetting(db, STORED, JSON.stringify(SWITCH_DEFAULTS));
  return SWITCH_DEFAULTS;
}
