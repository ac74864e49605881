// @ts-check
const root = import.meta.dirname;

/** @type {import('next').NextConfig} */
const config = {
  // Tests build into a folder of their own: a build under a running portal breaks its styles and scripts.
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  outputFileTracingRoot: root,
  turbopack: { root },
  reactStrictMode: true,
  poweredByHeader: false,
  typedRoutes: false,
  // These load files beside themselves at run time, so they stay ordinary node_modules.
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg"],
  // Types are checked by `npm run check`, once, with the same compiler.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "same-origin" },
        {
          key: "Content-Security-Policy",
          value: "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'",
        },
      ],
    },
  ],
};

export default config;
