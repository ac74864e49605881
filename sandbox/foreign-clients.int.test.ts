import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NOON, type OpenSandbox, openSandbox } from "./testing/sandbox.ts";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("testing/foreign/marketplace.py", import.meta.url));
const CLASSIC = "6c1mv8xr4zq0k9t3jd7wn5fhb";
const EDGE = "9p2gd6ht1sy4m7x0lk5vb8ncw";
const BUYER = "553810027748";
/** Debian's own first: its packages are found only by its own Python. */
const PYTHONS = ["/usr/bin/python3", "python3"];
const CLIS = ["/usr/bin/aws", "aws"];

/** A current boto3, which knows account ids and license ARNs. It is put there by hand: no test asks the network. */
const CURRENT = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "aws-marketplace-seller-portal",
  "boto3",
);

const python = await first(PYTHONS, ["-c", "import boto3"]);
const modernPython = existsSync(CURRENT)
  ? await first(PYTHONS, ["-c", `import sys; sys.path.insert(0, ${JSON.stringify(CURRENT)}); import boto3`])
  : undefined;
const cli = await first(CLIS, ["--version"]);
if (!python) console.log("skipped: boto3 is not installed (Debian: apt install python3-boto3)");
if (!modernPython)
  console.log(`skipped: no current boto3 (pip install --target ${CURRENT.replace(homedir(), "~")} boto3)`);
if (!cli) console.log("skipped: the AWS CLI is not installed (Debian: apt install awscli)");

let sandbox: OpenSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
  await sandbox.subscribe({ productCode: EDGE, customerAwsAccountId: BUYER, offer: "subscription" });
});
afterAll(() => sandbox.close());

describe("Clients nobody here wrote", () => {
  test.skipIf(!python)("boto3 runs the steps of AWS's code examples", async () => {
    const said = await boto3(python ?? "", {});
    for (const words of said.skipped as string[]) console.log(`skipped: ${words} (${said.botocore})`);
  });

  test.skipIf(!modernPython)("a current boto3 runs account id and license ARN too", async () => {
    const said = await boto3(modernPython ?? "", { PYTHONPATH: CURRENT });
    expect(said).toMatchObject({ by_license: ["Success"], skipped: [] });
  });

  async function boto3(program: string, more: Record<string, string>): Promise<Record<string, unknown>> {
    await sandbox.setClock(NOON);
    const { registrationToken, customerIdentifier, productCode, customerAwsAccountId } =
      await sandbox.subscribe({ integration: "legacy" });
    await sandbox.passes(3_600_000);
    const modern = await sandbox.subscribe();
    const { stdout } = await run(program, [SCRIPT], {
      env: {
        ...environment(),
        ...more,
        POST_BODY: new URLSearchParams({ "x-amzn-marketplace-token": registrationToken }).toString(),
        PRODUCT: productCode,
        EDGE,
        BUYER,
        ACCOUNT: modern.customerAwsAccountId,
        LICENSE: modern.licenseArn,
        NOW: String((NOON + 3_600_000) / 1_000),
      },
    });
    const said = JSON.parse(stdout) as Record<string, unknown>;
    expect(said).toMatchObject({
      resolved: { CustomerIdentifier: customerIdentifier, ProductCode: CLASSIC },
      entitled: { searches: 100_000, seats: 5 },
      metered: ["Success"],
      tagged: ["Success"],
      refused: "InvalidTokenException",
      dry_run: "DryRunOperation",
      ...("by_license" in said ? { by_license: ["Success"] } : {}),
    });
    expect((await sandbox.ledger()).items).toContainEqual(
      expect.objectContaining({ customerAwsAccountId, identity: "legacy", quantity: 5 }),
    );
    return said;
  }

  test.skipIf(!cli)("the AWS CLI resolves, asks for entitlements, and meters", async () => {
    const bought = await sandbox.subscribe({ integration: "legacy" });
    const resolved = await aws(
      "meteringmarketplace",
      "resolve-customer",
      "--registration-token",
      bought.registrationToken,
    );
    expect(resolved).toMatchObject({ CustomerIdentifier: bought.customerIdentifier, ProductCode: CLASSIC });
    const filter = JSON.stringify({ CUSTOMER_IDENTIFIER: [bought.customerIdentifier] });
    const entitled = await aws(
      "marketplace-entitlement",
      "get-entitlements",
      "--product-code",
      CLASSIC,
      "--filter",
      filter,
    );
    expect(entitled.Entitlements).toMatchObject([
      { Dimension: "searches", Value: { IntegerValue: 100_000 } },
      {},
    ]);
    const records = JSON.stringify([
      {
        Timestamp: Math.floor((await sandbox.now()) / 1_000),
        CustomerIdentifier: bought.customerIdentifier,
        Dimension: "searches",
        Quantity: 9,
      },
    ]);
    const metered = await aws(
      "meteringmarketplace",
      "batch-meter-usage",
      "--product-code",
      CLASSIC,
      "--usage-records",
      records,
    );
    expect(metered).toMatchObject({ Results: [{ Status: "Success" }], UnprocessedRecords: [] });
    const refused = aws(
      "meteringmarketplace",
      "resolve-customer",
      "--registration-token",
      "nobody issued this",
    );
    await expect(refused).rejects.toThrow("InvalidTokenException");
  });
});

function environment() {
  return {
    NODE_ENV: "test" as const,
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    SANDBOX: sandbox.url,
    AWS_ACCESS_KEY_ID: "AKIDSANDBOX",
    AWS_SECRET_ACCESS_KEY: "not-a-secret",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
  };
}

async function aws(...words: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(cli ?? "", [...words, "--endpoint-url", sandbox.url, "--output", "json"], {
    env: environment(),
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The first of these programs that is there and answers. */
async function first(programs: readonly string[], words: readonly string[]): Promise<string | undefined> {
  for (const program of programs) {
    const isThere = await run(program, [...words]).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return undefined;
}
