FROM node:24-slim

ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app

# Optional packages are the embedded PostgreSQL's binaries; here DATABASE_URL names a real one.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

COPY src ./src

USER node
EXPOSE 4000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/live`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
