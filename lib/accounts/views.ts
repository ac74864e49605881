import { db } from "../database/client.ts";

export type MemberView = {
  memberId: string;
  companyId: string;
  companyName: string;
  email: string;
  name: string;
};

/** The member with this id, with their company. */
export async function findMember(id: string): Promise<MemberView | null> {
  const member = await db().member.findUnique({ where: { id }, include: { company: true } });
  if (!member) return null;
  const { companyId, email, name } = member;
  return { memberId: member.id, companyId, companyName: member.company.name, email, name };
}
