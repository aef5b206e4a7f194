CREATE TABLE "step_outputs" (
	"workflow_id" uuid NOT NULL,
	"agent" "agent_name" NOT NULL,
	"channel" text NOT NULL,
	"attempt" integer NOT NULL,
	"lease_number" integer NOT NULL,
	"text" text NOT NULL,
	"length" integer NOT NULL,
	CONSTRAINT "step_outputs_workflow_id_agent_channel_pk" PRIMARY KEY("workflow_id","agent","channel"),
	CONSTRAINT "step_outputs_counts" CHECK ("step_outputs"."attempt" >= 1 and "step_outputs"."lease_number" >= 1 and "step_outputs"."length" >= 1)
);
--> statement-breakpoint
ALTER TABLE "step_outputs" ADD CONSTRAINT "step_outputs_of_step" FOREIGN KEY ("workflow_id","agent") REFERENCES "public"."steps"("workflow_id","agent") ON DELETE no action ON UPDATE no action;