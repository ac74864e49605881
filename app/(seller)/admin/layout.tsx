import { Brand } from "#components/brand.tsx";
import { AlertBanner } from "#components/seller/alert-banner.tsx";
import { SandboxStrip } from "#components/seller/sandbox-strip.tsx";
import { Burger, SideBar } from "#components/seller/seller-menu.tsx";
import { LiveRefresh } from "#components/ui/live-refresh.tsx";
import { businessNow } from "#lib/database/clock.ts";
import { env } from "#lib/env.ts";
import { signOut } from "../../session-actions.ts";
import { requireAdmin } from "../../signed-in.ts";
import { endHour } from "./actions.ts";
import { openAlerts } from "./open-alerts.ts";

export const dynamic = "force-dynamic";

export default async function SellerLayout({ children }: { children: React.ReactNode }) {
  const { email } = await requireAdmin();
  const { PORTAL_MODE, SANDBOX_URL } = env();
  const person = { email, signOut };
  return (
    <>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      {PORTAL_MODE === "sandbox" && (
        <SandboxStrip
          now={(await businessNow()).toISOString()}
          storefront={SANDBOX_URL ?? null}
          endHour={endHour}
        />
      )}
      <div className="shell">
        <SideBar person={person} brand={<Brand name="Seller portal" href="/admin" />} />
        <div className="room">
          <AlertBanner alerts={await openAlerts()} />
          <div className="desk">
            <Burger person={person} />
            {children}
          </div>
        </div>
      </div>
      <LiveRefresh everySeconds={5} />
    </>
  );
}
