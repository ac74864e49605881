import { parseArgs } from "node:util";
import { disconnect } from "#lib/database/client.ts";
import { EnvError } from "#lib/env.ts";
import { preparePortal } from "#lib/jobs/prepare-portal.ts";
import { describeError } from "#lib/log.ts";
import { CliProblem, refuseOthers } from "./options.ts";
import { VERBS } from "./verbs.ts";

// npm run portal -- <verb>: what an operator does without a browser. Prints its answer, or one line and exit 1.
try {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: {
      email: { type: "string" },
      password: { type: "string" },
      name: { type: "string" },
      scopes: { type: "string" },
      to: { type: "string" },
      reason: { type: "string" },
      product: { type: "string" },
      dimension: { type: "string" },
      units: { type: "string" },
      code: { type: "string" },
      receipt: { type: "string" },
      month: { type: "string" },
      buyer: { type: "string" },
      from: { type: "string" },
      arn: { type: "string" },
      at: { type: "string" },
      "opted-in": { type: "boolean" },
      preview: { type: "boolean" },
      json: { type: "boolean" },
      all: { type: "boolean" },
    },
  });
  const name = Object.keys(VERBS).find((verb) => `${positionals.join(" ")} `.startsWith(`${verb} `));
  const verb = name ? VERBS[name] : undefined;
  if (!name || !verb) throw new CliProblem(usage());
  const words = positionals.slice(name.split(" ").length);
  refuseOthers(name, verb, values, words);
  const problem = verb.early ? null : await preparePortal();
  if (problem) throw new CliProblem(problem);
  process.exitCode = await verb.run(values, words);
} catch (error) {
  process.exitCode = 1;
  if (error instanceof EnvError || error instanceof CliProblem || isUsage(error))
    process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`This should not have happened. ${describeError(error).error}\n`);
} finally {
  await disconnect();
}

function isUsage(error: unknown): error is Error {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function usage(): string {
  const lines = Object.entries(VERBS).map(
    ([name, { takes, does }]) => `  ${`${name} ${takes}`.padEnd(48)} ${does}`,
  );
  return ["Say what to do: npm run portal -- <verb>", ...lines].join("\n");
}
