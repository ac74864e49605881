import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../ports.ts";
import { childEnvironment, childVariables } from "./environment.ts";
import { readSettings, refuseTakenPorts } from "./settings.ts";

test("without anything said it is a sandbox with a built-in stand-in for AWS", () => {
  const settings = readSettings({});
  expect(settings.env.PORTAL_MODE).toBe("sandbox");
  expect(settings.withSandbox).toBe(true);
});

test("an AWS endpoint given from outside is used instead of the built-in sandbox", () => {
  const given = { AWS_ENDPOINT_URL_MARKETPLACE_METERING: "http://127.0.0.1:9" };
  const settings = readSettings({ ...given, DATA_DIR: folder() });
  expect(settings.withSandbox).toBe(false);
  expect(childVariables(settings, "postgresql://x", given)).not.toHaveProperty("AWS_ACCESS_KEY_ID");
});

test("every mistake is a line that names its variable", () => {
  expect(() => readSettings({ PORT: "x", LOG_LEVEL: "loud" })).toThrow(/^PORT .*\nLOG_LEVEL /);
});

test("the portal and the sandbox cannot share a port", () => {
  expect(() => readSettings({ PORT: "4000" })).toThrow(/PORT and SANDBOX_PORT are both 4000/);
});

test.each(["PORT", "SANDBOX_PORT"])(
  "a taken %s is named, with an example of how to change it",
  async (variable) => {
    const port = await freePort();
    const stranger = createServer().listen(port, "127.0.0.1");
    onTestFinished(() => void stranger.close());
    const others = { PORT: String(await freePort()), SANDBOX_PORT: String(await freePort()) };
    const settings = readSettings({ ...others, [variable]: String(port) });
    await expect(refuseTakenPorts(settings)).rejects.toThrow(
      new RegExp(`^Port ${port} is taken by another program.* ${variable}=\\d+ npm run up$`),
    );
  },
);

test("with the built-in sandbox nothing leads the AWS SDK to somebody's account", () => {
  process.env.AWS_PROFILE = "production";
  onTestFinished(() => {
    delete process.env.AWS_PROFILE;
  });
  const settings = readSettings({ SANDBOX_PORT: "4007", DATA_DIR: folder() });
  const env = childEnvironment(settings, childVariables(settings, "postgresql://x", {}));
  expect(env.AWS_PROFILE).toBeUndefined();
  expect(env.AWS_ENDPOINT_URL_MARKETPLACE_METERING).toBe("http://127.0.0.1:4007");
  expect(env.AWS_ACCESS_KEY_ID).toBe("sandbox");
});

test("a secret that somebody set wins over a made-up one", () => {
  const chosen = "chosen-by-a-person-who-knows-why";
  const settings = readSettings({ NEXTAUTH_SECRET: chosen, DATA_DIR: folder() });
  expect(childVariables(settings, "postgresql://x", { NEXTAUTH_SECRET: chosen }).NEXTAUTH_SECRET).toBe(
    chosen,
  );
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "settings-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}
