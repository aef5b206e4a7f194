# The page and GraphiQL, which the image contains without the packages that build it.
FROM node:24-slim AS page

WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

COPY scripts/build-page.ts scripts/build-page.ts
COPY web web
RUN node scripts/build-page.ts

FROM node:24-slim

ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app

# The optional packages are the embedded PostgreSQL, which DATABASE_URL replaces here.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

COPY src src
COPY --from=page /app/src/server/page/built src/server/page/built
COPY --from=page /app/src/server/graphiql/built src/server/graphiql/built

USER node
EXPOSE 4000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/live`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
