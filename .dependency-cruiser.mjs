// @ts-check
// Which way imports point. Each line may import the lines below it, never its own line or above; what needs two rooms
// of one line is composed one line up. `npm run check` looks at every file; scripts/dependency-rules.test.ts plants
// one violation per rule.
const LINES = [
  ["app", "worker", "cli", "instrumentation", "proxy"],
  ["lib/jobs"],
  ["lib/notify"],
  ["lib/registration", "lib/metering"],
  ["lib/licensing"],
  ["lib/accounts"],
  ["lib/catalog", "lib/access", "lib/outbox"],
  ["lib/aws", "lib/database"],
  ["lib/[a-z-]+\\.ts"], // the ground floor: env, log, metrics, result, wake
];

/** @param {string} room */
const inside = (room) => `^${room}(/|\\.ts$|$)`;
const TESTING = "^(lib|sandbox|worker)/testing/"; // what tests are made with
const TESTS = ["\\.test\\.tsx?$", TESTING];
const STORES = ["^lib/.*/store\\.ts$", "^lib/.*-store\\.ts$"];
const VIEWS = ["^lib/.*/views\\.ts$", "^lib/.*-views\\.ts$"];
const SHAPES = "/shapes\\.ts$";
// Rules are named by one noun: deadline.ts, batch.ts. (Verbs are two words: submit-records.ts.)
const CAPABILITY = "^lib/(registration|metering|licensing|accounts|catalog)";
const NOUN = "(?!store|views|shapes)[a-z]+\\.ts$";
const RULES = [`${CAPABILITY}/${NOUN}`, `${CAPABILITY}/[a-z]+/${NOUN}`, "^lib/licensing/license-key\\.ts$"];
// What a rule may call: other rules and shapes, zod, hashing. Everything else it gets as an argument.
const PURE = [...RULES, SHAPES, "^lib/result\\.ts$", "node_modules/zod/", "^crypto$"];

/**
 * A rule: nothing in `from` may reach what `to` describes. Tests may.
 * @param {string} name
 * @param {{ path?: string | string[], pathNot?: string[] }} from
 * @param {Extract<import("dependency-cruiser").IForbiddenRuleType, { to: object }>["to"]} to
 */
const forbid = (name, from, to) => ({
  name,
  severity: /** @type {const} */ ("error"),
  from: { ...from, pathNot: [...TESTS, ...(from.pathNot ?? [])] },
  to,
});
const notAsType = { dependencyTypesNot: [/** @type {const} */ ("type-only")] };

/** One rule per room: it may not import its neighbours on its own line, nor any room above. */
const downwards = LINES.flatMap((line, height) =>
  line.map((room) => {
    const others = [...LINES.slice(0, height).flat(), ...line].filter((other) => other !== room);
    const name = `${room.replace("lib/[a-z-]+\\.ts", "ground-floor")}-imports-downwards`;
    return forbid(name, { path: inside(room) }, { path: others.map(inside) });
  }),
).filter((rule) => rule.to.path?.length);

export default {
  forbidden: [
    ...downwards,

    forbid("components-are-markup", { path: "^components/" }, { path: "^lib/", ...notAsType }),
    forbid("components-are-markup", { path: "^components/" }, { path: "^(app|worker|cli|sandbox|scripts)/" }),
    forbid(
      "components-know-few-packages",
      { path: "^components/" },
      {
        path: "node_modules/",
        pathNot: ["node_modules/(react|react-dom|next|lucide-react|hono)/", "node_modules/@types/react"],
        ...notAsType,
      },
    ),
    forbid("lib-knows-no-markup", { path: "^lib/" }, { path: "^components/" }),

    forbid("rules-are-pure", { path: RULES }, { pathNot: PURE, ...notAsType }),
    forbid("doors-call-verbs-and-views", { path: "^(app|worker|cli)/" }, { path: STORES }),

    forbid(
      "only-lib-aws-imports-the-sdk",
      { pathNot: ["^lib/aws/"] },
      {
        path: "node_modules/@aws-sdk/",
      },
    ),
    forbid(
      "only-stores-and-views-import-prisma",
      { path: "^(app|components|lib|worker|cli)", pathNot: ["^lib/database/", ...STORES, ...VIEWS] },
      { path: ["node_modules/(@prisma|pg)/", "^lib/database/generated/"] },
    ),
    forbid(
      "only-lib-access-imports-next-auth",
      { pathNot: ["^lib/access/"] },
      { path: "node_modules/next-auth/" },
    ),

    forbid(
      "sandbox-imports-nothing-of-ours",
      { path: "^sandbox/" },
      {
        path: "^(app|components|lib|worker|cli|scripts|prisma)/",
      },
    ),
    forbid("nobody-imports-the-sandbox", { path: "^(app|components|lib|worker|cli)" }, { path: "^sandbox/" }),
    forbid(
      "nobody-imports-scripts",
      { path: "^(app|components|lib|worker|cli|sandbox)" },
      { path: "^scripts/" },
    ),

    forbid("only-tests-import-testing", {}, { path: TESTING }),

    forbid("no-cycles", {}, { circular: true }),
    forbid("every-import-leads-somewhere", {}, { couldNotResolve: true }),
  ],
  options: {
    parser: "swc", // TypeScript 7 has no API for the default one, which then sees no module at all
    tsPreCompilationDeps: true, // imports of types count
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^lib/database/generated/.+/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
