ALTER TYPE "public"."agent_error_code" ADD VALUE 'BUDGET';--> statement-breakpoint
CREATE TABLE "usages" (
	"workflow_id" uuid NOT NULL,
	"agent" "agent_name" NOT NULL,
	"lease_number" integer NOT NULL,
	"attempt" integer NOT NULL,
	"model" text,
	"input_tokens" integer,
	"output_tokens" integer,
	"images" integer,
	"cost_usd" double precision,
	CONSTRAINT "usages_workflow_id_agent_lease_number_pk" PRIMARY KEY("workflow_id","agent","lease_number"),
	CONSTRAINT "usages_not_negative" CHECK ("usages"."input_tokens" >= 0 and "usages"."output_tokens" >= 0 and "usages"."images" >= 0 and "usages"."cost_usd" >= 0)
);
--> statement-breakpoint
ALTER TABLE "workflows" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "workflows" ADD COLUMN "variation" integer;--> statement-breakpoint
ALTER TABLE "usages" ADD CONSTRAINT "usages_workflow_id_agent_steps_workflow_id_agent_fk" FOREIGN KEY ("workflow_id","agent") REFERENCES "public"."steps"("workflow_id","agent") ON DELETE no action ON UPDATE no action;