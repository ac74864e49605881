// `node sandbox/testing/contract/run.ts [--against-aws] [--books]`: the same calls to the sandbox and to AWS, and where
// they differ. docs/sandbox.md says what it needs. Without --against-aws it shows what the sandbox answers.
import { parseArgs } from "node:util";
import { z } from "zod";
import { openSandbox } from "../sandbox.ts";
import { clientsFor, type Side, STEPS } from "./steps.ts";

const { values } = parseArgs({
  options: { "against-aws": { type: "boolean", default: false }, books: { type: "boolean", default: false } },
});

const Real = z.object({
  CONTRACT_PRODUCT_CODE: z.string(),
  CONTRACT_ACCOUNT_ID: z.string().regex(/^\d{12}$/, "must be the buyer's 12 digits"),
  CONTRACT_LICENSE_ARN: z.string().startsWith("arn:aws"),
  CONTRACT_DIMENSION: z.string(),
  CONTRACT_REGISTRATION_TOKEN: z.string().optional(),
});

const aws = values["against-aws"] ? realSide() : undefined;
const sandbox = await openSandbox();
try {
  await sandbox.setClock(Date.now());
  const bought = await sandbox.subscribe();
  // As old as anything a step asks about, so that only the window decides.
  await sandbox.passes(48 * 3_600_000);
  const again = await sandbox.call(
    "GetAgreementEntitlements",
    { agreementId: bought.agreementId },
    { account: bought.customerAwsAccountId },
  );
  const [entitlement] = again.json.agreementEntitlements as unknown as { registrationToken: string }[];
  const here: Side = {
    ...clientsFor(sandbox.url),
    now: await sandbox.now(),
    productCode: bought.productCode,
    accountId: bought.customerAwsAccountId,
    licenseArn: bought.licenseArn,
    dimension: "gb_indexed",
    registrationToken: entitlement?.registrationToken,
  };
  process.exitCode = (await compare(here, aws)) === 0 ? 0 : 1;
} finally {
  await sandbox.close();
}

/** Answers how many steps differ. */
async function compare(here: Side, there: Side | undefined): Promise<number> {
  let differing = 0;
  for (const { rule, name, needs, perform } of STEPS) {
    const isAsked = needs !== "books" || values.books;
    const hasToken = needs !== "token" || !there || there.registrationToken !== undefined;
    if (!isAsked || !hasToken) {
      console.log(
        `skipped   rule ${rule}, ${name}: ${isAsked ? "no CONTRACT_REGISTRATION_TOKEN" : "it books usage; --books"}`,
      );
      continue;
    }
    const ours = await perform(here);
    const theirs = there ? await perform(there) : undefined;
    const isSame = theirs === undefined || theirs === ours;
    if (!isSame) differing += 1;
    const word = theirs === undefined ? "sandbox  " : isSame ? "the same " : "DIFFERENT";
    console.log(`${word} rule ${rule}, ${name}: ${ours}${isSame ? "" : `; AWS: ${theirs}`}`);
  }
  if (there) console.log(`${differing} of ${STEPS.length} differ`);
  return differing;
}

function realSide(): Side {
  const read = Real.safeParse(process.env);
  if (!read.success) {
    for (const { path, message } of read.error.issues) console.error(`${path.join(".")} ${message}`);
    process.exit(1);
  }
  const real = read.data;
  return {
    ...clientsFor(undefined),
    now: Date.now(),
    productCode: real.CONTRACT_PRODUCT_CODE,
    accountId: real.CONTRACT_ACCOUNT_ID,
    licenseArn: real.CONTRACT_LICENSE_ARN,
    dimension: real.CONTRACT_DIMENSION,
    registrationToken: real.CONTRACT_REGISTRATION_TOKEN,
  };
}
