import { AdminForm, createAdmin } from "#lib/access/create-admin.ts";
import { createApiKey } from "#lib/access/create-api-key.ts";
import { removeAdmin } from "#lib/access/remove-admin.ts";
import { revokeApiKey } from "#lib/access/revoke-api-key.ts";
import { isScope, SCOPES } from "#lib/access/scopes.ts";
import { type ApiKeyView, listAdmins, listApiKeys } from "#lib/access/views.ts";
import { businessNow } from "#lib/database/clock.ts";
import { ACTOR, CliProblem, say, type Verb } from "./options.ts";

/** Who may enter, and what may call. Shutting out works as soon as the database does. */
export const ACCESS_VERBS: Record<string, Verb> = {
  "admin create": {
    takes: "--email … --password …",
    does: "lets a person into /admin",
    options: ["email", "password"],
    words: 0,
    run: async ({ email, password }) => {
      const form = AdminForm.safeParse({ email, password });
      if (!form.success)
        throw new CliProblem(
          form.error.issues.map((issue) => `--${issue.path.join(".")} ${issue.message}`).join("\n"),
        );
      const made = await createAdmin(form.data, { actor: ACTOR, now: await businessNow() });
      if (!made.ok) throw new CliProblem(`${form.data.email} is an admin already`);
      say(`${form.data.email} may sign in`);
      return 0;
    },
  },
  "admin list": {
    takes: "",
    does: "says who may enter /admin",
    options: [],
    words: 0,
    early: true,
    run: async () => {
      for (const { email, createdAt } of await listAdmins()) say(`${email} since ${dayOf(createdAt)}`);
      return 0;
    },
  },
  "admin remove": {
    takes: "<email>",
    does: "shuts a person out; every session ends at once",
    options: [],
    words: 1,
    early: true,
    run: async (_options, [email]) => {
      if (!email) throw new CliProblem("Say admin remove <email>");
      const removed = await removeAdmin({ email, actor: ACTOR, now: await businessNow() });
      if (!removed.ok)
        throw new CliProblem(
          removed.reason === "last"
            ? `${email} is the last admin: make another one first`
            : `${email} is no admin: see admin list`,
        );
      say(`${email} may not enter any more`);
      return 0;
    },
  },
  "api-key create": {
    takes: "--name … --scopes usage:write,…",
    does: "makes a key for your product; shown once",
    options: ["name", "scopes"],
    words: 0,
    run: async ({ name, scopes }) => {
      const words = (scopes ?? "").split(",").filter((word) => word !== "");
      const unknown = words.filter((word) => !isScope(word));
      if (!name || words.length === 0 || unknown.length > 0)
        throw new CliProblem(`Give --name and --scopes with some of ${SCOPES.join(", ")}`);
      const key = await createApiKey({
        name,
        scopes: words.filter(isScope),
        actor: ACTOR,
        now: await businessNow(),
      });
      say(key.secret);
      return 0;
    },
  },
  "api-key list": {
    takes: "",
    does: "says which keys there are, what each may do, and when it was used",
    options: [],
    words: 0,
    early: true,
    run: async () => {
      for (const key of await listApiKeys()) say(lineOf(key));
      return 0;
    },
  },
  "api-key revoke": {
    takes: "<prefix or id>",
    does: "ends a key; every call with it is refused at once",
    options: [],
    words: 1,
    early: true,
    run: async (_options, [idOrPrefix]) => {
      if (!idOrPrefix) throw new CliProblem("Say api-key revoke <prefix>, as api-key list names it");
      const revoked = await revokeApiKey({ idOrPrefix, actor: ACTOR, now: await businessNow() });
      if (!revoked.ok)
        throw new CliProblem(
          revoked.reason === "ambiguous"
            ? `More than one key begins with ${idOrPrefix}: name its id, see api-key list`
            : `No key in use begins with ${idOrPrefix}: see api-key list`,
        );
      say(`revoked: ${revoked.value.name}`);
      return 0;
    },
  },
};

function lineOf({ prefix, name, scopes, lastUsedAt, revokedAt, id }: ApiKeyView): string {
  const used = lastUsedAt ? `used ${dayOf(lastUsedAt)}` : "never used";
  const standing = revokedAt ? `revoked ${dayOf(revokedAt)}` : used;
  return `${prefix}… ${name} (${scopes.join(",")}): ${standing}, id ${id}`;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
