"use server";

import { redirect } from "next/navigation";
import { endSession } from "./signed-in.ts";

/** Signs whoever is here out, and shows the door. */
export async function signOut(): Promise<void> {
  await endSession();
  redirect("/sign-in");
}
