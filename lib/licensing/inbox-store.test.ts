import { expect, test } from "vitest";
import { Prisma } from "../database/client.ts";
import { isFinal } from "./inbox-store.ts";

const VERSION = { clientVersion: "7" };

test("our own mistake, also a question the database was never asked, fails again tomorrow", () => {
  expect(isFinal(new TypeError("no such thing"))).toBe(true);
  expect(isFinal(new Prisma.PrismaClientValidationError("Invalid value for `state`", VERSION))).toBe(true);
});

test("a database that is away may be back tomorrow", () => {
  expect(isFinal(new Prisma.PrismaClientInitializationError("nobody there", "7"))).toBe(false);
  expect(isFinal(new Prisma.PrismaClientKnownRequestError("too many", { ...VERSION, code: "P2024" }))).toBe(
    false,
  );
});
