import type { Tx } from "../database/client.ts";
import { uuidv7 } from "../database/uuid.ts";

/** Opens a company, or adds to the given one, and adds the person who answered. */
export async function addMember(
  tx: Tx,
  person: { companyId: string | null; companyName: string; email: string; name: string },
): Promise<{ companyId: string; memberId: string }> {
  const companyId =
    person.companyId ?? (await tx.company.create({ data: { id: uuidv7(), name: person.companyName } })).id;
  const email = person.email.toLowerCase();
  const member = await tx.member.upsert({
    where: { companyId_email: { companyId, email } },
    create: { id: uuidv7(), companyId, email, name: person.name },
    update: {},
  });
  return { companyId, memberId: member.id };
}
