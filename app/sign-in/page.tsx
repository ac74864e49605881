import { Info } from "lucide-react";
import type { Metadata } from "next";
import { SignInForm } from "#components/sign-in/sign-in-form.tsx";
import { StandAlone } from "#components/stand-alone.tsx";
import { signInAdmin } from "./actions.ts";

export const metadata: Metadata = { title: "Sign in" };

export default function SignInPage() {
  return (
    <StandAlone title="Sign in">
      <p className="hint">For the seller’s team, with e-mail and password.</p>
      <SignInForm signIn={signInAdmin} />
      <div className="new">
        <Info className="i" />
        <div>
          <p>
            Bought on AWS Marketplace but never set up? Open <b>Manage subscriptions</b> there and press{" "}
            <b>Set up your account</b>.
          </p>
          <p>
            Already set up and signed out? Sign-in links by e-mail are not sent yet: ask the seller to let you
            in.
          </p>
        </div>
      </div>
    </StandAlone>
  );
}
