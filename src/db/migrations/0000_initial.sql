CREATE TYPE "public"."agent_error_code" AS ENUM('TIMEOUT', 'CONNECTION', 'HTTP_STATUS', 'BAD_RESPONSE', 'REFUSED', 'INTERRUPTED');--> statement-breakpoint
CREATE TYPE "public"."agent_name" AS ENUM('story', 'asset', 'code', 'deploy');--> statement-breakpoint
CREATE TYPE "public"."agent_type" AS ENUM('story', 'asset', 'code', 'deploy', 'orchestrator');--> statement-breakpoint
CREATE TYPE "public"."log_level" AS ENUM('info', 'warn', 'error', 'success');--> statement-breakpoint
CREATE TYPE "public"."room_status" AS ENUM('idle', 'running', 'done', 'error');--> statement-breakpoint
CREATE TYPE "public"."step_status" AS ENUM('pending', 'running', 'waiting_to_retry', 'succeeded', 'failed', 'cancelled');--> statement-breakpoint
CREATE TYPE "public"."workflow_status" AS ENUM('queued', 'running', 'succeeded', 'failed', 'cancelled');--> statement-breakpoint
CREATE TABLE "attempts" (
	"workflow_id" uuid NOT NULL,
	"agent" "agent_name" NOT NULL,
	"number" integer NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"error" text,
	"error_code" "agent_error_code",
	"http_status" integer,
	CONSTRAINT "attempts_workflow_id_agent_number_pk" PRIMARY KEY("workflow_id","agent","number"),
	CONSTRAINT "attempts_from_one" CHECK ("attempts"."number" >= 1),
	CONSTRAINT "attempts_error" CHECK (("attempts"."error_code" is null) = ("attempts"."error" is null)),
	CONSTRAINT "attempts_end" CHECK ("attempts"."error_code" is null or "attempts"."finished_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "contents" (
	"cid" text PRIMARY KEY NOT NULL,
	"content_type" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deployments" (
	"workflow_id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"deployment_url" text NOT NULL,
	"code_cid" text,
	"completed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_lines" (
	"room_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"workflow_id" uuid NOT NULL,
	"timestamp" timestamp (3) with time zone NOT NULL,
	"agent_type" "agent_type" NOT NULL,
	"level" "log_level" NOT NULL,
	"message" text NOT NULL,
	"metadata" json,
	CONSTRAINT "log_lines_room_id_seq_pk" PRIMARY KEY("room_id","seq"),
	CONSTRAINT "log_lines_from_one" CHECK ("log_lines"."seq" >= 1)
);
--> statement-breakpoint
CREATE TABLE "rewards" (
	"id" uuid PRIMARY KEY NOT NULL,
	"viewer_id" text NOT NULL,
	"workflow_id" uuid NOT NULL,
	"amount" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rewards_one_a_workflow" UNIQUE("workflow_id"),
	CONSTRAINT "rewards_positive" CHECK ("rewards"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "room_log_heads" (
	"room_id" uuid PRIMARY KEY NOT NULL,
	"last_seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"viewer_id" text NOT NULL,
	"title" text,
	"status" "room_status" DEFAULT 'idle' NOT NULL,
	"error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rooms_of_viewer" UNIQUE("viewer_id","id"),
	CONSTRAINT "rooms_error_says_why" CHECK (("rooms"."status" = 'error') = ("rooms"."error" is not null))
);
--> statement-breakpoint
CREATE TABLE "steps" (
	"workflow_id" uuid NOT NULL,
	"agent" "agent_name" NOT NULL,
	"status" "step_status" DEFAULT 'pending' NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"interruptions" integer DEFAULT 0 NOT NULL,
	"result" json,
	"error" text,
	"error_code" "agent_error_code",
	"next_attempt_at" timestamp (3) with time zone,
	"check_at" timestamp (3) with time zone,
	"lease_worker_id" uuid,
	"lease_number" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "steps_workflow_id_agent_pk" PRIMARY KEY("workflow_id","agent"),
	CONSTRAINT "steps_counts" CHECK ("steps"."attempt" >= 0 and "steps"."interruptions" >= 0 and "steps"."lease_number" >= 0),
	CONSTRAINT "steps_attempted" CHECK ("steps"."status" not in ('running', 'waiting_to_retry', 'failed') or "steps"."attempt" >= 1),
	CONSTRAINT "steps_result" CHECK (("steps"."status" = 'succeeded') = ("steps"."result" is not null)),
	CONSTRAINT "steps_error" CHECK (("steps"."error_code" is null) = ("steps"."error" is null)),
	CONSTRAINT "steps_failed" CHECK ("steps"."status" <> 'failed' or "steps"."error_code" is not null),
	CONSTRAINT "steps_wait" CHECK (("steps"."status" = 'waiting_to_retry') = ("steps"."next_attempt_at" is not null)),
	CONSTRAINT "steps_turn" CHECK ("steps"."check_at" is null or "steps"."status" in ('pending', 'running', 'waiting_to_retry')),
	CONSTRAINT "steps_lease" CHECK ("steps"."lease_worker_id" is null or "steps"."status" = 'running'),
	CONSTRAINT "steps_finish" CHECK (("steps"."status" in ('succeeded', 'failed', 'cancelled')) = ("steps"."finished_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "viewers" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workflows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"viewer_id" text NOT NULL,
	"status" "workflow_status" NOT NULL,
	"user_input" text NOT NULL,
	"retry_of_id" uuid,
	"idempotency_key" text,
	"idempotent_request" text,
	"version" integer DEFAULT 1 NOT NULL,
	"log_start_seq" bigint NOT NULL,
	"log_end_seq" bigint,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "workflows_of_viewer" UNIQUE("viewer_id","id"),
	CONSTRAINT "workflows_in_room" UNIQUE("room_id","id"),
	CONSTRAINT "workflows_idempotency" UNIQUE("viewer_id","idempotency_key"),
	CONSTRAINT "workflows_key_with_request" CHECK (("workflows"."idempotency_key" is null) = ("workflows"."idempotent_request" is null)),
	CONSTRAINT "workflows_finish" CHECK (("workflows"."status" in ('queued', 'running')) = ("workflows"."finished_at" is null)),
	CONSTRAINT "workflows_log_end" CHECK (("workflows"."finished_at" is null) = ("workflows"."log_end_seq" is null)),
	CONSTRAINT "workflows_start" CHECK ("workflows"."status" not in ('running', 'succeeded', 'failed') or "workflows"."started_at" is not null),
	CONSTRAINT "workflows_queued" CHECK ("workflows"."status" <> 'queued' or "workflows"."started_at" is null),
	CONSTRAINT "workflows_log_range" CHECK ("workflows"."log_start_seq" >= 0 and "workflows"."log_end_seq" > "workflows"."log_start_seq")
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_workflow_id_agent_steps_workflow_id_agent_fk" FOREIGN KEY ("workflow_id","agent") REFERENCES "public"."steps"("workflow_id","agent") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deployments" ADD CONSTRAINT "deployments_in_own_room" FOREIGN KEY ("room_id","workflow_id") REFERENCES "public"."workflows"("room_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rewards" ADD CONSTRAINT "rewards_of_own_workflow" FOREIGN KEY ("viewer_id","workflow_id") REFERENCES "public"."workflows"("viewer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_log_heads" ADD CONSTRAINT "room_log_heads_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_viewer_id_viewers_id_fk" FOREIGN KEY ("viewer_id") REFERENCES "public"."viewers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_workflow_id_workflows_id_fk" FOREIGN KEY ("workflow_id") REFERENCES "public"."workflows"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflows" ADD CONSTRAINT "workflows_in_own_room" FOREIGN KEY ("viewer_id","room_id") REFERENCES "public"."rooms"("viewer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflows" ADD CONSTRAINT "workflows_retry_in_same_room" FOREIGN KEY ("room_id","retry_of_id") REFERENCES "public"."workflows"("room_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deployments_of_room" ON "deployments" USING btree ("room_id","completed_at");--> statement-breakpoint
CREATE INDEX "rewards_of_viewer" ON "rewards" USING btree ("viewer_id","id");--> statement-breakpoint
CREATE INDEX "rooms_of_viewer_by_status" ON "rooms" USING btree ("viewer_id","status","id");--> statement-breakpoint
CREATE INDEX "steps_to_check" ON "steps" USING btree ("check_at") WHERE "steps"."check_at" is not null;--> statement-breakpoint
CREATE INDEX "steps_leased" ON "steps" USING btree ("lease_worker_id") WHERE "steps"."lease_worker_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "workflows_one_unfinished_a_room" ON "workflows" USING btree ("room_id") WHERE "workflows"."status" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "workflows_unfinished_of_viewer" ON "workflows" USING btree ("viewer_id","status","id") WHERE "workflows"."status" in ('queued', 'running');