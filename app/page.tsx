import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { StandAlone } from "#components/stand-alone.tsx";
import { env } from "#lib/env.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: { absolute: "Seller portal" } };

// GET /: in a sandbox the first page worth seeing is the overview; in live mode nobody is meant to land here.
export default function Home() {
  if (env().PORTAL_MODE === "sandbox") redirect("/admin");
  return (
    <StandAlone title="This is a seller’s portal for AWS Marketplace">
      <p className="hint">
        Did you subscribe? Open <b>Manage subscriptions</b> in AWS Marketplace and press{" "}
        <b>Set up your account</b>: it brings you to the right page. Are you on the seller’s team? Sign in.
      </p>
      <div className="go">
        <a className="btn btn-primary btn-lg" href="/sign-in">
          Sign in
        </a>
      </div>
    </StandAlone>
  );
}
