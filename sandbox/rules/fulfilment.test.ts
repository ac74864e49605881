import { describe, expect } from "vitest";
import { rule } from "../testing/rule.ts";
import { type OpenShop, openShop } from "../testing/shop.ts";

const FIELD = "x-amzn-marketplace-token";

describe("The post to the fulfilment URL", () => {
  rule(74, () =>
    inShop(async ({ sandbox, read }) => {
      const contract = await read(`/?bought=${(await sandbox.subscribe()).agreementId}`);
      expect(contract).toContain('method="post"');
      expect(tokenIn(contract)).toMatch(/^(?=.*\+)(?=.*\/)[A-Za-z0-9+/]+=+$/);
      expect(contract).not.toContain("x-amzn-marketplace-offer-type");
      expect(contract).not.toContain("x-amzn-marketplace-agreement-id");
      const trial = await read(`/?bought=${(await sandbox.subscribe({ offer: "free_trial" })).agreementId}`);
      expect(trial).toContain('name="x-amzn-marketplace-offer-type" value="free-trial"');
      await sandbox.switches({ registrationHints: "on" });
      const { agreementId } = await sandbox.subscribe();
      const hints = await read(`/?bought=${agreementId}`);
      expect(hints).toContain(`name="x-amzn-marketplace-agreement-id" value="${agreementId}"`);
      expect(hints).toContain('name="x-amzn-marketplace-product-id" value="prod-halyardvs4tqk"');
    }),
  );

  rule(75, () =>
    inShop(async ({ sandbox, portal, visit }) => {
      const answer = await visit(`/?bought=${(await sandbox.subscribe()).agreementId}`);
      expect(answer.headers.get("set-cookie")).toBeNull();
      // The shop is localhost, the portal 127.0.0.1: two sites, as at AWS.
      expect(await answer.text()).toContain(`action="${portal.url}/register"`);
      expect(portal.url).toContain("127.0.0.1");
    }),
  );

  rule(76, () =>
    inShop(async ({ sandbox, read }) => {
      const token = tokenIn(await read(`/?bought=${(await sandbox.subscribe()).agreementId}`));
      const [first, second] = await Promise.all([sandbox.resolve(token), sandbox.resolve(token)]);
      expect(second.LicenseArn).toBe(first.LicenseArn);
      expect((await sandbox.agreements()).items).toHaveLength(1);
    }),
  );
});

async function inShop(prove: (shop: OpenShop) => Promise<void>): Promise<void> {
  const shop = await openShop();
  try {
    await prove(shop);
  } finally {
    await shop.close();
  }
}

function tokenIn(page: string): string {
  return new RegExp(`name="${FIELD}" value="([^"]+)"`).exec(page)?.[1] ?? "";
}
