import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import config from "../.dependency-cruiser.mjs";
import { checkDependencyRules } from "./dependency-rules.ts";
import { ROOT } from "./root.ts";

/** One violation per rule: a file, what it imports, and the rule that must name it. */
const VIOLATIONS: [rule: string, file: string, imports: string][] = [
  ["app-imports-downwards", "app/page.tsx", "../worker/main.ts"],
  ["worker-imports-downwards", "worker/main.ts", "../app/page.tsx"],
  ["cli-imports-downwards", "cli/main.ts", "../worker/main.ts"],
  ["instrumentation-imports-downwards", "instrumentation.ts", "./worker/main.ts"],
  ["proxy-imports-downwards", "proxy.ts", "./app/page.tsx"],
  ["lib/jobs-imports-downwards", "lib/jobs/run-jobs.ts", "../../worker/main.ts"],
  ["lib/notify-imports-downwards", "lib/notify/send-outbox.ts", "../jobs/run-jobs.ts"],
  ["lib/registration-imports-downwards", "lib/registration/register-buyer.ts", "../metering/meter-usage.ts"],
  ["lib/metering-imports-downwards", "lib/metering/meter-usage.ts", "../notify/send-outbox.ts"],
  ["lib/licensing-imports-downwards", "lib/licensing/sync-license.ts", "../metering/meter-usage.ts"],
  ["lib/accounts-imports-downwards", "lib/accounts/add-member.ts", "../licensing/sync-license.ts"],
  ["lib/catalog-imports-downwards", "lib/catalog/put-product.ts", "../access/check-role.ts"],
  ["lib/access-imports-downwards", "lib/access/check-role.ts", "../outbox/write-row.ts"],
  ["lib/outbox-imports-downwards", "lib/outbox/write-row.ts", "../catalog/put-product.ts"],
  ["lib/aws-imports-downwards", "lib/aws/metering.ts", "../database/client.ts"],
  ["lib/database-imports-downwards", "lib/database/client.ts", "../aws/metering.ts"],
  ["ground-floor-imports-downwards", "lib/env.ts", "./database/client.ts"],
  ["components-are-markup", "components/table.tsx", "../lib/metering/meter-usage.ts"],
  ["components-are-markup", "components/table.tsx", "../app/page.tsx"],
  ["components-know-few-packages", "components/table.tsx", "pg"],
  ["lib-knows-no-markup", "lib/metering/meter-usage.ts", "../../components/table.tsx"],
  ["rules-are-pure", "lib/metering/deadline.ts", "../env.ts"],
  ["rules-are-pure", "lib/metering/deadline.ts", "./store.ts"],
  ["rules-are-pure", "lib/metering/submission/batch.ts", "next/headers"],
  ["doors-call-verbs-and-views", "app/page.tsx", "../lib/metering/store.ts"],
  ["only-lib-aws-imports-the-sdk", "lib/metering/meter-usage.ts", "@aws-sdk/client-marketplace-metering"],
  ["only-stores-and-views-import-prisma", "lib/metering/meter-usage.ts", "@prisma/client"],
  ["only-lib-access-imports-next-auth", "app/page.tsx", "next-auth"],
  ["sandbox-imports-nothing-of-ours", "sandbox/main.ts", "../lib/env.ts"],
  ["nobody-imports-the-sandbox", "lib/metering/meter-usage.ts", "../../sandbox/main.ts"],
  ["nobody-imports-scripts", "app/page.tsx", "../scripts/up.ts"],
  ["only-tests-import-testing", "lib/metering/meter-usage.ts", "../testing/world.ts"],
  ["no-cycles", "lib/metering/store.ts", "./meter-usage.ts"],
  ["every-import-leads-somewhere", "lib/metering/meter-usage.ts", "./gone.ts"],
];

test.each(VIOLATIONS)("%s finds %s importing %s", async (rule, file, imports) => {
  const root = skeleton();
  writeFileSync(
    path.join(root, file),
    `import { x } from "${imports}";\nexport const y = x;\nexport const x = 1;\n`,
  );
  const { violations } = await checkDependencyRules(root);
  expect(violations.map((violation) => violation.split(": ")[0])).toContain(rule);
});

test("a subpath import is seen like a relative one, and the skeleton itself breaks no rule", async () => {
  const root = skeleton();
  expect((await checkDependencyRules(root)).violations).toEqual([]);
  writeFileSync(
    path.join(root, "lib/env.ts"),
    'import { x } from "#lib/database/client.ts";\nexport const y = x;\n',
  );
  expect((await checkDependencyRules(root)).violations).toEqual([
    "ground-floor-imports-downwards: lib/env.ts → lib/database/client.ts",
  ]);
});

test("a component may use a type of lib, not a value", async () => {
  const root = skeleton();
  const table = path.join(root, "components/table.tsx");
  writeFileSync(table, 'import type { x } from "#lib/metering/meter-usage.ts";\nexport type Y = typeof x;\n');
  expect((await checkDependencyRules(root)).violations).toEqual([]);
});

test("every rule has a violation above", () => {
  const planted = new Set(VIOLATIONS.map(([rule]) => rule));
  expect(config.forbidden.filter((rule) => !planted.has(rule.name))).toEqual([]);
});

test("more than 50 modules of the project are looked at", async () => {
  expect((await checkDependencyRules(ROOT)).modules).toBeGreaterThan(50);
});

/** One small file per room, joined so that a cycle can close, in a folder of its own. */
function skeleton(): string {
  const root = mkdtempSync(path.join(tmpdir(), "dependency-rules-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const files = [
    ...new Set(VIOLATIONS.map(([, file]) => file)),
    "lib/metering/store.ts",
    "lib/testing/world.ts",
    "scripts/up.ts",
  ];
  for (const file of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), "export const x = 1;\n");
  }
  writeFileSync(path.join(root, "lib/metering/meter-usage.ts"), 'export { x } from "./store.ts";\n');
  writeFileSync(path.join(root, "package.json"), '{ "type": "module", "imports": { "#lib/*": "./lib/*" } }');
  symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
  return root;
}
